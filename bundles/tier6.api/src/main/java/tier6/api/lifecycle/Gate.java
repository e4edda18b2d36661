package tier6.api.lifecycle;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who is inside, so that a descriptor is never closed under a call that uses it. Who leaves last after {@link
 * #close} runs the release. Any thread; going in and out costs an atomic addition each.
 */
public final class Gate {
    private static final int CLOSED = 1 << 30;

    private final AtomicInteger inside = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);
    private final Runnable release;

    /**
     * Makes an open gate.
     *
     * @param release is run once, when the gate is closed and everybody is out
     */
    public Gate(Runnable release) {
        this.release = release;
    }

    /** Goes in; who got {@code true} must {@link #leave}. */
    public boolean enter() {
        if (inside.getAndIncrement() >= CLOSED) {
            leave();
            return false;
        }
        return true;
    }

    /** Goes out. */
    public void leave() {
        if (inside.decrementAndGet() == CLOSED) {
            releaseOnce();
        }
    }

    /** Whether nobody is let in any more. */
    public boolean isClosed() {
        return inside.get() >= CLOSED;
    }

    /** Lets nobody in any more. Returns false if it was closed already. */
    public boolean close() {
        int before;
        do {
            before = inside.get();
            if (before >= CLOSED) {
                return false;
            }
        } while (!inside.compareAndSet(before, before + CLOSED));
        if (before == 0) {
            releaseOnce();
        }
        return true;
    }

    /** Waits until everybody is out and the release has run. */
    public boolean awaitRelease(long millis) {
        try {
            return released.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized void releaseOnce() {
        if (released.getCount() != 0) {
            release.run();
            released.countDown();
        }
    }
}
