package tier6.sanctum.session;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM over data packets: the cipher object, and the nonce it works with. For one thread.
 *
 * <p>Allocates nothing itself but the parameters that hand a nonce over. The JDK's cipher makes a new engine for each nonce,
 * about 1.1 kB that no caller can avoid: tables of GHASH, counters, buffers for blocks. They sit in fields of the cipher
 * object, so that compilers cannot remove them, and die with the next packet.
 */
final class PacketCipher {

    private static final int SALT_SIZE = 4;
    private static final int NONCE_SIZE = SALT_SIZE + Long.BYTES;

    private final AesKey key;
    private final Cipher cipher;
    private final byte[] nonce = new byte[NONCE_SIZE];

    PacketCipher(AesKey key, int salt) {
        this.key = key;
        DataHeader.putInt(nonce, 0, salt);
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM", e);
        }
    }

    /**
     * Seals or opens one packet whose header, at {@code headerAt}, is what is authenticated besides.
     *
     * @param mode {@link Cipher#ENCRYPT_MODE} or {@link Cipher#DECRYPT_MODE}
     * @return bytes written
     */
    int process(int mode, long pn, byte[] header, int headerAt, byte[] in, int at, int length, byte[] out, int outAt)
            throws GeneralSecurityException {
        DataHeader.putLong(nonce, SALT_SIZE, pn);
        cipher.init(mode, key, new GCMParameterSpec(DataHeader.TAG * Byte.SIZE, nonce));
        cipher.updateAAD(header, headerAt, DataHeader.SIZE);
        return cipher.doFinal(in, at, length, out, outAt);
    }
}
