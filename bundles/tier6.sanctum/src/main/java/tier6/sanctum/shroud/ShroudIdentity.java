package tier6.sanctum.shroud;

import java.nio.ByteBuffer;
import tier6.sanctum.crypto.Kmac256;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.kdf.Flocks;

/**
 * What stands at the head of a shrouded datagram: towards a cathedral, who the client is, recognisable by that cathedral only;
 * everywhere else, noise (specification sections 3.6 and 11). The arrays are not copied: treat them as immutable.
 *
 * @param id 16 bytes
 * @param seedId 16 bytes that the id was made of
 */
public record ShroudIdentity(byte[] id, byte[] seedId) {

    /** Bytes of an id, of a seed and of a base identity. */
    public static final int SIZE = 16;

    private static final byte[] NO_KEY = new byte[32];

    public ShroudIdentity {
        Secrets.ofSize(id, SIZE, "a shroud identity");
        Secrets.ofSize(seedId, SIZE, "the seed of a shroud identity");
    }

    /** Noise: two draws of 16 bytes. */
    public static ShroudIdentity random(RandomSource random) {
        return new ShroudIdentity(random.bytes(SIZE), random.bytes(SIZE));
    }

    /** The identity that a base identity has under a new seed: one draw of 16 bytes. */
    public static ShroudIdentity fresh(byte[] base, RandomSource random) {
        byte[] seedId = random.bytes(SIZE);
        return new ShroudIdentity(derive(base, seedId), seedId);
    }

    /** What a client is to a cathedral for good, 16 bytes. Domains of the flocks do not matter, nor their order. */
    public static byte[] base(long flockA, long flockB, int csId) {
        long a = Flocks.mask(flockA);
        long b = Flocks.mask(flockB);
        ByteBuffer context = ByteBuffer.allocate(2 * (1 + Long.BYTES) + 1 + Integer.BYTES)
                .put((byte) Long.BYTES)
                .putLong(Flocks.min(a, b))
                .put((byte) Long.BYTES)
                .putLong(Flocks.max(a, b))
                .put((byte) Integer.BYTES)
                .putInt(csId);
        return Kmac256.derive(NO_KEY, "SANCTUM.SHROUD.BASE.IDENTITY", SIZE, context.array());
    }

    /** The id that belongs to a seed, for a client that makes it and for a cathedral that looks for it. */
    public static byte[] derive(byte[] base, byte[] seedId) {
        return Kmac256.derive(base, "SANCTUM.SHROUD.IDENTITY", SIZE, seedId);
    }
}
