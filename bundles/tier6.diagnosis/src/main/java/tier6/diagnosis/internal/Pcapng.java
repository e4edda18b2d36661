package tier6.diagnosis.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tier6.api.vswitch.Mirror;

/**
 * Frames in the format of Wireshark and tcpdump (pcapng, draft-ietf-opsawg-pcapng): an interface for each port, described
 * when it is first seen; times in nanoseconds; the direction as a flag of the packet.
 */
final class Pcapng {
    private static final int SECTION = 0x0a0d0d0a, INTERFACE = 1, STATISTICS = 5, PACKET = 6;
    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final int LINKTYPE_ETHERNET = 1;

    /** Options of sections, interfaces, packets and statistics; codes mean something for each of them. */
    private static final int SHB_USERAPPL = 4, IF_NAME = 2, IF_TSRESOL = 9, EPB_FLAGS = 2, ISB_IFDROP = 5;

    private static final byte NANOSECONDS = 9;
    private static final int INBOUND = 1, OUTBOUND = 2;

    private final OutputStream out;
    private final int most;
    private final Map<String, Integer> interfaces = new LinkedHashMap<>();

    /** Begins a file. */
    Pcapng(OutputStream out, int most) throws IOException {
        this.out = out;
        this.most = most;
        Block section = new Block(SECTION, 64);
        section.body
                .putInt(BYTE_ORDER_MAGIC)
                .putShort((short) 1)
                .putShort((short) 0)
                .putLong(-1);
        section.option(SHB_USERAPPL, "tier6".getBytes(StandardCharsets.UTF_8));
        section.end();
    }

    void write(Recorder.Frame frame) throws IOException {
        int number = number(frame.port());
        Block packet = new Block(PACKET, frame.bytes().length + 64);
        packet.body
                .putInt(number)
                .putInt((int) (frame.nanos() >>> 32))
                .putInt((int) frame.nanos())
                .putInt(frame.bytes().length)
                .putInt(frame.length());
        packet.padded(frame.bytes());
        int direction = frame.direction() == Mirror.Direction.IN ? INBOUND : OUTBOUND;
        packet.option(EPB_FLAGS, number(direction));
        packet.end();
    }

    /** The number of a port's interface, which is described now if it was not before. */
    int number(String port) throws IOException {
        Integer known = interfaces.get(port);
        if (known != null) {
            return known;
        }
        Block description = new Block(INTERFACE, 3 * port.length() + 64);
        description.body.putShort((short) LINKTYPE_ETHERNET).putShort((short) 0).putInt(most);
        description.option(IF_NAME, port.getBytes(StandardCharsets.UTF_8));
        description.option(IF_TSRESOL, new byte[] {NANOSECONDS});
        description.end();
        interfaces.put(port, interfaces.size());
        return interfaces.size() - 1;
    }

    /** Ends the file with how many frames found no room; which port they were of is not known. */
    void end(long nanos, long lost) throws IOException {
        if (!interfaces.isEmpty()) {
            Block statistics = new Block(STATISTICS, 64);
            statistics.body.putInt(0).putInt((int) (nanos >>> 32)).putInt((int) nanos);
            statistics.option(
                    ISB_IFDROP,
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(lost)
                            .array());
            statistics.end();
        }
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    /** A block: its type, its length, a body of whole words, options, its length once more. */
    private final class Block {
        private final ByteBuffer body;

        Block(int type, int size) {
            body = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
            body.putInt(type).putInt(0);
        }

        void padded(byte[] bytes) {
            body.put(bytes);
            while (body.position() % Integer.BYTES != 0) {
                body.put((byte) 0);
            }
        }

        void option(int code, byte[] value) {
            body.putShort((short) code).putShort((short) value.length);
            padded(value);
        }

        /** Ends the options and writes the block. */
        void end() throws IOException {
            body.putInt(0);
            int length = body.position() + Integer.BYTES;
            body.putInt(length).putInt(Integer.BYTES, length);
            out.write(body.array(), 0, length);
        }
    }
}
