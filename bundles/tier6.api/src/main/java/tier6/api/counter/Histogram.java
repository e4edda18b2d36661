package tier6.api.counter;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** How often a number, such as the frames of a batch, was about how large: in steps of powers of two. */
public final class Histogram {
    private static final int STEPS = 9;

    private final AtomicLongArray counts = new AtomicLongArray(STEPS);

    /** Makes one that has counted nothing. */
    public Histogram() {}

    /** Counts {@code number}; any thread. Numbers below 1 do not count. */
    public void add(int number) {
        if (number > 0) {
            counts.getAndIncrement(Math.min(STEPS - 1, Integer.SIZE - 1 - Integer.numberOfLeadingZeros(number)));
        }
    }

    /**
     * Puts the counts into {@code counters}.
     *
     * @param name of the whole: with {@code batch}, {@code batch-1} counts the ones, {@code batch-2} twos and threes,
     *     {@code batch-4} four to seven, up to {@code batch-256} for all from there on
     */
    public void putInto(Map<String, Long> counters, String name) {
        for (int i = 0; i < STEPS; i++) {
            counters.put(name + "-" + (1 << i), counts.get(i));
        }
    }
}
