package tier6.sanctum.kdf;

/** A flock id is a 64-bit number: 56 bits of identity, then 8 bits of domain (specification section 1). */
public final class Flocks {

    private static final long DOMAIN = 0xff;

    private Flocks() {}

    /** The flock id without its domain. */
    public static long mask(long flock) {
        return flock & ~DOMAIN;
    }

    /** The domain of a flock id, 0..255. */
    public static int domain(long flock) {
        return (int) (flock & DOMAIN);
    }

    /** The smaller of the two, unsigned. */
    public static long min(long a, long b) {
        return Long.compareUnsigned(a, b) <= 0 ? a : b;
    }

    /** The larger of the two, unsigned. */
    public static long max(long a, long b) {
        return Long.compareUnsigned(a, b) <= 0 ? b : a;
    }
}
