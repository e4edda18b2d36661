package tier6.transport.sanctum.internal;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.LockSupport;
import tier6.api.underlay.Underlay;
import tier6.api.underlay.UnderlayLoop;

/**
 * The two threads of a transport. The control thread runs from beginning to end; the receiving thread belongs to an
 * underlay and is replaced with it, while sessions go on. All access to the fields is guarded by this.
 */
final class Duties implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Duties.class.getName());
    private static final long LONGEST_WAIT = SECONDS.toNanos(1);
    private static final long PAUSE_MILLIS = 200;
    private static final long JOIN_MILLIS = SECONDS.toMillis(5);

    private final TransportCore core;
    private final Thread control;
    private volatile boolean stopped;
    private Underlay underlay;
    private Receiver receiver;

    Duties(TransportCore core) {
        this.core = core;
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
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "the control of links failed, goes on", e);
            }
            long wait = due - core.clock().nanos();
            if (wait > 0 && !stopped) {
                LockSupport.parkNanos(this, wait);
            }
        }
    }

    /** Moves to another underlay. May block until the receiving thread of the old one has ended. */
    synchronized void underlay(Underlay next) {
        if (stopped) {
            return;
        }
        underlay = next;
        endReceiver();
        try {
            receiver = new Receiver(next.open());
            core.attach(receiver.loop);
            receiver.start();
        } catch (IOException e) {
            core.attach(null);
            LOG.log(Level.ERROR, "underlay " + next.kind() + " cannot be used: " + e.getMessage());
        }
    }

    /** Stops using an underlay, unless another one took its place already. */
    synchronized void underlayGone(Underlay old) {
        if (underlay == old) {
            underlay = null;
            endReceiver();
            core.attach(null);
        }
    }

    /** The old sockets are closed before new ones are opened, so that the ports can stay the same. */
    private void endReceiver() {
        if (receiver != null) {
            receiver.end();
            receiver = null;
        }
    }

    @Override
    public synchronized void close() {
        stopped = true;
        endReceiver();
        LockSupport.unpark(control);
        join(control);
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
    private final class Receiver extends Thread {
        private final UnderlayLoop loop;
        private volatile boolean ended;

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
                } catch (IOException | RuntimeException e) {
                    LOG.log(Level.ERROR, "receiving failed, goes on", e);
                    LockSupport.parkNanos(PAUSE_MILLIS * 1_000_000);
                }
            }
        }

        /** Ends the thread, then the loop with its sockets. */
        void end() {
            ended = true;
            loop.wakeup();
            Duties.join(this);
            loop.close();
        }
    }
}
