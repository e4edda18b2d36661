package tier6.sanctum.offer;

import java.nio.ByteBuffer;

/**
 * A client's announcement of one tunnel, and the cathedral's answer (specification section 6.2). Which fields mean something
 * depends on the direction; use {@link #announce} and {@link #answer}.
 *
 * @param flags {@link #WANT_REMEMBRANCE} and {@link #NO_AMBRY} to the cathedral, {@link #SAME_ADDRESS} from it
 * @param peerIp where to send what is for the peer
 * @param peerPort its port
 * @param localIp unreliable: real cathedrals garble it
 * @param localPort unreliable: real cathedrals garble it
 * @param tunnel the client's tunnel id
 * @param ambryGeneration generation of the ambry that the client holds, 0 for none
 * @param rxActive SPI of the key that the client receives under, 0 for none
 * @param rxPending SPI of the key that will follow it, 0 for none
 * @param instance the client's local id; a new one means that the client restarted
 */
public record InfoBody(
        int flags,
        int peerIp,
        int peerPort,
        int localIp,
        int localPort,
        int tunnel,
        int ambryGeneration,
        int rxActive,
        int rxPending,
        long instance)
        implements OfferBody {

    /** The client asks for a list of cathedrals. */
    public static final int WANT_REMEMBRANCE = 1;

    /** The client has no KEK and wants no ambry. */
    public static final int NO_AMBRY = 2;

    /** From the cathedral: both peers share one external IPv4 address. */
    public static final int SAME_ADDRESS = 2;

    static final int TYPE = 3;

    /** What a client tells the cathedral. */
    public static InfoBody announce(
            int flags, int tunnel, int ambryGeneration, int rxActive, int rxPending, long instance) {
        return new InfoBody(flags, 0, 0, 0, 0, tunnel, ambryGeneration, rxActive, rxPending, instance);
    }

    /** What the cathedral tells a client. */
    public static InfoBody answer(int flags, int peerIp, int peerPort, int localIp, int localPort) {
        return new InfoBody(flags, peerIp, peerPort, localIp, localPort, 0, 0, 0, 0, 0);
    }

    static InfoBody read(ByteBuffer in) {
        return new InfoBody(
                Wire.hostOrder(in),
                in.getInt(),
                Wire.u16(in),
                in.getInt(),
                Wire.u16(in),
                Wire.u16(in),
                in.getInt(),
                Wire.hostOrder(in),
                Wire.hostOrder(in),
                in.getLong());
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public void write(ByteBuffer out) {
        Wire.hostOrder(out, flags);
        out.putInt(peerIp).putShort((short) peerPort);
        out.putInt(localIp).putShort((short) localPort);
        out.putShort((short) tunnel).putInt(ambryGeneration);
        Wire.hostOrder(out, rxActive);
        Wire.hostOrder(out, rxPending);
        out.putLong(instance);
    }
}
