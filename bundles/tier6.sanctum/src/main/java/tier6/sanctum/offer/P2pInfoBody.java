package tier6.sanctum.offer;

import java.nio.ByteBuffer;

/**
 * Where a client is, from cathedral to cathedral (specification section 6.2).
 *
 * @param ip the client's address
 * @param port the client's port
 * @param tunnel the client's tunnel id
 * @param flags {@link #NAT_CHECKED}
 */
public record P2pInfoBody(int ip, int port, int tunnel, int flags) implements OfferBody {

    /** The client's NAT was found to keep the same endpoint for different destinations. */
    public static final int NAT_CHECKED = 1;

    static final int TYPE = 7;

    static P2pInfoBody read(ByteBuffer in) {
        return new P2pInfoBody(in.getInt(), Wire.u16(in), Wire.u16(in), in.getInt());
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public void write(ByteBuffer out) {
        out.putInt(ip).putShort((short) port).putShort((short) tunnel).putInt(flags);
    }
}
