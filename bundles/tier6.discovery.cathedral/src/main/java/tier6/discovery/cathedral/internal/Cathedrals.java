package tier6.discovery.cathedral.internal;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The cathedrals known and the one in use: the configured one, then those of the remembrance, taken in turn when the one
 * in use is silent (specification section 17.2). One thread; times are monotonic nanoseconds.
 */
final class Cathedrals {
    /** Silence after which another one is tried: of one that was never heard, and of one that was. */
    static final long NEVER_HEARD = SECONDS.toNanos(10), SILENT = SECONDS.toNanos(45);

    /** Silence after which others are asked too; and after which one of them that answers takes over. */
    static final long DOUBTFUL = SECONDS.toNanos(10), GONE = SECONDS.toNanos(20);

    /** An answer that is not older than this says that its sender is there. */
    private static final long ANSWERING = SECONDS.toNanos(8);

    /** What is known about one of them. */
    private static final class Record {
        boolean heard;
        long heardAt;
        long roundTrip = -1;
    }

    private InetSocketAddress configured;
    private long configuredAt;
    private final Map<InetSocketAddress, Record> records = new HashMap<>();
    private List<InetSocketAddress> all;
    private InetSocketAddress current;
    private boolean heardSinceChange;
    private long lastSign;

    Cathedrals(InetSocketAddress configured, List<InetSocketAddress> remembered, long now) {
        this.configured = configured;
        this.configuredAt = now;
        this.current = configured;
        this.lastSign = now;
        remember(remembered);
    }

    InetSocketAddress current() {
        return current;
    }

    /** All of them, the current one first, then in the order in which they would be tried. */
    List<InetSocketAddress> inOrder() {
        List<InetSocketAddress> order = new ArrayList<>();
        int at = all.indexOf(current);
        for (int i = 0; i < all.size(); i++) {
            order.add(all.get((at + i) % all.size()));
        }
        return order;
    }

    /** Takes over the list that the current cathedral sent. The configured one and the current one always stay. */
    void remember(List<InetSocketAddress> remembered) {
        Set<InetSocketAddress> union = new LinkedHashSet<>();
        union.add(configured);
        union.add(current);
        union.addAll(remembered);
        all = List.copyOf(union);
        records.keySet().retainAll(union);
    }

    /** Whether nothing was heard of the configured one for so long that it may be elsewhere. */
    boolean missesConfigured(long now) {
        long ago = heardAgo(configured, now);
        return (ago < 0 ? now - configuredAt : ago) >= DOUBTFUL;
    }

    /**
     * Says that the configured one has another address now. The one before is forgotten, unless it is heard all the same.
     *
     * @return whether the current one is another one now
     */
    boolean configure(InetSocketAddress address, long now) {
        InetSocketAddress before = configured;
        if (address.equals(before)) {
            return false;
        }
        boolean changes = current.equals(before) && missesConfigured(now);
        configured = address;
        configuredAt = now;
        if (changes) {
            change(address, now);
        }
        remember(all.stream().filter(other -> !other.equals(before)).toList());
        return changes;
    }

    private void change(InetSocketAddress next, long now) {
        heardSinceChange = false;
        lastSign = now;
        current = next;
    }

    /** Says that the current one was heard; {@code roundTrip} is negative if it was not measured. */
    void heard(long now, long roundTrip) {
        Record record = records.computeIfAbsent(current, address -> new Record());
        record.heard = true;
        record.heardAt = now;
        if (roundTrip >= 0) {
            record.roundTrip = roundTrip;
        }
        heardSinceChange = true;
        lastSign = now;
    }

    /** How long nothing was heard of the current one, or since it was chosen. */
    long silence(long now) {
        return now - lastSign;
    }

    /** Says that another one than the current one was heard. */
    void heardOther(InetSocketAddress cathedral, long now) {
        Record record = records.computeIfAbsent(cathedral, address -> new Record());
        record.heard = true;
        record.heardAt = now;
    }

    /** All but the current one, in the order in which they would be tried. */
    List<InetSocketAddress> others() {
        return inOrder().subList(1, all.size());
    }

    /** Whether the current one is so silent that it should be found out if others answer. */
    boolean doubtful(long now) {
        return silence(now) >= DOUBTFUL;
    }

    /**
     * Takes another one if the current one was silent for too long: after a while one that answers, in the end the next.
     *
     * @return whether the current one is another one now
     */
    boolean changeIfSilent(long now) {
        InetSocketAddress next = null;
        if (silence(now) >= (heardSinceChange ? SILENT : NEVER_HEARD)) {
            next = all.get((all.indexOf(current) + 1) % all.size());
        } else if (silence(now) >= GONE) {
            next = answering(now);
        }
        if (next == null) {
            return false;
        }
        InetSocketAddress before = current;
        change(next, now);
        return !current.equals(before);
    }

    private InetSocketAddress answering(long now) {
        for (InetSocketAddress other : others()) {
            long ago = heardAgo(other, now);
            if (ago >= 0 && ago <= ANSWERING) {
                return other;
            }
        }
        return null;
    }

    /** Nanoseconds since {@code cathedral} was heard last; negative if never. */
    long heardAgo(InetSocketAddress cathedral, long now) {
        Record record = records.get(cathedral);
        return record == null || !record.heard ? -1 : now - record.heardAt;
    }

    /** The last measured time from question to answer; negative if never. */
    long roundTrip(InetSocketAddress cathedral) {
        Record record = records.get(cathedral);
        return record == null ? -1 : record.roundTrip;
    }
}
