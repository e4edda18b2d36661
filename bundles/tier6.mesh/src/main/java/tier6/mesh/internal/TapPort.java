package tier6.mesh.internal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import tier6.api.frame.Batch;
import tier6.api.tap.Tap;
import tier6.api.vswitch.Egress;
import tier6.api.vswitch.SwitchPort;
import tier6.swap.Farewell;

/**
 * Joins the TAP of the moment to the switch of the moment. Each of the two can be replaced while the other stays:
 * frames look both up once a batch.
 */
final class TapPort implements Egress {
    private static final int FIRST_LANE = 2;

    /** Lanes of one interface. While one takes the place of another both are read, each on lanes of its own. */
    private static final int LANES = (Batch.SERVICE_LANE - FIRST_LANE) / 2;

    private static final int FRAMES = 128;
    private static final int BYTES = 192 * 1024;

    private volatile SwitchPort port;
    private final PathFailure onFailure;
    private volatile Tap tap;
    private volatile Pump pump;

    /**
     * Joins nothing yet.
     *
     * @param onFailure hears of the interface and the port of the switch
     */
    TapPort(PathFailure onFailure) {
        this.onFailure = onFailure;
    }

    /** The open interface, or null. */
    Tap tap() {
        return tap;
    }

    /** The port of the switch, or null. */
    SwitchPort port() {
        return port;
    }

    /** Replaces the port of the switch and returns the one before, which the caller closes. */
    SwitchPort port(SwitchPort next) {
        SwitchPort old = port;
        port = next;
        return old;
    }

    /**
     * Lets {@code next} take the place of the interface of the moment, or of none; reading starts before the old one
     * ends.
     *
     * @param onLost is called with the interface and the cause, by a reading thread, when the interface is gone
     * @return the one before, or null
     */
    Left replace(Tap next, BiConsumer<Tap, IOException> onLost) {
        Tap old = tap;
        Pump oldPump = pump;
        Pump nextPump = next == null ? null : new Pump(next, onLost, oldPump);
        tap = next;
        pump = nextPump;
        if (nextPump != null) {
            nextPump.start();
        }
        if (old == null) {
            return null;
        }
        // Parked while it is still read: so nothing arrives there any more that nobody would read.
        AtomicBoolean parked = new AtomicBoolean();
        Farewell.to(
                "the driver of the interface before",
                List.of(() -> parked.set(next != null && old.park()), oldPump::stop));
        return new Left(old, parked.get());
    }

    /** An interface that nobody reads any more, which the caller closes; it keeps its place if it is parked. */
    record Left(Tap tap, boolean parked) {}

    @Override
    public void output(Batch frames) {
        Tap t = tap;
        if (t != null) {
            try {
                t.write(frames);
            } catch (RuntimeException | Error e) { // a plug-in's mistake shall not cost the frames of others
                onFailure.of(t, e);
            }
        }
    }

    /** The threads that read one interface, one a queue. */
    private final class Pump {
        private static final long PATIENCE_MILLIS = 2_000;

        private final Tap source;
        private final int firstLane;
        private final Thread[] threads;
        private volatile boolean stopped;

        Pump(Tap source, BiConsumer<Tap, IOException> onLost, Pump before) {
            this.source = source;
            firstLane = before == null || before.firstLane != FIRST_LANE ? FIRST_LANE : FIRST_LANE + LANES;
            threads = new Thread[Math.max(1, Math.min(source.queues(), LANES))];
            for (int q = 0; q < threads.length; q++) {
                int queue = q;
                threads[q] = new Thread(() -> run(queue, onLost), "tier6-tap-" + source.name() + "-" + q);
                threads[q].setDaemon(true);
            }
        }

        void start() {
            for (Thread thread : threads) {
                thread.start();
            }
        }

        private void run(int queue, BiConsumer<Tap, IOException> onLost) {
            Batch batch = new Batch(firstLane + queue, FRAMES, BYTES);
            try {
                while (!stopped) {
                    batch.clear();
                    if (source.read(queue, batch) > 0) {
                        onFailure.forward(batch, port);
                    }
                }
            } catch (IOException e) {
                if (!stopped) {
                    onLost.accept(source, e);
                }
            } catch (RuntimeException | Error e) {
                onLost.accept(source, new IOException("its driver failed: " + e, e));
            }
        }

        void stop() {
            stopped = true;
            source.wakeup();
            for (Thread thread : threads) {
                if (thread != Thread.currentThread()) {
                    join(thread);
                }
            }
        }

        private void join(Thread thread) {
            try {
                thread.join(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
