package tier6.sanctum.session;

import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.kdf.TrafficKey;

/**
 * The key of one direction.
 *
 * @param key 32 bytes; not copied
 * @param spi the name that the receiver of the traffic gave it, not 0
 * @param salt the first four bytes of each nonce, read big-endian
 */
public record SessionKey(byte[] key, int spi, int salt) {

    public SessionKey {
        Secrets.ofSize(key, TrafficKey.SIZE, "a session key");
        if (spi == 0) {
            throw new IllegalArgumentException("0 is no SPI");
        }
    }

    /** Overwrites the key with zeroes. */
    public void clear() {
        Secrets.clear(key);
    }

    @Override
    public String toString() {
        return String.format("SessionKey[spi=%08x]", spi);
    }
}
