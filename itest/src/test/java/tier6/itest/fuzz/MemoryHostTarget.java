package tier6.itest.fuzz;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.tap.TapConfig;
import tier6.sanctum.crypto.RandomSource;
import tier6.tap.memory.MemoryHost;
import tier6.tap.memory.MemoryTap;

/** The host without a kernel: whatever frames a switch hands to it. */
final class MemoryHostTarget {
    private static final long MAC = 0x06010a000001L;
    private static final long PEER = 0x06020a000002L;
    private static final int MTU = 1404;
    private static final int LONGEST = MTU + 100;

    private MemoryHostTarget() {}

    static Target target() {
        return new Target("memory-host", LONGEST, seeds(), MemoryHostTarget::host);
    }

    private static Decoder host(RandomSource random) throws UnknownHostException {
        MemoryTap tap = new MemoryTap(new TapConfig("fuzz", MAC, MTU, Optional.empty()));
        MemoryHost host = new MemoryHost(tap);
        host.addresses(List.of(InetAddress.getByName("10.0.0.1"), InetAddress.getByName("fd00::1")));
        Batch answers = new Batch(1, 64, 1 << 17);
        return (input, length) -> {
            host.receive(input, 0, length);
            tap.wakeup();
            answers.clear();
            tap.read(0, answers);
        };
    }

    private static ByteBuffer frame(int type) {
        ByteBuffer frame = ByteBuffer.allocate(LONGEST);
        Ethernet.putMac(frame.array(), 0, MAC);
        Ethernet.putMac(frame.array(), 6, PEER);
        return frame.position(12).putShort((short) type);
    }

    private static byte[] done(ByteBuffer frame) {
        return Target.whole(frame.array(), frame.position());
    }

    private static List<byte[]> seeds() {
        byte[] four = {10, 0, 0, 1};
        byte[] fourPeer = {10, 0, 0, 2};
        byte[] six = new byte[16];
        six[0] = (byte) 0xfd;
        six[15] = 1;
        byte[] sixPeer = six.clone();
        sixPeer[15] = 2;
        byte[] mac = {6, 2, 10, 0, 0, 2};
        ByteBuffer arp = frame(Ethernet.ARP)
                .putShort((short) 1)
                .putShort((short) Ethernet.IPV4)
                .put((byte) 6)
                .put((byte) 4)
                .putShort((short) 1)
                .put(mac)
                .put(fourPeer)
                .put(new byte[6])
                .put(four);
        ByteBuffer ping = frame(Ethernet.IPV4);
        int at = ping.position();
        ping.putShort((short) 0x4500)
                .putShort((short) 48)
                .putInt(0)
                .putShort((short) 0x4001)
                .putShort((short) 0)
                .put(fourPeer)
                .put(four);
        ping.putShort(at + 10, (short) checksum(ping.array(), at, 20, 0));
        int icmp = ping.position();
        ping.putShort((short) 0x0800).putShort((short) 0).putInt(0x00010001).put(new byte[20]);
        ping.putShort(icmp + 2, (short) checksum(ping.array(), icmp, 28, 0));
        return List.of(
                done(arp),
                done(ping),
                icmp6(128, 0, sixPeer, six, new byte[24]),
                icmp6(135, 0, sixPeer, six, solicit(six)));
    }

    private static byte[] solicit(byte[] target) {
        return ByteBuffer.allocate(4 + 16 + 8)
                .putInt(0)
                .put(target)
                .putShort((short) 0x0101)
                .put(new byte[] {6, 2, 10, 0, 0, 2})
                .array();
    }

    private static byte[] icmp6(int type, int code, byte[] from, byte[] to, byte[] body) {
        ByteBuffer frame = frame(Ethernet.IPV6);
        int length = 4 + body.length;
        int pseudo = frame.position() + 8;
        frame.putInt(0x60000000)
                .putShort((short) length)
                .put((byte) 58)
                .put((byte) 255)
                .put(from)
                .put(to);
        int at = frame.position();
        frame.put((byte) type).put((byte) code).putShort((short) 0).put(body);
        int sum = ~checksum(frame.array(), pseudo, 32, 58 + length) & 0xffff;
        frame.putShort(at + 2, (short) checksum(frame.array(), at, length, sum));
        return done(frame);
    }

    private static int checksum(byte[] data, int at, int length, int initial) {
        int sum = initial;
        for (int i = 0; i < length; i += 2) {
            sum += (data[at + i] & 0xff) << 8 | (i + 1 < length ? data[at + i + 1] & 0xff : 0);
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }
}
