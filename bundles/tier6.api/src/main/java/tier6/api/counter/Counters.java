package tier6.api.counter;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A fixed set of counters, named by an enum. Data paths add once a batch, not once a frame; each counter has a cache
 * line of its own, so that two lanes that count different things do not slow each other down.
 *
 * @param <E> what is counted; {@code DROP_NO_KEY} shows as {@code drop-no-key}
 */
public final class Counters<E extends Enum<E>> {
    private static final int STRIDE = 8;

    private final E[] names;
    private final AtomicLongArray values;

    /** Makes counters, all zero, for every constant of {@code type}. */
    public Counters(Class<E> type) {
        names = type.getEnumConstants();
        values = new AtomicLongArray(names.length * STRIDE);
    }

    /** Adds {@code n}; any thread. */
    public void add(E counter, long n) {
        if (n != 0) {
            values.getAndAdd(counter.ordinal() * STRIDE, n);
        }
    }

    /** The value now. */
    public long get(E counter) {
        return values.get(counter.ordinal() * STRIDE);
    }

    /** All values by name, in the enum's order. */
    public Map<String, Long> snapshot() {
        Map<String, Long> all = new LinkedHashMap<>();
        for (E name : names) {
            all.put(name.name().toLowerCase(Locale.ROOT).replace('_', '-'), get(name));
        }
        return all;
    }
}
