package tier6.underlay.linux.internal;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who is inside, so that a descriptor is never closed under a call that uses it. Who leaves last after {@link
 * #close} runs the release.
 */
final class Gate {
    private static final int CLOSED = 1 << 30;

    private final AtomicInteger inside = new AtomicInteger();
    private boolean released;
    private final Runnable release;

    Gate(Runnable release) {
        this.release = release;
    }

    /** Goes in; who got {@code true} must {@link #leave}. */
    boolean enter() {
        if (inside.getAndIncrement() >= CLOSED) {
            leave();
            return false;
        }
        return true;
    }

    /** Goes out. */
    void leave() {
        if (inside.decrementAndGet() == CLOSED) {
            releaseOnce();
        }
    }

    boolean isClosed() {
        return inside.get() >= CLOSED;
    }

    /** Lets nobody in any more. Returns false if it was closed already. */
    boolean close() {
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

    private synchronized void releaseOnce() {
        if (!released) {
            released = true;
            release.run();
        }
    }
}
