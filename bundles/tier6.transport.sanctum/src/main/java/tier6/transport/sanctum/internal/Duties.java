package tier6.transport.sanctum.internal;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import tier6.api.frame.Batch;
import tier6.api.underlay.Underlay;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlaySocket;
import tier6.swap.Farewell;
import tier6.swap.Trial;

/**
 * The two threads of a transport. The control thread runs from beginning to end; the receiving thread belongs to an
 * underlay and is replaced with it, while sessions go on. All access to the fields is guarded by this.
 */
final class Duties implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Duties.class.getName());
    private static final long LONGEST_WAIT = SECONDS.toNanos(1);
    private static final long PROBE_MILLIS = 50;
    private static final long PAUSE_MILLIS = 200;
    private static final int MOST_FAILURES = 5;
    private static final long JOIN_MILLIS = SECONDS.toMillis(3);

    private final TransportCore core;
    private final Runnable review;
    private final Thread control;
    private volatile boolean stopped;
    private Receiver receiver;

    /**
     * Begins.
     *
     * @param review is called by the control thread, at least once a second
     */
    Duties(TransportCore core, Runnable review) {
        this.core = core;
        this.review = review;
        control = new Thread(this::control, "tier6-transport-control");
        control.setDaemon(true);
        core.onWork(() -> LockSupport.unpark(control));
        control.start();
    }

    private void control() {
        while (!stopped) {
            long due = core.clock().nanos() + LONGEST_WAIT;
            try {
                due = core.control();
                review.run();
            } catch (RuntimeException | Error e) { // without this thread no link would ever come up again
                LOG.log(Level.ERROR, "the control of links failed, goes on", e);
            }
            long wait = due - core.clock().nanos();
            if (wait > 0 && !stopped) {
                LockSupport.parkNanos(this, wait);
            }
        }
    }

    /**
     * Moves to another underlay; null leaves none. May block until the receiving thread of the old one has ended. The old
     * sockets are closed before new ones are opened, so that the ports can stay the same.
     *
     * @throws IOException if the next one has no socket to offer; the one before goes on then
     */
    synchronized void underlay(Underlay next) throws IOException {
        if (stopped) {
            return;
        }
        Receiver ready = next == null ? null : Trial.open(() -> started(next));
        endReceiver();
        receiver = ready;
        core.attach(ready == null ? null : ready.loop);
    }

    /**
     * A receiving thread with a loop that no link uses yet. It has shown that it can open a socket, and all is loaded that
     * is needed: when the old sockets close, the new ones shall not have to wait.
     */
    private Receiver started(Underlay next) throws IOException {
        CountDownLatch arrived = new CountDownLatch(1);
        Receiver started = new Receiver(next.open());
        started.start();
        try (UnderlaySocket probe = started.loop.open(
                new InetSocketAddress(core.settings().local(), 0), (datagrams, remote) -> arrived.countDown())) {
            sendToItself(probe);
            arrived.await(PROBE_MILLIS, MILLISECONDS); // a firewall may keep it away, which does not matter
            return started;
        } catch (InterruptedException e) {
            started.close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (IOException | RuntimeException | Error e) {
            started.close();
            throw e;
        }
    }

    private static void sendToItself(UnderlaySocket socket) throws IOException {
        InetSocketAddress bound = socket.local();
        InetAddress self = bound.getAddress();
        Batch batch = new Batch(0, 1, 1 + Batch.TAILROOM);
        batch.append(1);
        socket.send(
                batch,
                self.isAnyLocalAddress()
                        ? new InetSocketAddress(InetAddress.getByName("127.0.0.1"), bound.getPort())
                        : bound);
    }

    private void endReceiver() {
        if (receiver != null) {
            receiver.close();
            receiver = null;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            stopped = true;
            endReceiver();
        }
        LockSupport.unpark(control);
        join(control); // not under the lock, which it may be waiting for
    }

    private static void join(Thread thread) {
        try {
            thread.join(JOIN_MILLIS);
            if (thread.isAlive()) {
                LOG.log(Level.ERROR, thread.getName() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The thread that polls one loop. */
    private final class Receiver extends Thread implements AutoCloseable {
        private final UnderlayLoop loop;
        private volatile boolean ended;
        private int failures; // in a row

        Receiver(UnderlayLoop loop) {
            super("tier6-transport-receive");
            setDaemon(true);
            this.loop = loop;
        }

        @Override
        public void run() {
            while (!ended) {
                try {
                    core.receive(loop, LONGEST_WAIT);
                    failures = 0;
                } catch (IOException | RuntimeException | Error e) {
                    if (++failures == 1) {
                        LOG.log(Level.ERROR, "receiving failed, goes on", e);
                    }
                    if (failures == MOST_FAILURES) { // it may have been the network
                        core.underlayFailed(loop, e);
                    }
                    LockSupport.parkNanos(PAUSE_MILLIS * 1_000_000);
                }
            }
        }

        /** Ends the thread, then the loop with its sockets. */
        @Override
        public void close() {
            ended = true;
            Farewell.to("the underlay before", List.<AutoCloseable>of(loop::wakeup, () -> Duties.join(this), loop));
        }
    }
}
