package tier6.tap.memory;

import static tier6.tap.memory.Words.put16;
import static tier6.tap.memory.Words.u16;
import static tier6.tap.memory.Words.u8;

import java.util.Arrays;
import tier6.api.counter.Counters;
import tier6.api.frame.Ethernet;

/** IPv6 (RFC 8200), neighbour discovery (RFC 4861) and echo of ICMPv6 (RFC 4443). */
final class Ipv6Stack extends Stack {
    private static final int SIZE = 16;
    private static final int HEADER = 40;
    private static final int SOURCE = 8;
    private static final int DESTINATION = 24;
    private static final int ICMP = 58;
    private static final int ECHO_REQUEST = 128;
    private static final int ECHO_REPLY = 129;
    private static final int SOLICITATION = 135;
    private static final int ADVERTISEMENT = 136;
    private static final int SOLICITED = 0x40;
    private static final int OVERRIDE = 0x20;

    /** Offset of the target in a message of neighbour discovery, and of the options behind it. */
    private static final int TARGET = 8, OPTIONS = 24;

    private static final int SOURCE_MAC = 1;
    private static final int TARGET_MAC = 2;

    /** Neighbour discovery comes from this link only if nobody has forwarded it. */
    private static final int LINK_HOPS = 255;

    private static final int FRAGMENT = 44;
    private static final byte[] UNSPECIFIED = new byte[SIZE];
    private static final byte[] ALL_NODES = group(0xff02, 1);

    Ipv6Stack(MemoryTap tap, Echoes echoes, Neighbours neighbours, Counters<HostCount> counters) {
        super(tap, echoes, neighbours, counters);
    }

    /** The address that every host has by itself (RFC 4291 section 2.5.6 and appendix A). */
    static byte[] linkLocal(long mac) {
        byte[] address = new byte[SIZE];
        put16(address, 0, 0xfe80);
        byte[] six = new byte[6];
        Ethernet.putMac(six, 0, mac ^ 0x0200_0000_0000L);
        System.arraycopy(six, 0, address, 8, 3);
        put16(address, 11, 0xfffe);
        System.arraycopy(six, 3, address, 13, 3);
        return address;
    }

    private static byte[] group(int head, int tail) {
        byte[] address = new byte[SIZE];
        put16(address, 0, head);
        address[15] = (byte) tail;
        return address;
    }

    /** The group that whoever has {@code target} listens to (RFC 4291 section 2.7.1). */
    private static byte[] solicitedNode(byte[] target) {
        byte[] group = group(0xff02, 0);
        group[11] = 1;
        group[12] = (byte) 0xff;
        System.arraycopy(target, 13, group, 13, 3);
        return group;
    }

    /** The hardware address of a group (RFC 2464 section 7). */
    private static long groupMac(byte[] group) {
        return 0x3333_0000_0000L | (u16(group, 12) & 0xffffL) << 16 | u16(group, 14);
    }

    @Override
    void receive(byte[] data, int frame, int packet, int end) {
        if (end - packet < HEADER || u8(data, packet) >> 4 != 6 || u16(data, packet + 4) > end - packet - HEADER) {
            count(HostCount.DROP_MALFORMED);
            return;
        }
        int last = packet + HEADER + u16(data, packet + 4);
        int next = u8(data, packet + 6);
        if (!forUs(data, packet + DESTINATION) || u8(data, packet + SOURCE) == 0xff) {
            count(HostCount.DROP_IGNORED);
        } else if (next == FRAGMENT) {
            count(HostCount.DROP_FRAGMENT);
        } else if (next == 0 || next == 43 || next == 60 || next == 51) {
            count(HostCount.DROP_OPTIONS);
        } else if (next == ICMP) {
            receiveIcmp(data, frame, packet, last);
        } else {
            count(HostCount.DROP_IGNORED);
        }
    }

