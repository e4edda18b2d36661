package tier6.sanctum.crypto;

import java.security.SecureRandom;

/**
 * Where randomness comes from. The protocol code never makes its own, so that a recorded exchange replays byte for byte.
 *
 * <p>An implementation either fills the whole array or throws; there is no such thing as a little randomness.
 */
@FunctionalInterface
public interface RandomSource {

    /** Fills {@code out} with random bytes: one draw, whatever the length. */
    void fill(byte[] out);

    /** One draw of {@code n} bytes. */
    default byte[] bytes(int n) {
        byte[] out = new byte[n];
        fill(out);
        return out;
    }

    /** One draw of 4 bytes, read little-endian, as the C programs read an integer they draw. */
    default int nextInt() {
        byte[] b = bytes(4);
        return (b[0] & 0xff) | (b[1] & 0xff) << 8 | (b[2] & 0xff) << 16 | b[3] << 24;
    }

    /** One draw of 8 bytes, read little-endian. */
    default long nextLong() {
        byte[] b = bytes(8);
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | (b[i] & 0xff);
        }
        return value;
    }

    /** The system's generator. May be shared by threads; does not block once the system is up. */
    static RandomSource secure() {
        SecureRandom random = new SecureRandom();
        return random::nextBytes;
    }
}
