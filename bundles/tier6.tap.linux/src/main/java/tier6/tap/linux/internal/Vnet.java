package tier6.tap.linux.internal;

/**
 * The header in front of each frame that says what is left to do: {@code virtio_net_hdr} of the virtio specification,
 * 5.1.6, in the byte order of the machine.
 */
final class Vnet {
    /** Bytes of the header. */
    static final int SIZE = 10;

    /** Offsets of its fields: two bytes, then four numbers of 16 bits. */
    static final int FLAGS = 0, GSO_TYPE = 1, HEADER_LENGTH = 2, GSO_SIZE = 4, CSUM_START = 6, CSUM_OFFSET = 8;

    /** {@link #FLAGS}: the checksum at start + offset holds the pseudo header's sum only. */
    static final int NEEDS_CSUM = 1;

    /** {@link #GSO_TYPE}. */
    static final int GSO_NONE = 0, GSO_TCPV4 = 1, GSO_TCPV6 = 4, GSO_UDP_L4 = 5, GSO_ECN = 0x80;

    private Vnet() {}
}
