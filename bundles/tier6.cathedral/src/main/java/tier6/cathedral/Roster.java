package tier6.cathedral;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.kdf.Flocks;

/**
 * Who may use a cathedral, as its files said when they were read: flocks with their devices, secrets and ambries, crossings,
 * federated cathedrals. Made by {@link RosterFiles}, handed to {@link CathedralCore#apply}, and not changed in between.
 */
public final class Roster {
    /** Cathedrals in a remembrance besides the answering one (specification section 1). */
    static final int MOST_FEDERATIONS = 31;

    final LongMap<Flock> flocks;
    private final Map<Settings.Pair, Crossing> crossings;
    final List<InetSocketAddress> federations;

    Roster(LongMap<Flock> flocks, List<Crossing> crossings, List<InetSocketAddress> federations) {
        this.flocks = flocks;
        this.crossings = crossings.stream()
                .collect(Collectors.toMap(c -> Settings.Pair.of(c.a(), c.b()), c -> c, (first, again) -> first));
        this.federations = List.copyOf(federations);
    }

    static Roster empty() {
        return new Roster(new LongMap<>(), List.of(), List.of());
    }

    /** The flock of an id with or without domain, or null. */
    Flock flock(long id) {
        return flocks.get(Flocks.mask(id));
    }

    /** Whether a device of {@code src} may have a tunnel to one of {@code dst}: same domain, same flock or a crossing. */
    boolean permits(long src, long dst) {
        if (src == dst) {
            return true;
        }
        return Flocks.domain(src) == Flocks.domain(dst) && crossing(src, dst) != null;
    }

    /** The ambries for tunnels between two flocks, or null. */
    AmbryBundle ambry(long src, long dst) {
        if (Flocks.mask(src) == Flocks.mask(dst)) {
            return flock(src).ambry;
        }
        Crossing crossing = crossing(src, dst);
        return crossing == null ? null : crossing.ambry();
    }

    private Crossing crossing(long src, long dst) {
        return crossings.isEmpty() ? null : crossings.get(Settings.Pair.of(Flocks.mask(src), Flocks.mask(dst)));
    }

    Collection<Crossing> crossings() {
        return crossings.values();
    }

    /** How many flocks there are. */
    public int flockCount() {
        return flocks.size();
    }

    /** How many devices there are in all flocks, with keys or without. */
    public int deviceCount() {
        int[] n = {0};
        flocks.forEach(flock -> n[0] += flock.devices.size());
        return n[0];
    }

    @Override
    public String toString() {
        return flockCount() + " flocks, " + deviceCount() + " devices, " + crossings.size() + " crossings, "
                + federations.size() + " federated cathedrals";
    }
}
