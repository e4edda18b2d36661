package tier6.sanctum.offer;

import java.nio.ByteBuffer;
import tier6.sanctum.crypto.Secrets;

/**
 * A traffic key, from pilgrim to shrine (specification sections 6.2 and 13).
 *
 * @param id the sender's local id
 * @param salt the salt of the key
 * @param key 32 secret bytes
 */
public record KeyBody(long id, int salt, byte[] key) implements OfferBody {

    static final int TYPE = 1;

    private static final int KEY_SIZE = 32;

    public KeyBody {
        Secrets.ofSize(key, KEY_SIZE, "a traffic key");
    }

    static KeyBody read(ByteBuffer in) {
        return new KeyBody(in.getLong(), in.getInt(), Wire.bytes(in, KEY_SIZE));
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public void write(ByteBuffer out) {
        out.putLong(id).putInt(salt).put(key);
    }
}
