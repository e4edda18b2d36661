package tier6.sanctum.session;

/**
 * Remembers which packet numbers were seen (specification section 5.1). The C programs remember 64; the width needs no
 * agreement with the peer, and batches that overtake each other need more.
 *
 * <p>The bits lie in a ring of words, so that moving on clears whole words and shifts nothing (the idea of RFC 6479). Work
 * for each packet is bounded by the width. For one thread.
 */
public final class ReplayWindow {

    /** Width of the C programs. */
    public static final int SANCTUM_BITS = 64;

    /** Width that serves several batches in flight. */
    public static final int DEFAULT_BITS = 8192;

    private final int bits;
    private final long[] ring;
    private final int mask;
    private long top = 1;

    /**
     * A window in which nothing was seen.
     *
     * @param bits how far behind the newest a packet number may be; a multiple of 64
     */
    public ReplayWindow(int bits) {
        if (bits <= 0 || bits % Long.SIZE != 0) {
            throw new IllegalArgumentException("a window of " + bits + " packets is not a positive multiple of 64");
        }
        this.bits = bits;
        // The window begins in the middle of a word, so it touches one word more than it fills.
        int words = Integer.highestOneBit(bits / Long.SIZE) << 1;
        this.ring = new long[words];
        this.mask = words - 1;
    }

    /** Whether a packet of this number would be new. Changes nothing: the packet is not authentic yet. */
    public boolean check(long pn) {
        if (pn > top) {
            return true;
        }
        return pn > 0 && top - pn < bits && (ring[word(pn)] & bit(pn)) == 0;
    }

    /** Marks a number, which {@link #check} passed and whose packet proved authentic, as seen. */
    public void update(long pn) {
        if (pn > top) {
            long behind = top >>> 6;
            long words = Math.min((pn >>> 6) - behind, ring.length);
            for (long i = 1; i <= words; i++) {
                ring[(int) (behind + i) & mask] = 0;
            }
            top = pn;
        }
        ring[word(pn)] |= bit(pn);
    }

    /** The newest number seen, 1 at first. */
    public long top() {
        return top;
    }

    /** The newest 64 numbers as the C programs keep them: bit 63 is {@link #top}, bit 63-k is top-k. */
    long bitmap() {
        long map = 0;
        for (int k = 0; k < Long.SIZE && k < top; k++) {
            if ((ring[word(top - k)] & bit(top - k)) != 0) {
                map |= 1L << (63 - k);
            }
        }
        return map;
    }

    private int word(long pn) {
        return (int) (pn >>> 6) & mask;
    }

    private static long bit(long pn) {
        return 1L << pn;
    }
}
