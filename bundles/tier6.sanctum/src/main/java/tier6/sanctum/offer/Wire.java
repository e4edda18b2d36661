package tier6.sanctum.offer;

import java.nio.ByteBuffer;

/** The odd corners of the wire format, on buffers that are big-endian otherwise. */
final class Wire {

    private Wire() {}

    static byte[] bytes(ByteBuffer in, int n) {
        byte[] out = new byte[n];
        in.get(out);
        return out;
    }

    static int u8(ByteBuffer in) {
        return in.get() & 0xff;
    }

    static int u16(ByteBuffer in) {
        return in.getShort() & 0xffff;
    }

    /** A field that the C programs store in host order, which is little-endian on every machine they run on. */
    static int hostOrder(ByteBuffer in) {
        return Integer.reverseBytes(in.getInt());
    }

    static void hostOrder(ByteBuffer out, int value) {
        out.putInt(Integer.reverseBytes(value));
    }
}
