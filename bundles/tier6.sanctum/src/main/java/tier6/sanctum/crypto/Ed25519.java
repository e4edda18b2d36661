package tier6.sanctum.crypto;

import java.util.Arrays;

/** Pure Ed25519 of RFC 8032. A secret key is 64 bytes, seed and public key, as in the key files (specification 15.1). */
public final class Ed25519 {

    /** Bytes of a secret key: the seed, then the public key. */
    public static final int SECRET_SIZE = 64;

    /** Bytes of a public key. */
    public static final int PUBLIC_SIZE = 32;

    /** Bytes of a signature. */
    public static final int SIGNATURE_SIZE = 64;

    private static final int SEED_SIZE = 32;

    private Ed25519() {}

    /** Makes a secret key; one draw of 32 bytes. */
    public static byte[] generate(RandomSource random) {
        byte[] seed = random.bytes(SEED_SIZE);
        try {
            return ofSeed(seed);
        } finally {
            Secrets.clear(seed);
        }
    }

    /** The secret key of a seed of 32 bytes. */
    public static byte[] ofSeed(byte[] seed) {
        byte[] secret = Arrays.copyOf(Secrets.ofSize(seed, SEED_SIZE, "an Ed25519 seed"), SECRET_SIZE);
        org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(secret, 0, secret, SEED_SIZE);
        return secret;
    }

    /** The public half of a secret key. */
    public static byte[] publicKey(byte[] secret) {
        return Arrays.copyOfRange(Secrets.ofSize(secret, SECRET_SIZE, "an Ed25519 secret key"), SEED_SIZE, SECRET_SIZE);
    }

    /**
     * Signs with the seed. The stored public half is not used: signing with one that does not belong to the seed would
     * give the seed away.
     */
    public static byte[] sign(byte[] secret, byte[] data) {
        Secrets.ofSize(secret, SECRET_SIZE, "an Ed25519 secret key");
        byte[] signature = new byte[SIGNATURE_SIZE];
        org.bouncycastle.math.ec.rfc8032.Ed25519.sign(secret, 0, data, 0, data.length, signature, 0);
        return signature;
    }

    /** Whether the signature is good; false also for a public key that is no point. */
    public static boolean verify(byte[] publicKey, byte[] data, byte[] signature) {
        return new Verifier(publicKey).verify(data, signature);
    }

    /** A public key that was decoded, for who verifies often: that is a tenth and more of the work. Immutable. */
    public static final class Verifier {

        /** Null if the key is no point, so that no signature is good. */
        private final org.bouncycastle.math.ec.rfc8032.Ed25519.PublicPoint point;

        /** Decodes a public key. */
        public Verifier(byte[] publicKey) {
            point = publicKey.length == PUBLIC_SIZE
                    ? org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyPartialExport(publicKey, 0)
                    : null;
        }

        /** Whether the signature is good. */
        public boolean verify(byte[] data, byte[] signature) {
            return point != null
                    && signature.length == SIGNATURE_SIZE
                    && org.bouncycastle.math.ec.rfc8032.Ed25519.verify(signature, 0, point, data, 0, data.length);
        }
    }
}
