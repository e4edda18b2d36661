package tier6.names.internal;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import tier6.api.frame.Ethernet;

/**
 * The frames by which hosts ask whether an address is somebody's, and claim it: ARP for IPv4 (RFC 826, RFC 5227), neighbour
 * discovery for IPv6 (RFC 4861, RFC 4862). The owner of an address answers in its kernel.
 */
final class AddressProbe {
    private static final int LEAST_FRAME = 60;
    private static final int REQUEST = 1;

    /** Of ARP over Ethernet for IPv4: kinds and lengths of both addresses. */
    private static final long ARP = 0x0001_0800_06_04L;

    private static final int ARP_FIXED = Ethernet.HEADER, ARP_MAC = 22, ARP_IP = 28, ARP_END = 42;
    private static final int ARP_KINDS = 6;

    private static final int ICMPV6 = 58, SOLICITATION = 135, ADVERTISEMENT = 136, HOPS = 255;
    private static final int IPV6_NEXT = 20, IPV6_HOPS = 21, ICMP = 54, TARGET = 62, OPTION = 78, OPTION_END = 86;
    private static final int TARGET_LINK_LAYER = 2;

    private AddressProbe() {}

    /** Asks whether an address is somebody's. The answer goes to {@code from}, or to everybody. */
    static byte[] question(InetAddress address, long from) {
        return address instanceof Inet4Address
                ? arp(from, from, new byte[4], address.getAddress())
                : solicitation(address.getAddress(), from);
    }

    /** Claims an IPv4 address for {@code mac}; what is behind {@code from} sends it. */
    static byte[] announcement(InetAddress address, long mac, long from) {
        return arp(from, mac, address.getAddress(), address.getAddress());
    }

    private static byte[] arp(long from, long senderMac, byte[] sender, byte[] target) {
        byte[] frame = new byte[LEAST_FRAME];
        Ethernet.putMac(frame, 0, Ethernet.BROADCAST);
        Ethernet.putMac(frame, 6, from);
        ByteBuffer out = ByteBuffer.wrap(frame).position(12);
        out.putShort((short) Ethernet.ARP)
                .putShort((short) (ARP >> 32))
                .putInt((int) ARP)
                .putShort((short) REQUEST);
        Ethernet.putMac(frame, ARP_MAC, senderMac);
        out.position(ARP_IP);
        out.put(sender).put(new byte[6]).put(target);
        return frame;
    }

    /** As duplicate address detection sends it: from nobody, to those whose address ends in the same three bytes. */
    private static byte[] solicitation(byte[] target, long from) {
        byte[] group = {(byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte) 0xff, target[13], target[14], target[15]};
        ByteBuffer icmp = ByteBuffer.allocate(24);
        icmp.put((byte) SOLICITATION)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(0)
                .put(target);
        ByteBuffer frame = ByteBuffer.allocate(ICMP + icmp.capacity());
        frame.putShort((short) 0x3333).put(group, 12, 4);
        Ethernet.putMac(frame.array(), 6, from);
        frame.position(12);
        frame.putShort((short) Ethernet.IPV6)
                .putInt(6 << 28)
                .putShort((short) icmp.capacity())
                .put((byte) ICMPV6)
                .put((byte) HOPS)
                .put(new byte[16])
                .put(group);
        frame.put(icmp.array()).putShort(ICMP + 2, checksum(group, icmp.array()));
        return frame.array();
    }

    /** RFC 4443, section 2.3; the source is all zeroes. */
    private static short checksum(byte[] group, byte[] icmp) {
        int sum = icmp.length + ICMPV6;
        for (byte[] part : new byte[][] {group, icmp}) {
            for (int i = 0; i < part.length; i += 2) {
                sum += (part[i] & 0xff) << 8 | part[i + 1] & 0xff;
            }
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        return (short) ~(sum + (sum >>> 16));
    }

    /**
     * Whose hardware address a frame claims one of {@code addresses} for; 0 if it does not. Allocates nothing.
     *
     * @param addresses 4 or 16 bytes each
     */
    static long claimant(byte[] data, int at, int length, byte[][] addresses) {
        int type = length < ARP_END ? 0 : Ethernet.etherType(data, at);
        if (type == Ethernet.ARP && isArp(data, at)) {
            return isAny(data, at + ARP_IP, 4, addresses) ? Ethernet.mac(data, at + ARP_MAC) : 0;
        }
        boolean advertised = type == Ethernet.IPV6
                && length >= OPTION
                && data[at + IPV6_NEXT] == ICMPV6
                && (data[at + IPV6_HOPS] & 0xff) == HOPS
                && (data[at + ICMP] & 0xff) == ADVERTISEMENT;
        if (!advertised || !isAny(data, at + TARGET, 16, addresses)) {
            return 0;
        }
        boolean tells = length >= OPTION_END && data[at + OPTION] == TARGET_LINK_LAYER && data[at + OPTION + 1] == 1;
        return Ethernet.mac(data, tells ? at + OPTION + 2 : at + 6);
    }

    private static boolean isArp(byte[] data, int at) {
        for (int i = 0; i < ARP_KINDS; i++) {
            if (data[at + ARP_FIXED + i] != (byte) (ARP >> 8 * (ARP_KINDS - 1 - i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAny(byte[] data, int at, int size, byte[][] addresses) {
        for (byte[] address : addresses) {
            if (address.length == size && Arrays.equals(address, 0, size, data, at, at + size)) {
                return true;
            }
        }
        return false;
    }

    /** Which of {@code addresses} a frame claims that {@link #claimant} found to claim one. */
    static byte[] claimed(byte[] frame) {
        return Ethernet.etherType(frame, 0) == Ethernet.ARP
                ? Arrays.copyOfRange(frame, ARP_IP, ARP_IP + 4)
                : Arrays.copyOfRange(frame, TARGET, TARGET + 16);
    }
}
