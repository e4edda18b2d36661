package tier6.cathedral;

/**
 * Remembers which offers were accepted for as long as they would be accepted again. Two generations of a hash set take
 * turns; when a generation is full before its time, the older one is forgotten early, so that memory is bounded.
 */
final class SeedCache {
    /** An offer is good for 10 s before and after its time stamp (specification section 6.1). */
    static final long LIFETIME_MILLIS = 21_000;

    static final int LARGEST = 1 << 20;
    private static final int SMALLEST = 1 << 10;

    private final long salt;
    private long[] young = new long[SMALLEST];
    private long[] old = new long[SMALLEST];
    private int count;
    private long bornAt;

    /** @param salt a random number, so that nobody can choose seeds that collide */
    SeedCache(long salt, long nowMillis) {
        this.salt = salt;
        this.bornAt = nowMillis;
    }

    /** A seed of 64 bytes, shortened so that two of them are the same only by an accident that does not happen. */
    long key(byte[] data, int at) {
        long mixed = salt;
        for (int i = 0; i < 64; i += Long.BYTES) {
            mixed = (mixed ^ Bytes.getLong(data, at + i)) * 0x9E3779B97F4A7C15L;
            mixed ^= mixed >>> 29;
        }
        return mixed == 0 ? 1 : mixed;
    }

    boolean contains(long key) {
        return young[slot(young, key)] == key || old[slot(old, key)] == key;
    }

    void add(long key, long nowMillis) {
        if (nowMillis - bornAt > LIFETIME_MILLIS) {
            turn(nowMillis);
        }
        if (++count * 2 > young.length) {
            if (young.length < LARGEST) {
                grow();
            } else {
                turn(nowMillis);
                count = 1;
            }
        }
        young[slot(young, key)] = key;
    }

    private void turn(long nowMillis) {
        // After a pause of two lifetimes nothing in the young generation matters either.
        boolean stale = nowMillis - bornAt > 2 * LIFETIME_MILLIS;
        old = stale ? new long[SMALLEST] : young;
        young = new long[Math.max(SMALLEST, Integer.highestOneBit(count) * 2)];
        count = 0;
        bornAt = nowMillis;
    }

    private static int slot(long[] set, long key) {
        int mask = set.length - 1;
        int i = LongMap.hash(key) & mask;
        while (set[i] != 0 && set[i] != key) {
            i = i + 1 & mask;
        }
        return i;
    }

    private void grow() {
        long[] grown = new long[young.length * 2];
        for (long key : young) {
            if (key != 0) {
                grown[slot(grown, key)] = key;
            }
        }
        young = grown;
    }
}
