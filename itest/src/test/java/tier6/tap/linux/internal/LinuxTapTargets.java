package tier6.tap.linux.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.itest.fuzz.Decoder;
import tier6.itest.fuzz.Target;
import tier6.sanctum.crypto.RandomSource;

/** What the kernel hands over, and what peers send to be joined. */
public final class LinuxTapTargets {
    private static final int LONGEST = 6000;
    private static final int FRAME = 1418;

    private LinuxTapTargets() {}

    public static List<Target> all() {
        return List.of(
                new Target("segmenter", LONGEST, superFrames(), random -> segmenter()),
                new Target("coalescer", LONGEST, frames(), LinuxTapTargets::coalescer));
    }

    /** Headers of TCP or UDP over IPv4 or IPv6, behind a {@link Vnet} header, and a payload of zeroes. */
    private static byte[] packet(boolean ipv4, boolean tcp, boolean tagged, int payload, int segment) {
        ByteBuffer out = ByteBuffer.allocate(LONGEST).order(ByteOrder.nativeOrder());
        int l3 = Ethernet.HEADER + (tagged ? Ethernet.VLAN_TAG : 0);
        int l4 = l3 + (ipv4 ? Packets.IPV4_HEADER : Packets.IPV6_HEADER);
        int l4Header = tcp ? Packets.TCP_HEADER : Packets.UDP_HEADER;
        int type = !tcp ? Vnet.GSO_UDP_L4 : ipv4 ? Vnet.GSO_TCPV4 : Vnet.GSO_TCPV6;
        out.put((byte) Vnet.NEEDS_CSUM)
                .put((byte) (segment == 0 ? Vnet.GSO_NONE : type))
                .putShort((short) (l4 + l4Header))
                .putShort((short) segment)
                .putShort((short) l4)
                .putShort((short) (tcp ? Packets.TCP_CHECKSUM : Packets.UDP_CHECKSUM));
        out.order(ByteOrder.BIG_ENDIAN);
        out.putInt(0x06010a00).putInt(0x00010602).putInt(0x0a000002);
        if (tagged) {
            out.putInt(Ethernet.VLAN << Short.SIZE | 5);
        }
        int length = l4Header + payload;
        if (ipv4) {
            out.putShort((short) Ethernet.IPV4)
                    .putShort((short) 0x4500)
                    .putShort((short) (Packets.IPV4_HEADER + length))
                    .putInt(0x00014000)
                    .put((byte) 64)
                    .put((byte) (tcp ? Packets.TCP : Packets.UDP))
                    .putShort((short) 0)
                    .putInt(0x0a000001)
                    .putInt(0x0a000002);
        } else {
            out.putShort((short) Ethernet.IPV6)
                    .putInt(0x60000000)
                    .putShort((short) length)
                    .put((byte) (tcp ? Packets.TCP : Packets.UDP))
                    .put((byte) 64)
                    .position(out.position() + 32);
        }
        if (tcp) {
            out.putInt(0x04d20050).putInt(1).putInt(1).putShort((short) 0x5018).position(out.position() + 6);
        } else {
            out.putInt(0x04d20050).putShort((short) length).putShort((short) 0);
        }
        return Target.whole(out.array(), out.position() + payload);
    }

    private static List<byte[]> superFrames() {
        List<byte[]> all = new ArrayList<>();
        for (int kind = 0; kind < 8; kind++) {
            all.add(packet((kind & 1) != 0, (kind & 2) != 0, (kind & 4) != 0, 4000, 1300));
            all.add(packet((kind & 1) != 0, (kind & 2) != 0, (kind & 4) != 0, 100, 0));
        }
        return all;
    }

    private static Decoder segmenter() {
        Segmenter segmenter = new Segmenter();
        ByteBuffer source = ByteBuffer.allocateDirect(LONGEST).order(ByteOrder.nativeOrder());
        Batch batch = new Batch(1, 128, 1 << 17);
        return (input, length) -> {
            source.put(0, input, 0, length);
            if (length < Vnet.SIZE || !segmenter.begin(source, length)) {
                return;
            }
            long bytes = 0;
            while (!segmenter.isDone()) {
                batch.clear();
                if (segmenter.drain(batch) == 0) {
                    throw new AssertionError("a frame for ever");
                }
                bytes += batch.bytes();
                if (bytes > 600L * LONGEST) {
                    throw new AssertionError("more than there can be");
                }
            }
        };
    }

    /** A burst of a flow as a segmenter makes it, one frame behind the other in slots of the same size. */
    private static List<byte[]> frames() {
        List<byte[]> all = new ArrayList<>();
        for (int kind = 0; kind < 8; kind++) {
            byte[] big = packet((kind & 1) != 0, (kind & 2) != 0, (kind & 4) != 0, 4000, 1300);
            ByteBuffer source = ByteBuffer.wrap(big).order(ByteOrder.nativeOrder());
            Segmenter segmenter = new Segmenter();
            Batch batch = new Batch(1, 128, 1 << 17);
            if (!segmenter.begin(source, big.length) || segmenter.drain(batch) < 4) {
                throw new AssertionError("a seed makes no sense: " + kind);
            }
            byte[] burst = new byte[LONGEST];
            for (int i = 0; i < batch.count(); i++) {
                System.arraycopy(batch.data(), batch.offset(i), burst, i * FRAME, batch.length(i));
            }
            all.add(burst);
            all.add(batch.copy(3));
        }
        return all;
    }

    private static Decoder coalescer(RandomSource random) {
        long[] bytes = {0};
        ByteBuffer packet = ByteBuffer.allocateDirect(Coalescer.PACKET).order(ByteOrder.nativeOrder());
        Coalescer coalescer = new Coalescer(EnumSet.allOf(Offload.class), packet, new Coalescer.Sink() {
            @Override
            public void plain(byte[] data, int at, int length) {
                bytes[0] += length;
            }

            @Override
            public boolean merged(ByteBuffer merged, int length, int joined) {
                if (length > Coalescer.PACKET || joined < 2) {
                    throw new AssertionError(length + " bytes of " + joined);
                }
                bytes[0] += length;
                return (random.nextInt() & 3) != 0;
            }
        });
        Batch batch = new Batch(1, 64, 1 << 17);
        return (input, length) -> {
            batch.clear();
            for (int at = 0; at < length; at += FRAME) {
                int size = Math.min(FRAME, length - at);
                // As long as its IPv4 header says, now and then; else with what is behind.
                if (size > 34 && input[at + 12] == 8 && (random.nextInt() & 7) != 0) {
                    size = Math.min(size, Ethernet.HEADER + ((input[at + 16] & 0xff) << 8 | input[at + 17] & 0xff));
                }
                if (size >= Ethernet.HEADER) {
                    batch.append(input, at, size);
                }
            }
            coalescer.write(batch);
        };
    }
}
