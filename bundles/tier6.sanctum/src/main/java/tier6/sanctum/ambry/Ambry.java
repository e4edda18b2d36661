package tier6.sanctum.ambry;

import java.nio.ByteBuffer;
import tier6.sanctum.crypto.AesGcm;
import tier6.sanctum.crypto.Kmac256;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.kdf.BaseKey;
import tier6.sanctum.kdf.Flocks;
import tier6.sanctum.kdf.Purpose;
import tier6.sanctum.offer.AmbryBody;

/** Wrapping of shared secrets for a device (specification section 3.5). */
public final class Ambry {

    /** Bytes of a shared secret. */
    public static final int SECRET_SIZE = 32;

    static final String LABEL = "SANCTUM.AMBRY.KDF";

    private static final long EPOCH_SECONDS = 1_697_855_580L;
    private static final long DAY_SECONDS = 86_400L;
    private static final int MAX_DAYS = 0xffff;

    private static final int CONTEXT_SIZE = 1 + AmbryBody.SEED_SIZE + 2 * (1 + Long.BYTES) + 1 + Integer.BYTES + 1 + 2;
    private static final int AAD_SIZE = 2 + 2 + 2 * Long.BYTES + Integer.BYTES + AmbryBody.SEED_SIZE;

    private Ambry() {}

    /**
     * Unwraps a shared secret. Says nothing about its age: see {@link #expired}.
     *
     * @param kek the device's KEK
     * @param own the device's flock, with or without domain
     * @param peer the peer's flock, with or without domain
     * @return 32 bytes, the caller's to clear, or null if the ambry is not for this device and these flocks
     */
    public static byte[] unwrap(byte[] kek, long own, long peer, AmbryBody body) {
        byte[] derived = derive(kek, own, peer);
        byte[] key = Kmac256.derive(
                derived, LABEL, AesGcm.KEY_SIZE, context(own, peer, body.tunnel(), body.generation(), body.seed()));
        try {
            byte[] aad = aad(own, peer, body.tunnel(), body.expires(), body.generation(), body.seed());
            return AesGcm.open(key, AesGcm.nonceOfSingleUse(), aad, body.wrapped());
        } finally {
            Secrets.clear(derived, key);
        }
    }

    /**
     * What a KEK becomes for a pair of flocks. This, and never the KEK itself, is given to whoever makes bundles with another
     * flock.
     */
    public static byte[] derive(byte[] kek, long own, long peer) {
        return BaseKey.derive(kek, Purpose.KEK_UNWRAP, Flocks.mask(own), Flocks.mask(peer));
    }

    /** The expiry field for a number of days from now. */
    public static int expiryAfter(int days, long nowSeconds) {
        long expires = Math.floorDiv(nowSeconds + days * DAY_SECONDS - EPOCH_SECONDS, DAY_SECONDS);
        if (expires < 0 || expires > MAX_DAYS) {
            throw new IllegalArgumentException("an ambry cannot expire " + days + " days from now");
        }
        return (int) expires;
    }

    /** The unix time at which an expiry field is reached, seconds. */
    public static long expirySeconds(int expires) {
        return EPOCH_SECONDS + expires * DAY_SECONDS;
    }

    /** Whether that time has passed. */
    public static boolean expired(int expires, long nowSeconds) {
        return expirySeconds(expires) < nowSeconds;
    }

    static byte[] context(long own, long peer, int tunnel, int generation, byte[] seed) {
        return ByteBuffer.allocate(CONTEXT_SIZE)
                .put((byte) AmbryBody.SEED_SIZE)
                .put(seed)
                .put((byte) Long.BYTES)
                .putLong(Flocks.mask(own))
                .put((byte) Long.BYTES)
                .putLong(Flocks.mask(peer))
                .put((byte) Integer.BYTES)
                .putInt(generation)
                .put((byte) Short.BYTES)
                .putShort((short) tunnel)
                .array();
    }

    static byte[] aad(long own, long peer, int tunnel, int expires, int generation, byte[] seed) {
        return ByteBuffer.allocate(AAD_SIZE)
                .putShort((short) tunnel)
                .putShort((short) expires)
                .putLong(Flocks.mask(own))
                .putLong(Flocks.mask(peer))
                .putInt(generation)
                .put(seed)
                .array();
    }
}
