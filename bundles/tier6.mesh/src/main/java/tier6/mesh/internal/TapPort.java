package tier6.mesh.internal;

import java.io.IOException;
import java.util.function.BiConsumer;
import tier6.api.frame.Batch;
import tier6.api.tap.Tap;
import tier6.api.vswitch.Egress;
import tier6.api.vswitch.SwitchPort;

/**
 * Joins the TAP of the moment to the switch of the moment. Each of the two can be replaced while the other stays:
 * frames look both up once a batch.
 */
final class TapPort implements Egress {
    private static final int FIRST_LANE = 2;

    /** Lanes of one interface. While one takes the place of another both are read, each on lanes of its own. */
    private static final int LANES = (Batch.SWITCH_LANE - FIRST_LANE) / 2;

    private static final int FRAMES = 128;
    private static final int BYTES = 192 * 1024;

    private volatile SwitchPort port;
    private volatile Tap tap;
    private volatile Pump pump;

    /** The open interface, or null. */
    Tap tap() {
        return tap;
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
        tap = next;
        pump = next == null ? null : new Pump(next, onLost, oldPump);
        if (old == null) {
            return null;
        }
        // Parked while it is still read: so nothing arrives there any more that nobody would read.
        boolean parked = next != null && old.park();
        oldPump.stop();
        return new Left(old, parked);
    }

    /** An interface that nobody reads any more, which the caller closes; it keeps its place if it is parked. */
    record Left(Tap tap, boolean parked) {}

    @Override
    public void output(Batch frames) {
        Tap t = tap;
        if (t != null) {
            t.write(frames);
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
            threads = new Thread[Math.min(source.queues(), LANES)];
            for (int q = 0; q < threads.length; q++) {
                int queue = q;
                threads[q] = new Thread(() -> run(queue, onLost), "tier6-tap-" + source.name() + "-" + q);
                threads[q].setDaemon(true);
                threads[q].start();
            }
        }

        private void run(int queue, BiConsumer<Tap, IOException> onLost) {
            Batch batch = new Batch(firstLane + queue, FRAMES, BYTES);
            try {
                while (!stopped) {
                    batch.clear();
                    if (source.read(queue, batch) > 0) {
                        SwitchPort p = port;
                        if (p != null) {
                            p.input(batch);
                        }
                    }
                }
            } catch (IOException e) {
                if (!stopped) {
                    onLost.accept(source, e);
                }
            } catch (RuntimeException | LinkageError e) {
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
