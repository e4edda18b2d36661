package tier6.api.frame;

import java.util.HexFormat;

/**
 * The words of Ethernet (IEEE 802.3, 802.1Q). A MAC address is a {@code long} of 48 bits, first byte on the wire
 * highest, so that tables of them need no objects.
 */
public final class Ethernet {
    /** Bytes before the payload: two addresses and the EtherType. */
    public static final int HEADER = 14;

    /** Bytes that an 802.1Q tag adds. */
    public static final int VLAN_TAG = 4;

    /** EtherTypes, in the order of their numbers. */
    public static final int IPV4 = 0x0800, ARP = 0x0806, VLAN = 0x8100, IPV6 = 0x86dd;

    /** The broadcast address. */
    public static final long BROADCAST = 0xffff_ffff_ffffL;

    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    private Ethernet() {}

    /** The address at {@code at}: {@code at} is the frame's offset for the destination, +6 for the source. */
    public static long mac(byte[] data, int at) {
        return (data[at] & 0xffL) << 40
                | (data[at + 1] & 0xffL) << 32
                | (data[at + 2] & 0xffL) << 24
                | (data[at + 3] & 0xff) << 16
                | (data[at + 4] & 0xff) << 8
                | data[at + 5] & 0xff;
    }

    /** Writes {@code mac} at {@code at}. */
    public static void putMac(byte[] data, int at, long mac) {
        for (int i = 0; i < 6; i++) {
            data[at + i] = (byte) (mac >>> (40 - 8 * i));
        }
    }

    /** The EtherType of the frame that begins at {@code frame}; of a tagged frame, {@link #VLAN}. */
    public static int etherType(byte[] data, int frame) {
        return (data[frame + 12] & 0xff) << 8 | data[frame + 13] & 0xff;
    }

    /** Whether {@code mac} is a group address: broadcast or multicast. */
    public static boolean isGroup(long mac) {
        return (mac & 0x0100_0000_0000L) != 0;
    }

    /** As people write it: {@code 06:01:0a:00:00:01}. */
    public static String format(long mac) {
        byte[] bytes = new byte[6];
        putMac(bytes, 0, mac);
        return COLONS.formatHex(bytes);
    }

    /**
     * Reads what {@link #format} writes.
     *
     * @throws IllegalArgumentException if it is not six bytes in hexadecimal, separated by colons
     */
    public static long parse(String text) {
        byte[] bytes;
        try {
            bytes = COLONS.parseHex(text);
        } catch (IllegalArgumentException e) {
            bytes = new byte[0];
        }
        if (bytes.length != 6) {
            throw new IllegalArgumentException("not a MAC address such as 06:01:0a:00:00:01: " + text);
        }
        return mac(bytes, 0);
    }
}
