package tier6.sanctum.shroud;

import java.util.Arrays;
import tier6.sanctum.crypto.Kmac256;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.kdf.BaseKey;
import tier6.sanctum.kdf.Flocks;
import tier6.sanctum.kdf.Purpose;
import tier6.sanctum.offer.Magic;

/**
 * Puts the shroud on datagrams and takes it off again, under one key (specification section 11). It hides and pads, and it
 * authenticates nothing: what comes out from under it is as hostile as before.
 *
 * <p>Reuses its buffers and belongs to one thread at a time.
 */
public final class Shroud implements AutoCloseable {

    /** Bytes before the masked part. */
    public static final int HEADER_SIZE = 48;

    /** Bytes that a shroud adds at least. */
    public static final int OVERHEAD = HEADER_SIZE + 1;

    /** The smallest thing that can be under a shroud: an empty data packet. */
    public static final int MIN_INNER = 50;

    private static final int SEED_DATA_AT = 2 * ShroudIdentity.SIZE;
    private static final byte END = (byte) 0xff;

    private final Kmac256 kdf;
    private final byte[] header = new byte[HEADER_SIZE];
    private final byte[] seedData = new byte[ShroudIdentity.SIZE];
    private final byte[] drawn = new byte[Integer.BYTES];
    private byte[] mask = new byte[2048];

    private Shroud(byte[] secret, Purpose purpose, long flockA, long flockB) {
        byte[] key = BaseKey.derive(secret, purpose, flockA, flockB);
        kdf = new Kmac256(key, "SANCTUM.SHROUD.KDF");
        Secrets.clear(key);
    }

    /** Between two peers. Flocks with their domains, or 0 and 0 without a cathedral. */
    public static Shroud peer(byte[] sharedSecret, long flockA, long flockB) {
        return new Shroud(sharedSecret, Purpose.SHROUD_PEER, flockA, flockB);
    }

    /** Between a client and the cathedral. The client's own and its peer's flock; domains do not matter. */
    public static Shroud cathedral(byte[] cathedralSecret, long own, long peer) {
        return new Shroud(cathedralSecret, Purpose.SHROUD_CATHEDRAL, Flocks.mask(own), Flocks.mask(peer));
    }

    /** Between two cathedrals. */
    public static Shroud federation(byte[] syncSecret) {
        return new Shroud(syncSecret, Purpose.SHROUD_CATHEDRAL, Magic.CATACOMB, Magic.KATEDRAL);
    }

    /**
     * Shrouds a datagram. Draws 16 bytes, then 4 or more for the amount of padding if there is room for any.
     *
     * @param bound padding does not make the datagram as long as this; a datagram that is anyway gets none
     * @param out has room for {@code bound} or {@code length + OVERHEAD} bytes, whichever is more; may be the array of
     *     {@code inner}
     * @return the length of the shrouded datagram
     */
    public int seal(
            ShroudIdentity identity,
            byte[] inner,
            int at,
            int length,
            int bound,
            byte[] out,
            int outAt,
            RandomSource random) {
        random.fill(seedData);
        System.arraycopy(inner, at, out, outAt + HEADER_SIZE, length);
        System.arraycopy(identity.id(), 0, out, outAt, ShroudIdentity.SIZE);
        System.arraycopy(identity.seedId(), 0, out, outAt + ShroudIdentity.SIZE, ShroudIdentity.SIZE);
        System.arraycopy(seedData, 0, out, outAt + SEED_DATA_AT, ShroudIdentity.SIZE);
        return padAndMask(length, bound, out, outAt, random);
    }

    /**
     * Shrouds a datagram for somebody who need not recognise the sender: with noise for an identity. Draws 48 bytes at once,
     * then as the other one. Allocates nothing as long as datagrams are no longer than before.
     */
    public int seal(byte[] inner, int at, int length, int bound, byte[] out, int outAt, RandomSource random) {
        random.fill(header);
        System.arraycopy(inner, at, out, outAt + HEADER_SIZE, length);
        System.arraycopy(header, 0, out, outAt, HEADER_SIZE);
        return padAndMask(length, bound, out, outAt, random);
    }

    private int padAndMask(int length, int bound, byte[] out, int outAt, RandomSource random) {
        int total = OVERHEAD + length;
        int padding = total < bound ? uniform(bound - total, random) : 0;
        int maskedAt = outAt + HEADER_SIZE;
        out[maskedAt + length] = END;
        Arrays.fill(out, maskedAt + length + 1, maskedAt + length + 1 + padding, (byte) 0);

        int masked = length + 1 + padding;
        computeMask(out, outAt, masked);
        for (int i = 0; i < masked; i++) {
            out[maskedAt + i] ^= mask[i];
        }
        return HEADER_SIZE + masked;
    }

    /**
     * Takes the shroud off.
     *
     * @param out has room for {@code length - HEADER_SIZE} bytes
     * @return the length of what is left, or -1 if it is too short to be anything
     */
    public int open(byte[] datagram, int at, int length, byte[] out, int outAt) {
        int masked = length - HEADER_SIZE;
        if (masked < MIN_INNER) {
            return -1;
        }
        computeMask(datagram, at, masked);
        for (int i = 0; i < masked; i++) {
            out[outAt + i] = (byte) (datagram[at + HEADER_SIZE + i] ^ mask[i]);
        }
        int end = masked;
        while (end > 0 && out[outAt + end - 1] == 0) {
            end--;
        }
        int left = end > 0 && out[outAt + end - 1] == END ? end - 1 : masked;
        return left < MIN_INNER ? -1 : left;
    }

    /** Forgets the key. The object must not be used any more. */
    @Override
    public void close() {
        kdf.close();
        Secrets.clear(mask);
    }

    private void computeMask(byte[] datagram, int at, int length) {
        if (mask.length < length) {
            Secrets.clear(mask);
            mask = new byte[length];
        }
        System.arraycopy(datagram, at, header, 0, HEADER_SIZE);
        kdf.derive(mask, 0, length, header);
    }

    /** A number below {@code bound}, all equally likely: what would favour the small ones is drawn again. */
    private int uniform(int bound, RandomSource random) {
        long range = 1L << Integer.SIZE;
        long fair = range - range % bound;
        while (true) {
            random.fill(drawn);
            long number =
                    (drawn[0] & 0xff) | (drawn[1] & 0xff) << 8 | (drawn[2] & 0xff) << 16 | (drawn[3] & 0xffL) << 24;
            if (number < fair) {
                return (int) (number % bound);
            }
        }
    }
}
