package tier6.swap;

import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Closes what a backend had opened, when nobody uses it any more. One that throws is named in the log; one that does not
 * return costs a thread and some seconds, but not the thread that decides who serves.
 */
public final class Farewell {
    private static final System.Logger LOG = System.getLogger("tier6.swap");
    private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(4);

    private Farewell() {}

    /**
     * Closes all of them in order, on a thread of its own, and waits for that.
     *
     * @param what they are, for people
     * @param things null among them is nothing
     */
    public static void to(String what, Collection<? extends AutoCloseable> things) {
        List<AutoCloseable> all = things.stream()
                .filter(Objects::nonNull)
                .map(AutoCloseable.class::cast)
                .toList();
        if (all.isEmpty()) {
            return;
        }
        Thread thread = new Thread(() -> all.forEach(thing -> close(what, thing)), "tier6-swap-farewell");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.log(Level.WARNING, what + " does not return from close; it is left behind");
            thread.interrupt();
        }
    }

    private static void close(String what, AutoCloseable thing) {
        try {
            thing.close();
        } catch (Throwable e) { // whatever a plug-in throws, errors of linking among it
            LOG.log(Level.WARNING, what + " failed to close: " + e);
        }
    }
}
