package tier6.sanctum.crypto;

import org.bouncycastle.crypto.SecretWithEncapsulation;
import org.bouncycastle.crypto.kems.MLKEMExtractor;
import org.bouncycastle.crypto.kems.MLKEMGenerator;
import org.bouncycastle.crypto.params.MLKEMParameters;
import org.bouncycastle.crypto.params.MLKEMPrivateKeyParameters;
import org.bouncycastle.crypto.params.MLKEMPublicKeyParameters;

/** ML-KEM-1024 of FIPS 203 with its randomness as arguments. */
public final class MlKem1024 {

    /** Bytes of the seed d‖z that a key pair is made of. */
    public static final int SEED_SIZE = 64;

    /** Bytes of an encapsulation key, and of a ciphertext. */
    public static final int EK_SIZE = 1568;

    /** Bytes of a decapsulation key. */
    public static final int DK_SIZE = 3168;

    /** Bytes of a ciphertext. */
    public static final int CT_SIZE = 1568;

    /** Bytes of the shared secret, and of the randomness of an encapsulation. */
    public static final int SECRET_SIZE = 32;

    private static final MLKEMParameters PARAMETERS = MLKEMParameters.ml_kem_1024;

    private MlKem1024() {}

    /** An encapsulation key, public, and its decapsulation key, secret. */
    public record KeyPair(byte[] ek, byte[] dk) {}

    /** A ciphertext, public, and the secret in it. */
    public record Encapsulation(byte[] ct, byte[] secret) {}

    /** The key pair of a seed of 64 bytes. */
    public static KeyPair generate(byte[] seed) {
        MLKEMPrivateKeyParameters key =
                new MLKEMPrivateKeyParameters(PARAMETERS, Secrets.ofSize(seed, SEED_SIZE, "an ML-KEM seed"));
        byte[] dk =
                key.withPreferredFormat(MLKEMPrivateKeyParameters.EXPANDED_KEY).getEncoded();
        byte[] ek = key.getPublicKey();
        key.destroy();
        return new KeyPair(ek, dk);
    }

    /**
     * Makes a secret for the holder of {@code ek}.
     *
     * @param randomness 32 random bytes, used for this and nothing else
     * @return null if {@code ek} has the wrong length or fails the modulus check
     */
    public static Encapsulation encapsulate(byte[] ek, byte[] randomness) {
        Secrets.ofSize(randomness, SECRET_SIZE, "the randomness of an encapsulation");
        MLKEMPublicKeyParameters key;
        try {
            key = new MLKEMPublicKeyParameters(PARAMETERS, ek);
        } catch (IllegalArgumentException e) {
            return null;
        }
        SecretWithEncapsulation made = MLKEMGenerator.internalGenerateEncapsulated(key, randomness);
        return new Encapsulation(made.getEncapsulation(), made.getSecret());
    }

    /** The secret in a ciphertext of 1568 bytes. A forged one yields some secret too, and no error (FIPS 203, 6.3). */
    public static byte[] decapsulate(byte[] dk, byte[] ct) {
        Secrets.ofSize(dk, DK_SIZE, "an ML-KEM decapsulation key");
        Secrets.ofSize(ct, CT_SIZE, "an ML-KEM ciphertext");
        return new MLKEMExtractor(new MLKEMPrivateKeyParameters(PARAMETERS, dk)).extractSecret(ct);
    }
}
