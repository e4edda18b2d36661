package tier6.sanctum.crypto;

/** X25519 of RFC 7748. */
public final class X25519 {

    /** Bytes of a scalar and of a point. */
    public static final int SIZE = 32;

    private X25519() {}

    /** A scalar, 32 raw random bytes that are clamped only when multiplied, and the point that belongs to it. */
    public record KeyPair(byte[] secret, byte[] point) {}

    /** Makes a key pair; one draw of 32 bytes. */
    public static KeyPair generate(RandomSource random) {
        return ofSecret(random.bytes(SIZE));
    }

    /** The key pair of a given scalar, which is kept and not copied. */
    public static KeyPair ofSecret(byte[] secret) {
        byte[] point = new byte[SIZE];
        org.bouncycastle.math.ec.rfc7748.X25519.generatePublicKey(
                Secrets.ofSize(secret, SIZE, "an X25519 scalar"), 0, point, 0);
        return new KeyPair(secret, point);
    }

    /** The shared secret, or null if the remote point is of low order and there is none. */
    public static byte[] agree(byte[] secret, byte[] point) {
        Secrets.ofSize(secret, SIZE, "an X25519 scalar");
        Secrets.ofSize(point, SIZE, "an X25519 point");
        byte[] shared = new byte[SIZE];
        return org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(secret, 0, point, 0, shared, 0)
                ? shared
                : null;
    }
}
