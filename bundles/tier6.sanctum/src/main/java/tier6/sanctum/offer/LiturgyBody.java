package tier6.sanctum.offer;

import java.nio.ByteBuffer;
import tier6.sanctum.crypto.Secrets;

/**
 * Discovery: a client joins a group, the cathedral tells who else is in it (specification sections 6.2 and 14).
 *
 * @param id the client's kek-id; 0 in answers
 * @param group the group, 0..65535
 * @param peers 255 bytes indexed by kek-id: 1 for present or, in signaling, for wanted
 * @param hidden 1 if the client does not want to be seen by others that are hidden
 * @param flags {@link #WANT_REMEMBRANCE} and {@link #SIGNALING}
 */
public record LiturgyBody(int id, int group, byte[] peers, int hidden, int flags) implements OfferBody {

    /** Length of {@link #peers}; the highest kek-id is one less. */
    public static final int PEERS = 255;

    /** The client asks for a list of cathedrals. */
    public static final int WANT_REMEMBRANCE = 1;

    /** {@link #peers} says whom the client wants to reach. */
    public static final int SIGNALING = 2;

    static final int TYPE = 4;

    public LiturgyBody {
        Secrets.ofSize(peers, PEERS, "the peers of a liturgy");
    }

    static LiturgyBody read(ByteBuffer in) {
        return new LiturgyBody(Wire.u8(in), Wire.u16(in), Wire.bytes(in, PEERS), Wire.u8(in), Wire.hostOrder(in));
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public void write(ByteBuffer out) {
        out.put((byte) id).putShort((short) group).put(peers).put((byte) hidden);
        Wire.hostOrder(out, flags);
    }
}
