package tier6.sanctum.session;

import java.util.Arrays;
import javax.crypto.SecretKey;

/** An AES key that can be erased, which {@code SecretKeySpec} cannot. */
final class AesKey implements SecretKey {

    private static final long serialVersionUID = 1L;

    private final transient byte[] key;

    AesKey(byte[] key) {
        this.key = key.clone();
    }

    void erase() {
        Arrays.fill(key, (byte) 0);
    }

    @Override
    public String getAlgorithm() {
        return "AES";
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public byte[] getEncoded() {
        return key.clone();
    }
}
