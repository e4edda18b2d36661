package tier6.tap.linux.internal;

import static tier6.tap.linux.internal.Checksum.u16;

import tier6.api.frame.Ethernet;

/** The words of IP, TCP and UDP that segmentation and coalescing share. */
final class Packets {
    static final int TCP = 6, UDP = 17;
    static final int IPV4_HEADER = 20, IPV6_HEADER = 40, TCP_HEADER = 20, UDP_HEADER = 8;

    /** Offsets in an IPv4 header. */
    static final int IPV4_LENGTH = 2, IPV4_ID = 4, IPV4_FRAGMENT = 6, IPV4_CHECKSUM = 10, IPV4_ADDRESSES = 12;

    /** Don't fragment, in the field at {@link #IPV4_FRAGMENT}. */
    static final int DONT_FRAGMENT = 0x4000;

    /** Offsets in an IPv6 header. */
    static final int IPV6_LENGTH = 4, IPV6_NEXT = 6, IPV6_ADDRESSES = 8;

    /** Offsets in a TCP header. */
    static final int TCP_SEQUENCE = 4, TCP_ACK = 8, TCP_FLAGS = 13, TCP_CHECKSUM = 16;

    /** Bits at {@link #TCP_FLAGS}. */
    static final int FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32, CWR = 128;

    /** Offsets in a UDP header. */
    static final int UDP_LENGTH = 4, UDP_CHECKSUM = 6;

    private static final int QINQ = 0x88a8;
    private static final int TAGS = 2;

    private Packets() {}

    /** Where the EtherType of the payload lies in the frame at {@code frame}, behind at most two VLAN tags. */
    static int typeOffset(byte[] data, int frame, int length) {
        int at = 2 * 6;
        for (int tags = 0; tags < TAGS && at + 2 + Ethernet.VLAN_TAG <= length; tags++) {
            int type = u16(data, frame + at);
            if (type != Ethernet.VLAN && type != QINQ) {
                break;
            }
            at += Ethernet.VLAN_TAG;
        }
        return at;
    }

    /** The sum of the pseudo header (RFC 9293, 3.1; RFC 8200, 8.1): addresses, protocol and length. */
    static int pseudoSum(byte[] data, int addresses, int addressBytes, int protocol, int length) {
        return Checksum.add(Checksum.sum(data, addresses, addressBytes), Checksum.add(protocol, length));
    }
}