    private boolean forUs(byte[] data, int at) {
        if (own(data, at) != null || matches(ALL_NODES, data, at)) {
            return true;
        }
        for (byte[] address : addresses()) {
            if (u16(data, at) == 0xff02 && matches(solicitedNode(address), data, at)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] address, byte[] data, int at) {
        return Arrays.equals(address, 0, SIZE, data, at, at + SIZE);
    }

    private void receiveIcmp(byte[] data, int frame, int packet, int end) {
        int icmp = packet + HEADER;
        if (end - icmp < ECHO) {
            count(HostCount.DROP_MALFORMED);
            return;
        }
        if (checksum(data, packet, end - icmp) != 0) {
            count(HostCount.DROP_CHECKSUM);
            return;
        }
        boolean discovery = end - icmp >= OPTIONS && u8(data, packet + 7) == LINK_HOPS && u8(data, icmp + 1) == 0;
        switch (u8(data, icmp)) {
            case ECHO_REQUEST -> receiveEcho(data, frame, packet, end);
            case ECHO_REPLY ->
                count(
                        echoes.reply(data, icmp, end, packet + SOURCE, SIZE)
                                ? HostCount.ECHO_REPLIES
                                : HostCount.DROP_IGNORED);
            case SOLICITATION -> {
                if (discovery) {
                    receiveSolicitation(data, frame, packet, end);
                } else {
                    count(HostCount.DROP_MALFORMED);
                }
            }
            case ADVERTISEMENT -> {
                if (discovery) {
                    receiveAdvertisement(data, frame, packet, end);
                } else {
                    count(HostCount.DROP_MALFORMED);
                }
            }
            default -> count(HostCount.DROP_IGNORED);
        }
    }

    private static int checksum(byte[] data, int packet, int size) {
        long pseudo = Words.sum(ICMP + size, data, packet + SOURCE, 2 * SIZE);
        return Words.checksum(Words.sum(pseudo, data, packet + HEADER, size));
    }

    private void receiveEcho(byte[] data, int frame, int packet, int end) {
        byte[] source = own(data, packet + DESTINATION);
        boolean known = own(data, packet + SOURCE) != null || matches(UNSPECIFIED, data, packet + SOURCE);
        if (source == null || known || !answerable(data, frame) || u8(data, packet + HEADER + 1) != 0) {
            count(HostCount.DROP_IGNORED);
            return;
        }
        byte[] target = Arrays.copyOfRange(data, packet + SOURCE, packet + SOURCE + SIZE);
        byte[] message = Arrays.copyOfRange(data, packet + HEADER, end);
        message[0] = (byte) ECHO_REPLY;
        send(Ethernet.mac(data, frame + 6), source, target, 64, message);
        count(HostCount.ECHO_ANSWERS);
    }

    private void receiveSolicitation(byte[] data, int frame, int packet, int end) {
        byte[] asked = own(data, packet + HEADER + TARGET);
        long mac = option(SOURCE_MAC, data, packet + HEADER + OPTIONS, end, Ethernet.mac(data, frame + 6));
        if (asked == null || own(data, packet + SOURCE) != null) {
            count(HostCount.DROP_IGNORED);
        } else if (!isStation(mac)) {
            count(HostCount.DROP_MALFORMED);
        } else if (matches(UNSPECIFIED, data, packet + SOURCE)) {
            // Somebody wants to know whether the address is free (RFC 4862): it is not, and all may know.
            advertise(groupMac(ALL_NODES), asked, ALL_NODES, OVERRIDE);
            count(HostCount.NEIGHBOUR_ANSWERS);
        } else {
            byte[] target = Arrays.copyOfRange(data, packet + SOURCE, packet + SOURCE + SIZE);
            advertise(mac, asked, target, SOLICITED | OVERRIDE);
            count(HostCount.NEIGHBOUR_ANSWERS);
        }
    }

    private void receiveAdvertisement(byte[] data, int frame, int packet, int end) {
        int target = packet + HEADER + TARGET;
        long mac = option(TARGET_MAC, data, packet + HEADER + OPTIONS, end, Ethernet.mac(data, frame + 6));
        if (!isStation(mac) || u8(data, target) == 0xff) {
            count(HostCount.DROP_MALFORMED);
        } else {
            neighbours.learn(address(data, target, SIZE), mac);
        }
    }

    /** The hardware address in an option; {@code otherwise} without such an option, 0 if the options are malformed. */
    private static long option(int wanted, byte[] data, int from, int end, long otherwise) {
        long mac = otherwise;
        int at = from;
        while (at < end) {
            int size = at + 1 < end ? 8 * u8(data, at + 1) : 0;
            if (size == 0 || at + size > end) {
                return 0;
            }
            if (u8(data, at) == wanted) {
                mac = Ethernet.mac(data, at + 2);
            }
            at += size;
        }
        return mac;
    }

    private void advertise(long mac, byte[] address, byte[] target, int flags) {
        byte[] message = discovery(ADVERTISEMENT, address, TARGET_MAC);
        message[4] = (byte) flags;
        send(mac, address, target, LINK_HOPS, message);
    }

    private byte[] discovery(int type, byte[] target, int option) {
        byte[] message = new byte[OPTIONS + 8];
        message[0] = (byte) type;
        System.arraycopy(target, 0, message, TARGET, SIZE);
        message[OPTIONS] = (byte) option;
        message[OPTIONS + 1] = 1;
        Ethernet.putMac(message, OPTIONS + 2, mac());
        return message;
    }

    @Override
    void solicit(byte[] source, byte[] target) {
        byte[] group = solicitedNode(target);
        send(groupMac(group), source, group, LINK_HOPS, discovery(SOLICITATION, target, SOURCE_MAC));
    }

    /** An unsolicited advertisement (RFC 4861 section 7.2.6). */
    @Override
    void announce(byte[] address) {
        advertise(groupMac(ALL_NODES), address, ALL_NODES, OVERRIDE);
    }

    /** A link-local address speaks to such, and others to others (a little of RFC 6724). */
    @Override
    byte[] source(byte[] target) {
        byte[] best = null;
        int bestPrefix = -1;
        for (byte[] address : addresses()) {
            int prefix = Arrays.mismatch(address, target);
            if (isLinkLocal(address) == isLinkLocal(target) && prefix > bestPrefix) {
                best = address;
                bestPrefix = prefix;
            }
        }
        return best;
    }

    private static boolean isLinkLocal(byte[] address) {
        return (u16(address, 0) & 0xffc0) == 0xfe80;
    }

    @Override
    void echo(byte[] source, byte[] target, long mac, int identifier, int sequence, byte[] payload) {
        byte[] message = new byte[ECHO + payload.length];
        message[0] = (byte) ECHO_REQUEST;
        put16(message, 4, identifier);
        put16(message, 6, sequence);
        System.arraycopy(payload, 0, message, ECHO, payload.length);
        send(mac, source, target, 64, message);
    }

    /** Sends an ICMPv6 message; its checksum is put in here. */
    private void send(long mac, byte[] source, byte[] target, int hops, byte[] message) {
        byte[] frame = frame(mac, Ethernet.IPV6, HEADER + message.length);
        frame[PACKET] = 0x60;
        put16(frame, PACKET + 4, message.length);
        frame[PACKET + 6] = ICMP;
        frame[PACKET + 7] = (byte) hops;
        System.arraycopy(source, 0, frame, PACKET + SOURCE, SIZE);
        System.arraycopy(target, 0, frame, PACKET + DESTINATION, SIZE);
        System.arraycopy(message, 0, frame, PACKET + HEADER, message.length);
        put16(frame, PACKET + HEADER + 2, 0);
        put16(frame, PACKET + HEADER + 2, checksum(frame, PACKET, message.length));
        send(frame);
    }
}
