package tier6.launcher;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps lines that repeat themselves from filling a log: of the same line, some pass in a minute, and the first one of the
 * next minute tells how many did not. Any thread.
 */
final class Repetitions {
    /** How many of the same line pass in {@link #PERIOD}. */
    static final int MOST = 5;

    static final long PERIOD = TimeUnit.MINUTES.toNanos(1);

    /** Different lines that are remembered. */
    private static final int MEMORY = 256;

    /** A line in its period. */
    private static final class Seen {
        private long since;
        private long count;
    }

    private final LongSupplier clock;
    private final Map<String, Seen> lines = new LinkedHashMap<>(MEMORY, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > MEMORY;
        }
    };

    /** @param clock nanoseconds from any origin */
    Repetitions(LongSupplier clock) {
        this.clock = clock;
    }

    /** The line as it may be said now; null if it was said often enough. */
    synchronized String limit(String component, String line) {
        long now = clock.getAsLong();
        Seen seen = lines.computeIfAbsent(component + " " + line, key -> new Seen());
        if (seen.count == 0 || now - seen.since >= PERIOD) {
            long swallowed = Math.max(0, seen.count - MOST);
            seen.since = now;
            seen.count = 1;
            return swallowed == 0 ? line : line + " (and " + swallowed + " times more before)";
        }
        return ++seen.count > MOST ? null : line;
    }
}
