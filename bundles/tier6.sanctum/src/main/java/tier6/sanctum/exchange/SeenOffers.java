package tier6.sanctum.exchange;

/**
 * Remembers the seeds of the offers accepted last, so that none is accepted twice (specification section 21, item 3). An
 * offer is valid for 20 seconds at most and a peer sends 8 a second, so that {@value #SIZE} outlast it. Only authentic
 * offers come here; eight bytes of a random seed are enough to tell them apart.
 */
final class SeenOffers {

    private static final int SIZE = 256;

    private final long[] seeds = new long[SIZE];
    private int next;

    /** Whether the seed was not seen before. It is from now on. */
    boolean add(long seed) {
        for (long seen : seeds) {
            if (seen == seed) {
                return false;
            }
        }
        seeds[next] = seed;
        next = (next + 1) % SIZE;
        return true;
    }
}
