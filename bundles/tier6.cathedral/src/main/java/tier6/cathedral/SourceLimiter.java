package tier6.cathedral;

/**
 * Keeps the work that strangers can cause within bounds. Whoever sends offers that do not open pays with a token; who has
 * none left is not listened to until tokens have come back. Two rules keep a forger from silencing others: a source is an
 * address for strangers, but an address with its port for those who proved themselves from there; and all strangers
 * together have one more bucket.
 *
 * <p>A fixed table; two sources that fall into the same slot push each other out, which forgives them.
 */
final class SourceLimiter {
    /** Bad offers that one source may send in a row, and in a second after that. */
    static final int BURST = 400;

    static final int PER_SECOND = 200;

    /** The same for all strangers together: about a tenth of what one core can open. */
    static final int STRANGERS_BURST = 8000;

    static final int STRANGERS_PER_SECOND = 4000;

    private static final int SLOTS = 4096;
    private static final long KNOWN = 1L << 63;

    private final long salt;
    private final long[] keys = new long[SLOTS];
    private final int[] spent = new int[SLOTS];
    private final long[] since = new long[SLOTS];
    private int strangersSpent;
    private long strangersSince;

    /** @param salt a random number, so that nobody can choose which slots collide */
    SourceLimiter(long salt) {
        this.salt = salt;
    }

    /** Whether an offer from there may be opened. */
    boolean admits(int ip, int port, long nowMillis) {
        int known = slot(knownKey(ip, port));
        if (keys[known] == knownKey(ip, port)) {
            return refill(known, nowMillis) < BURST;
        }
        int back = returned(nowMillis - strangersSince, STRANGERS_PER_SECOND);
        if (back > 0) {
            strangersSpent = Math.max(0, strangersSpent - back);
            strangersSince = nowMillis;
        }
        int slot = slot(strangerKey(ip));
        return strangersSpent < STRANGERS_BURST && (keys[slot] != strangerKey(ip) || refill(slot, nowMillis) < BURST);
    }

    /** Notes that an offer from there did not open. */
    void charge(int ip, int port, long nowMillis) {
        int slot = slot(knownKey(ip, port));
        if (keys[slot] != knownKey(ip, port)) {
            slot = claim(strangerKey(ip), nowMillis);
            strangersSpent++;
        }
        spent[slot]++;
    }

    /** Notes that an offer from there was authentic. */
    void trust(int ip, int port, long nowMillis) {
        claim(knownKey(ip, port), nowMillis);
    }

    private int claim(long key, long nowMillis) {
        int slot = slot(key);
        if (keys[slot] != key) {
            keys[slot] = key;
            spent[slot] = 0;
            since[slot] = nowMillis;
        }
        return slot;
    }

    private int refill(int slot, long nowMillis) {
        int back = returned(nowMillis - since[slot], PER_SECOND);
        if (back > 0) {
            spent[slot] = Math.max(0, spent[slot] - back);
            since[slot] = nowMillis;
        }
        return spent[slot];
    }

    private static int returned(long millis, int perSecond) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, millis) * perSecond / 1000);
    }

    private static long strangerKey(int ip) {
        return (ip & 0xffff_ffffL) << 16;
    }

    private static long knownKey(int ip, int port) {
        return KNOWN | strangerKey(ip) | port;
    }

    private int slot(long key) {
        return LongMap.hash(key ^ salt) & SLOTS - 1;
    }
}
