package tier6.cathedral;

import java.util.function.Consumer;

/** A hash map with {@code long} keys: open addressing, linear probing, no objects besides the values. One thread. */
final class LongMap<V> {
    private static final int SMALLEST = 8;

    private long[] keys = new long[SMALLEST];
    private Object[] values = new Object[SMALLEST];
    private int size;

    static int hash(long key) {
        long h = key * 0x9E3779B97F4A7C15L;
        return (int) (h ^ h >>> 32);
    }

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked")
    V get(long key) {
        return (V) values[find(key)];
    }

    /** Maps {@code key} to {@code value}, which must not be null. */
    void put(long key, V value) {
        int i = find(key);
        if (values[i] == null) {
            if (++size * 2 > keys.length) {
                rebuild(keys.length * 2);
                i = find(key);
            }
            keys[i] = key;
        }
        values[i] = value;
    }

    /** Decides about an entry. */
    @FunctionalInterface
    interface Test<V> {
        boolean test(long key, V value);
    }

    /** Takes out what the test tells to. */
    @SuppressWarnings("unchecked")
    void removeIf(Test<? super V> gone) {
        int removed = 0;
        for (int i = 0; i < values.length; i++) {
            if (values[i] != null && gone.test(keys[i], (V) values[i])) {
                values[i] = null;
                removed++;
            }
        }
        if (removed > 0) {
            size -= removed;
            rebuild(keys.length);
        }
    }

    @SuppressWarnings("unchecked")
    void forEach(Consumer<? super V> action) {
        for (Object value : values) {
            if (value != null) {
                action.accept((V) value);
            }
        }
    }

    private int find(long key) {
        int mask = keys.length - 1;
        int i = hash(key) & mask;
        while (values[i] != null && keys[i] != key) {
            i = i + 1 & mask;
        }
        return i;
    }

    private void rebuild(int capacity) {
        long[] oldKeys = keys;
        Object[] oldValues = values;
        keys = new long[capacity];
        values = new Object[capacity];
        for (int i = 0; i < oldValues.length; i++) {
            if (oldValues[i] != null) {
                int j = find(oldKeys[i]);
                keys[j] = oldKeys[i];
                values[j] = oldValues[i];
            }
        }
    }
}
