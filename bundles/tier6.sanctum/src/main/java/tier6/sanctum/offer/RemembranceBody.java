package tier6.sanctum.offer;

import java.nio.ByteBuffer;

/**
 * A list of cathedrals, the answering one first; the first zero address or port ends it (specification section 6.2).
 *
 * @param ips 32 addresses
 * @param ports 32 ports
 */
public record RemembranceBody(int[] ips, int[] ports) implements OfferBody {

    /** Places in the list. */
    public static final int SLOTS = 32;

    static final int TYPE = 5;

    public RemembranceBody {
        if (ips.length != SLOTS || ports.length != SLOTS) {
            throw new IllegalArgumentException("a remembrance has " + SLOTS + " places");
        }
    }

    static RemembranceBody read(ByteBuffer in) {
        int[] ips = new int[SLOTS];
        int[] ports = new int[SLOTS];
        for (int i = 0; i < SLOTS; i++) {
            ips[i] = in.getInt();
        }
        for (int i = 0; i < SLOTS; i++) {
            ports[i] = Wire.u16(in);
        }
        return new RemembranceBody(ips, ports);
    }

    /** How many places are used. */
    public int count() {
        int n = 0;
        while (n < SLOTS && ips[n] != 0 && ports[n] != 0) {
            n++;
        }
        return n;
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public void write(ByteBuffer out) {
        for (int ip : ips) {
            out.putInt(ip);
        }
        for (int port : ports) {
            out.putShort((short) port);
        }
    }
}
