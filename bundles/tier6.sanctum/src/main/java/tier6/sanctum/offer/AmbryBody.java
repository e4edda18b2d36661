package tier6.sanctum.offer;

import java.nio.ByteBuffer;
import tier6.sanctum.crypto.Secrets;

/**
 * A wrapped shared secret, from cathedral to client (specification sections 3.5 and 6.2).
 *
 * @param tunnel the client's tunnel id
 * @param expires days since the ambry epoch, 0..65535
 * @param generation random number of the bundle
 * @param seed 64 bytes
 * @param wrapped 48 bytes: the encrypted secret, then its tag
 */
public record AmbryBody(int tunnel, int expires, int generation, byte[] seed, byte[] wrapped) implements OfferBody {

    /** Bytes of the seed of a bundle. */
    public static final int SEED_SIZE = 64;

    /** Bytes of a wrapped secret with its tag. */
    public static final int WRAPPED_SIZE = 48;

    static final int TYPE = 2;

    public AmbryBody {
        Secrets.ofSize(seed, SEED_SIZE, "the seed of an ambry");
        Secrets.ofSize(wrapped, WRAPPED_SIZE, "a wrapped secret");
    }

    static AmbryBody read(ByteBuffer in) {
        return new AmbryBody(
                Wire.u16(in), Wire.u16(in), in.getInt(), Wire.bytes(in, SEED_SIZE), Wire.bytes(in, WRAPPED_SIZE));
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public void write(ByteBuffer out) {
        out.putShort((short) tunnel).putShort((short) expires).putInt(generation);
        out.put(seed).put(wrapped);
    }
}
