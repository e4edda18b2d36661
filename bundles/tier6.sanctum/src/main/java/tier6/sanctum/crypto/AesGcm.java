package tier6.sanctum.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM with the tag after the ciphertext, for control messages and key wrapping, where every message has a key of its
 * own. An instance reuses one cipher object and belongs to one thread at a time; the static methods are for single use.
 *
 * <p>The cipher comes from the JDK, because only there is it done in hardware.
 */
public final class AesGcm {

    /** Bytes of a key. */
    public static final int KEY_SIZE = 32;

    /** Bytes of a nonce. */
    public static final int NONCE_SIZE = 12;

    /** Bytes of a tag. */
    public static final int TAG_SIZE = 16;

    private final Cipher cipher;

    public AesGcm() {
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no AES-GCM", e);
        }
    }

    /** The nonce 0, 0, …, 1 of everything that is sealed under a key used once (specification sections 3.3 and 3.5). */
    public static byte[] nonceOfSingleUse() {
        byte[] nonce = new byte[NONCE_SIZE];
        nonce[NONCE_SIZE - 1] = 1;
        return nonce;
    }

    /** Ciphertext and tag of {@code plaintext}. */
    public static byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
        byte[] out = new byte[plaintext.length + TAG_SIZE];
        new AesGcm().seal(key, nonce, aad, aad.length, plaintext, 0, plaintext.length, out, 0);
        return out;
    }

    /** The plaintext, or null if the message is not authentic. */
    public static byte[] open(byte[] key, byte[] nonce, byte[] aad, byte[] sealed) {
        if (sealed.length < TAG_SIZE) {
            return null;
        }
        byte[] out = new byte[sealed.length - TAG_SIZE];
        return new AesGcm().open(key, nonce, aad, aad.length, sealed, 0, sealed.length, out, 0) ? out : null;
    }

    /**
     * Writes the ciphertext and tag of {@code in[at .. at+length)} to {@code out} from {@code outAt}; it may be the same place.
     * The first {@code aadLength} bytes of {@code aad} are authenticated with it.
     *
     * @throws IllegalStateException if key and nonce are those of the call before, which would give the secret away
     */
    public void seal(
            byte[] key, byte[] nonce, byte[] aad, int aadLength, byte[] in, int at, int length, byte[] out, int outAt) {
        try {
            init(Cipher.ENCRYPT_MODE, key, nonce, aad, aadLength);
            cipher.doFinal(in, at, length, out, outAt);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Writes the plaintext of {@code in[at .. at+length)}, tag included, to {@code out} from {@code outAt}.
     *
     * @return false, with nothing usable in {@code out}, if the message is not authentic
     */
    public boolean open(
            byte[] key, byte[] nonce, byte[] aad, int aadLength, byte[] in, int at, int length, byte[] out, int outAt) {
        try {
            init(Cipher.DECRYPT_MODE, key, nonce, aad, aadLength);
            cipher.doFinal(in, at, length, out, outAt);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void init(int mode, byte[] key, byte[] nonce, byte[] aad, int aadLength) throws GeneralSecurityException {
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_SIZE * Byte.SIZE, nonce));
        cipher.updateAAD(aad, 0, aadLength);
    }
}
