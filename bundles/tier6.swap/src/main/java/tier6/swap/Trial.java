package tier6.swap;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a backend that nobody has relied on yet for what it has to open. One that never answers costs a thread and some
 * seconds, but not the thread that decides who serves.
 */
public final class Trial {
    /** Less than anybody waits for a decision. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private Trial() {}

    /**
     * Calls {@code open} on a thread of its own and waits for what it returns, which may be null. What comes too
     * late is closed.
     *
     * @throws IOException that of {@code open}; or with a sentence for people if it does not return in time, or throws
     *     anything else
     */
    public static <T extends AutoCloseable> T open(Callable<T> open) throws IOException {
        return open(open, PATIENCE);
    }

    /** As the other one, for who has reason to wait so long. */
    public static <T extends AutoCloseable> T open(Callable<T> open, Duration patience) throws IOException {
        CompletableFuture<T> opened = new CompletableFuture<>();
        Thread thread = new Thread(() -> call(open, opened), "tier6-swap-trial");
        thread.setDaemon(true);
        thread.start();
        try {
            return opened.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause
                    ? cause
                    : new IOException(e.getCause().toString(), e);
        } catch (TimeoutException e) {
            throw givenUp(opened, thread, "it did not answer for " + patience.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw givenUp(opened, thread, "interrupted");
        }
    }

    private static <T extends AutoCloseable> void call(Callable<T> open, CompletableFuture<T> opened) {
        try {
            T result = open.call();
            if (!opened.complete(result)) {
                close(result);
            }
        } catch (Throwable e) { // whatever a plug-in throws, errors of linking among it
            opened.completeExceptionally(e);
        }
    }

    private static <T extends AutoCloseable> IOException givenUp(
            CompletableFuture<T> opened, Thread thread, String why) {
        IOException failure = new IOException(why);
        if (!opened.completeExceptionally(failure)) {
            opened.thenAccept(Trial::close); // it came in this very moment
        }
        thread.interrupt();
        return failure;
    }

    private static void close(AutoCloseable late) {
        try {
            if (late != null) {
                late.close();
            }
        } catch (Exception e) {
            // Nobody has it.
        }
    }
}
