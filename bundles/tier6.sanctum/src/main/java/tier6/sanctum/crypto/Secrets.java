package tier6.sanctum.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

/** What one does with a secret byte array besides using it. */
public final class Secrets {

    private Secrets() {}

    /** Overwrites the arrays with zeroes; a null among them is skipped. */
    public static void clear(byte[]... secrets) {
        for (byte[] secret : secrets) {
            if (secret != null) {
                Arrays.fill(secret, (byte) 0);
            }
        }
    }

    /** Compares in a time that depends on the lengths only. */
    public static boolean equal(byte[] a, byte[] b) {
        return MessageDigest.isEqual(a, b);
    }

    /** Whether every byte is zero, in a time that depends on the length only. */
    public static boolean isZero(byte[] secret) {
        int seen = 0;
        for (byte b : secret) {
            seen |= b;
        }
        return seen == 0;
    }

    /**
     * Checks the length of a key.
     *
     * @throws IllegalArgumentException naming {@code what} and both lengths, never the content
     */
    public static byte[] ofSize(byte[] secret, int size, String what) {
        if (secret.length != size) {
            throw new IllegalArgumentException(what + " must have " + size + " bytes, not " + secret.length);
        }
        return secret;
    }
}
