package tier6.mesh.internal;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import tier6.api.tap.Tap;
import tier6.api.tap.TapConfig;
import tier6.api.tap.TapDriver;
import tier6.swap.Farewell;
import tier6.swap.Trial;

/**
 * Where TAP drivers do their work. The next one opens the interface before the one before lets go of it; one of another
 * kind leaves the interface of the one before parked, with its addresses, until that kind serves again.
 *
 * <p>Control thread of the mesh; the status methods any thread.
 */
final class TapSeat {
    private static final System.Logger LOG = System.getLogger("tier6.mesh");

    /** A busy kernel makes interfaces slowly, there is nothing else to serve meanwhile, and a node without one ends. */
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(15);

    private final TapPort port;
    private final BiConsumer<Tap, IOException> onLost;
    private volatile TapConfig config; // wanted
    private TapConfig openConfig; // what the interface was opened with
    private volatile String kind = "none"; // of the driver whose interface is open
    private Tap parked;
    private String parkedKind;

    TapSeat(TapPort port, BiConsumer<Tap, IOException> onLost) {
        this.port = port;
        this.onLost = onLost;
    }

    /** Takes note of how the interface shall be; returns whether one is open that is not so. */
    boolean configure(TapConfig wanted) {
        config = wanted;
        return openConfig != null && !openConfig.equals(wanted);
    }

    TapConfig config() {
        return config;
    }

    /** Kind of the driver whose interface is open. */
    String kind() {
        return kind;
    }

    /** Lets a driver open the interface and take the place of the one before; null leaves none. */
    Tap take(TapDriver next) throws IOException {
        TapConfig wanted = config;
        String nextKind = next.kind();
        Tap tap = openConfig == null
                ? Trial.open(() -> open(next, wanted), FIRST_PATIENCE)
                : Trial.open(() -> open(next, wanted));
        TapPort.Left old = replace(tap);
        if (old != null && old.parked() && !nextKind.equals(kind)) {
            unpark();
            parked = old.tap();
            parkedKind = kind;
        } else if (old != null) {
            close(old.tap());
        }
        if (nextKind.equals(parkedKind)) {
            unpark();
        }
        kind = nextKind;
        openConfig = wanted;
        return tap;
    }

    /** Has asked what is returned for all that is needed at once, as it may not know. */
    private static Tap open(TapDriver driver, TapConfig wanted) throws IOException {
        Tap tap = driver.open(wanted);
        if (tap == null) {
            throw new IOException("it returned no interface");
        }
        try {
            String name = Objects.requireNonNull(tap.name(), "the interface has no name");
            LOG.log(Level.DEBUG, "{0}: MTU {1}, {2} queues", name, tap.mtu(), tap.queues());
            return tap;
        } catch (RuntimeException | Error e) {
            close(tap);
            throw e;
        }
    }

    private TapPort.Left replace(Tap tap) {
        try {
            return port.replace(tap, onLost);
        } catch (RuntimeException | Error e) {
            close(tap);
            throw e;
        }
    }

    private static void close(Tap tap) {
        Farewell.to("the driver of the interface before", List.of(tap));
    }

    /** Closes the interface. */
    void leave() {
        TapPort.Left old = port.replace(null, onLost);
        kind = "none";
        openConfig = null;
        if (old != null) {
            close(old.tap());
        }
    }

    /** Kind of the driver that has an interface parked, or null. */
    String parkedKind() {
        return parkedKind;
    }

    /** Closes what is parked, if anything. */
    void unpark() {
        if (parked != null) {
            close(parked);
            parked = null;
            parkedKind = null;
        }
    }

    void close() {
        leave();
        unpark();
    }
}
