package tier6.launcher.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What has to be taken back at the end, last first. It is taken back once, whoever asks first: the program or a signal;
 * whoever asks second waits until it is done.
 *
 * <p>A step and the note of how to take it back are one: a signal between the two waits for the step.
 */
final class Undo implements AutoCloseable {
    /** Something to do. */
    @FunctionalInterface
    interface Step<T> {
        T run() throws Exception;
    }

    /** Something to take back, given what the step made. */
    @FunctionalInterface
    interface Back<T> {
        void run(T made) throws Exception;
    }

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Deque<Step<?>> steps = new ArrayDeque<>(); // guarded by itself
    private volatile boolean over;

    /**
     * Does {@code step} and remembers {@code back}.
     *
     * @throws IllegalStateException without doing anything if the end has begun
     */
    <T> T step(Step<T> step, Back<T> back) throws Exception {
        lock.readLock().lock();
        try {
            if (over) {
                throw new IllegalStateException("the demo is ending");
            }
            T made = step.run();
            synchronized (steps) {
                steps.push(() -> {
                    back.run(made);
                    return null;
                });
            }
            return made;
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Whether the end has begun. */
    boolean isOver() {
        return over;
    }

    /** Takes everything back. What fails is said, and the rest goes on. */
    @Override
    public void close() {
        over = true;
        lock.writeLock().lock();
        try {
            while (!steps.isEmpty()) {
                try {
                    steps.pop().run();
                } catch (Exception e) {
                    System.err.println("tier6 demo: not cleaned up: " + e.getMessage());
                }
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
