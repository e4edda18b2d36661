package tier6.tap.linux.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.libc.Libc;

/**
 * Finds out which super-frames the kernel takes, before it matters. An interface that is down refuses a good frame for
 * being down, after it has looked at the headers, and one whose headers it does not understand as invalid; so nobody
 * ever sees these frames.
 */
final class SelfTest {
    private static final int PAYLOAD = 200;

    private SelfTest() {}

    /** Those of {@code offloads} that {@code file}, whose interface is down, takes on writing. */
    static Set<Offload> accepted(TunFile file, Set<Offload> offloads) {
        EnumSet<Offload> accepted = EnumSet.noneOf(Offload.class);
        accepted.addAll(offloads);
        for (int type : new int[] {
            Vnet.GSO_TCPV4, Vnet.GSO_TCPV6, Vnet.GSO_TCPV4 | Vnet.GSO_ECN, Vnet.GSO_UDP_L4,
        }) {
            Set<Offload> needed = needed(type);
            if (accepted.containsAll(needed) && !takes(file, type)) {
                accepted.removeAll(needed);
            }
        }
        return accepted;
    }

    /** What is not to be had if super-frames of {@code type} are not. */
    static Set<Offload> needed(int type) {
        return switch (type) {
            case Vnet.GSO_TCPV4 -> EnumSet.of(Offload.TSO4);
            case Vnet.GSO_TCPV6 -> EnumSet.of(Offload.TSO6);
            case Vnet.GSO_UDP_L4 -> EnumSet.of(Offload.USO4, Offload.USO6);
            default -> EnumSet.of(Offload.ECN);
        };
    }

    private static boolean takes(TunFile file, int type) {
        boolean[] taken = {false};
        ByteBuffer packet = Libc.allocate(Coalescer.PACKET);
        Coalescer coalescer = new Coalescer(EnumSet.allOf(Offload.class), packet, new Coalescer.Sink() {
            @Override
            public void plain(byte[] data, int at, int length) {}

            @Override
            public boolean merged(ByteBuffer merged, int length, int joined) {
                taken[0] = Libc.write(file.fd(), Libc.address(merged), length) >= 0 || Libc.errno() == Libc.EIO;
                return true;
            }
        });
        coalescer.write(pair(type));
        return taken[0];
    }

    /** Two frames that join to a super-frame of {@code type}. */
    private static Batch pair(int type) {
        ByteBuffer buffer = ByteBuffer.allocate(Vnet.SIZE + 1000);
        boolean tcp = type != Vnet.GSO_UDP_L4;
        boolean ipv6 = type == Vnet.GSO_TCPV6;
        int l3 = Ethernet.HEADER;
        int l4 = l3 + (ipv6 ? Packets.IPV6_HEADER : Packets.IPV4_HEADER);
        int headers = l4 + (tcp ? Packets.TCP_HEADER : Packets.UDP_HEADER);
        int at = Vnet.SIZE;
        buffer.putShort(at + 12, (short) (ipv6 ? Ethernet.IPV6 : Ethernet.IPV4));
        if (ipv6) {
            buffer.put(at + l3, (byte) 0x60).put(at + l3 + Packets.IPV6_NEXT, (byte) Packets.TCP);
        } else {
            buffer.put(at + l3, (byte) 0x45).put(at + l3 + 8, (byte) 64);
            buffer.put(at + l3 + 9, (byte) (tcp ? Packets.TCP : Packets.UDP));
        }
        if (tcp) {
            int cwr = (type & Vnet.GSO_ECN) != 0 ? Packets.CWR : 0;
            buffer.put(at + l4 + 12, (byte) 0x50).put(at + l4 + Packets.TCP_FLAGS, (byte) (Packets.ACK | cwr));
        }
        buffer.order(ByteOrder.nativeOrder())
                .put(Vnet.FLAGS, (byte) Vnet.NEEDS_CSUM)
                .put(Vnet.GSO_TYPE, (byte) type)
                .putShort(Vnet.GSO_SIZE, (short) PAYLOAD)
                .putShort(Vnet.CSUM_START, (short) l4);
        Segmenter segmenter = new Segmenter();
        Batch pair = new Batch(Batch.CONTROL_LANE, 2, 1 << 10);
        segmenter.begin(buffer, Vnet.SIZE + headers + 2 * PAYLOAD);
        segmenter.drain(pair);
        return pair;
    }
}
