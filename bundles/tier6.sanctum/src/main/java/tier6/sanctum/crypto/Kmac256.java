package tier6.sanctum.crypto;

import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.macs.KMAC;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * KMAC256 of NIST SP 800-185 in its fixed-length form: the output length is part of the input, so a short output is not a
 * prefix of a longer one (specification section 2.1).
 *
 * <p>The static method is for a single derivation. An instance keeps one key and label ready for many; it belongs to one
 * thread at a time.
 */
public final class Kmac256 implements AutoCloseable {

    private static final int KEY_BYTES_TO_CLEAR = 32;

    private final KMAC mac;

    /** Prepares the key (copied) and the ASCII customisation label. */
    public Kmac256(byte[] key, String label) {
        mac = new KMAC(256, label.getBytes(StandardCharsets.US_ASCII));
        mac.init(new KeyParameter(key));
    }

    /** The MAC of the concatenated parts, {@code outLength} bytes long. */
    public byte[] derive(int outLength, byte[]... parts) {
        byte[] out = new byte[outLength];
        derive(out, 0, outLength, parts);
        return out;
    }

    /** As {@link #derive(int, byte[]...)}, into an array of the caller's. */
    public void derive(byte[] out, int at, int outLength, byte[]... parts) {
        for (byte[] part : parts) {
            mac.update(part, 0, part.length);
        }
        mac.doFinal(out, at, outLength);
    }

    /** Forgets the key. The object must not be used any more. */
    @Override
    public void close() {
        mac.init(new KeyParameter(new byte[KEY_BYTES_TO_CLEAR]));
    }

    /**
     * A single derivation.
     *
     * @param key the secret, at most 125 bytes
     * @param label the ASCII customisation string
     * @param outLength bytes wanted
     * @param parts the message, concatenated as it is: length prefixes are the caller's
     */
    public static byte[] derive(byte[] key, String label, int outLength, byte[]... parts) {
        try (Kmac256 mac = new Kmac256(key, label)) {
            return mac.derive(outLength, parts);
        }
    }
}
