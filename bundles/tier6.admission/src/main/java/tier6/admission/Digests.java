package tier6.admission;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hashes that every JDK has. */
final class Digests {
    private Digests() {}

    static byte[] sha256(byte[] data) {
        return digest("SHA-256", data);
    }

    static byte[] sha3(byte[] data) {
        return digest("SHA3-256", data);
    }

    private static byte[] digest(String algorithm, byte[] data) {
        try {
            return MessageDigest.getInstance(algorithm).digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no " + algorithm, e);
        }
    }
}
