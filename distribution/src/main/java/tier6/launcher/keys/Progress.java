package tier6.launcher.keys;

import java.io.IOException;
import java.io.PrintStream;

/** Shows that something that takes seconds goes on. */
final class Progress {
    private static final long TICK_MILLIS = 500;
    private static final double NANOS_PER_SECOND = 1e9;

    private Progress() {}

    /** Something that takes long. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** Does it, with a dot each half second, on the calling thread. */
    static <T> T show(PrintStream err, String what, Work<T> work) throws IOException {
        err.print(what + " ...");
        err.flush();
        long beginning = System.nanoTime();
        Thread ticker = new Thread(() -> tick(err), "tier6-progress");
        ticker.setDaemon(true);
        ticker.start();
        String end = " failed";
        try {
            T result = work.run();
            end = " done, %.1f s".formatted((System.nanoTime() - beginning) / NANOS_PER_SECOND);
            return result;
        } finally {
            stop(ticker);
            err.println(end);
        }
    }

    private static void tick(PrintStream err) {
        try {
            while (true) {
                Thread.sleep(TICK_MILLIS);
                err.print('.');
                err.flush();
            }
        } catch (InterruptedException e) {
            // It is done.
        }
    }

    private static void stop(Thread ticker) {
        ticker.interrupt();
        try {
            ticker.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
