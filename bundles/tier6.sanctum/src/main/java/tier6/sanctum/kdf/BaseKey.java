package tier6.sanctum.kdf;

import java.nio.ByteBuffer;
import tier6.sanctum.crypto.Kmac256;
import tier6.sanctum.crypto.Secrets;

/** Base keys: a long-lived secret bound to a purpose and a pair of flocks (specification section 3.2). */
public final class BaseKey {

    /** Bytes of a base key and of the secrets it is made of. */
    public static final int SIZE = 32;

    private BaseKey() {}

    /**
     * Derives a base key. The order of the flocks does not matter; whether they carry their domains is the caller's
     * business (the table of section 3.2 says which do).
     *
     * @param secret SS, CS, KEK or sync secret, 32 bytes
     * @return 32 bytes, the caller's to clear
     */
    public static byte[] derive(byte[] secret, Purpose purpose, long flockA, long flockB) {
        Secrets.ofSize(secret, SIZE, "a secret");
        ByteBuffer flocks = ByteBuffer.allocate(2 * (1 + Long.BYTES))
                .put((byte) Long.BYTES)
                .putLong(Flocks.min(flockA, flockB))
                .put((byte) Long.BYTES)
                .putLong(Flocks.max(flockA, flockB));
        return Kmac256.derive(secret, purpose.label(), SIZE, flocks.array());
    }
}
