package tier6.transport.sanctum.internal;

/**
 * Grace packets, with which sanctum daemons look after their tunnels (specification section 5.3): a 16-bit type, and in probes
 * and acks a 16-bit size, little-endian.
 */
final class Grace {
    /** Types: a probe is padded to its size, an ack tells what arrived. */
    static final int PROBE = 2, ACK = 3;

    /** Bytes of an ack. */
    static final int ACK_SIZE = 4;

    private Grace() {}

    static int type(byte[] data, int at) {
        return data[at] & 0xff | (data[at + 1] & 0xff) << 8;
    }

    static int size(byte[] data, int at) {
        return type(data, at + 2);
    }

    /** Writes an ack. */
    static void ack(byte[] data, int at, int size) {
        put(data, at, ACK, size);
    }

    /** Writes the beginning of a probe; the rest of it is zeroes. */
    static void probe(byte[] data, int at, int size) {
        put(data, at, PROBE, size);
    }

    private static void put(byte[] data, int at, int type, int size) {
        data[at] = (byte) type;
        data[at + 1] = 0;
        data[at + 2] = (byte) size;
        data[at + 3] = (byte) (size >> 8);
    }
}
