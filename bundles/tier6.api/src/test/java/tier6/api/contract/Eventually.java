package tier6.api.contract;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another thread does. The limit only decides how long a broken implementation keeps us. */
final class Eventually {
    static final Duration LIMIT = Duration.ofSeconds(20);

    private Eventually() {}

    /** Asks again and again until {@code condition} holds; fails with {@code what} if it never does. */
    static void holds(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                fail("waited " + LIMIT.toSeconds() + " s in vain: " + what);
            }
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fail("interrupted: " + what);
            }
        }
    }

    /** Waits for a thread to end. */
    static void ends(Thread thread) throws InterruptedException {
        thread.join(LIMIT.toMillis());
        if (thread.isAlive()) {
            AssertionError hanging = new AssertionError(thread.getName() + " does not end");
            hanging.setStackTrace(thread.getStackTrace());
            throw hanging;
        }
    }
}
