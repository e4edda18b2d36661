package tier6.cathedral;

/**
 * Keeps the work that strangers can cause within bounds. Whoever sends offers that do not open pays with a token; who has
 * none left is not listened to until tokens have come back. Two rules keep a forger from silencing others: a source is an
 * address for strangers, but an address with its port for those who proved themselves from there; and all strangers
 * together have one more bucket, which does not concern the others.
 *
 * <p>Fixed tables; two sources that fall into the same slot push each other out, which forgives them.
 */
final class SourceLimiter {
    /** Bad offers that one source may send in a row, and in a second after that. */
    static final int BURST = 400;

    static final int PER_SECOND = 200;

    /** The same for all strangers together: about a tenth of what one core can open. */
    static final int STRANGERS_BURST = 8000;

    static final int STRANGERS_PER_SECOND = 4000;

    private static final int STRANGER_SLOTS = 1 << 12;
    private static final int KNOWN_SLOTS = 1 << 16;

    private final Buckets strangers;
    private final Buckets known;
    private int strangersSpent;
    private long strangersSince;

    /** @param salt a random number, so that nobody can choose which slots collide */
    SourceLimiter(long salt) {
        strangers = new Buckets(STRANGER_SLOTS, salt);
        known = new Buckets(KNOWN_SLOTS, salt);
    }

    /** Whether an offer from there may be opened. */
    boolean admits(int ip, int port, long nowMillis) {
        long endpoint = endpoint(ip, port);
        if (known.has(endpoint)) {
            return known.spent(endpoint, nowMillis) < BURST;
        }
        int back = returned(nowMillis - strangersSince, STRANGERS_PER_SECOND);
        if (back > 0) {
            strangersSpent = Math.max(0, strangersSpent - back);
            strangersSince = nowMillis;
        }
        return strangersSpent < STRANGERS_BURST && strangers.spent(address(ip), nowMillis) < BURST;
    }

    /** Notes that an offer from there did not open. */
    void charge(int ip, int port, long nowMillis) {
        long endpoint = endpoint(ip, port);
        if (known.has(endpoint)) {
            known.charge(endpoint, nowMillis);
        } else {
            strangers.charge(address(ip), nowMillis);
            strangersSpent++;
        }
    }

    /** Notes that an offer from there was authentic. */
    void trust(int ip, int port, long nowMillis) {
        known.claim(endpoint(ip, port), nowMillis);
    }

    // Neither is ever 0, which marks a slot that nobody had yet.

    private static long address(int ip) {
        return 1L << 32 | ip & 0xffff_ffffL;
    }

    private static long endpoint(int ip, int port) {
        return 1L << 48 | (ip & 0xffff_ffffL) << 16 | port;
    }

    private static int returned(long millis, int perSecond) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, millis) * perSecond / 1000);
    }

    /** A bucket for each source, in a table that keeps the last comer of each slot. */
    private static final class Buckets {
        private final long salt;
        private final long[] keys;
        private final int[] spent;
        private final long[] since;

        Buckets(int slots, long salt) {
            this.salt = salt;
            keys = new long[slots];
            spent = new int[slots];
            since = new long[slots];
        }

        boolean has(long key) {
            return keys[slot(key)] == key;
        }

        int spent(long key, long nowMillis) {
            int slot = slot(key);
            if (keys[slot] != key) {
                return 0;
            }
            int back = returned(nowMillis - since[slot], PER_SECOND);
            if (back > 0) {
                spent[slot] = Math.max(0, spent[slot] - back);
                since[slot] = nowMillis;
            }
            return spent[slot];
        }

        void charge(long key, long nowMillis) {
            spent[claim(key, nowMillis)]++;
        }

        int claim(long key, long nowMillis) {
            int slot = slot(key);
            if (keys[slot] != key) {
                keys[slot] = key;
                spent[slot] = 0;
                since[slot] = nowMillis;
            }
            return slot;
        }

        private int slot(long key) {
            return LongMap.hash(key ^ salt) & keys.length - 1;
        }
    }
}
