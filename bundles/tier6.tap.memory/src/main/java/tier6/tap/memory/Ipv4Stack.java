package tier6.tap.memory;

import static tier6.tap.memory.Words.put16;
import static tier6.tap.memory.Words.u16;
import static tier6.tap.memory.Words.u8;

import java.util.Arrays;
import tier6.api.counter.Counters;
import tier6.api.frame.Ethernet;

/** ARP (RFC 826), IPv4 (RFC 791) and echo of ICMP (RFC 792). */
final class Ipv4Stack extends Stack {
    private static final int SIZE = 4;
    private static final int ARP = 28;
    private static final int REQUEST = 1;
    private static final int REPLY = 2;

    /** Offsets in an ARP packet for Ethernet and IPv4: addresses of sender and target. */
    private static final int SENDER_MAC = 8, SENDER = 14, TARGET_MAC = 18, TARGET = 24;

    private static final int HEADER = 20;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;
    private static final int ICMP = 1;
    private static final int ECHO_REPLY = 0;
    private static final int ECHO_REQUEST = 8;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int FRAGMENT = 0x3fff;

    Ipv4Stack(MemoryTap tap, Echoes echoes, Neighbours neighbours, Counters<HostCount> counters) {
        super(tap, echoes, neighbours, counters);
    }

    void receiveArp(byte[] data, int packet, int end) {
        if (end - packet < ARP || u16(data, packet) != 1) {
            count(HostCount.DROP_MALFORMED);
            return;
        }
        if (u16(data, packet + 2) != Ethernet.IPV4 || u8(data, packet + 4) != 6 || u8(data, packet + 5) != SIZE) {
            count(HostCount.DROP_MALFORMED);
            return;
        }
        long sender = Ethernet.mac(data, packet + SENDER_MAC);
        int operation = u16(data, packet + 6);
        byte[] asked = own(data, packet + TARGET);
        if (!isStation(sender) || own(data, packet + SENDER) != null) {
            count(HostCount.DROP_IGNORED);
        } else if (operation == REQUEST && asked != null) {
            byte[] target = Arrays.copyOfRange(data, packet + SENDER, packet + SENDER + SIZE);
            sendArp(sender, REPLY, asked, sender, target);
            count(HostCount.NEIGHBOUR_ANSWERS);
        } else {
            // An answer, or an announcement: both say who the sender is.
            neighbours.learn(address(data, packet + SENDER, SIZE), sender);
        }
    }

    private void sendArp(long destination, int operation, byte[] source, long targetMac, byte[] target) {
        byte[] frame = frame(destination, Ethernet.ARP, ARP);
        put16(frame, PACKET, 1);
        put16(frame, PACKET + 2, Ethernet.IPV4);
        frame[PACKET + 4] = 6;
        frame[PACKET + 5] = SIZE;
        put16(frame, PACKET + 6, operation);
        Ethernet.putMac(frame, PACKET + SENDER_MAC, mac());
        System.arraycopy(source, 0, frame, PACKET + SENDER, SIZE);
        Ethernet.putMac(frame, PACKET + TARGET_MAC, targetMac);
        System.arraycopy(target, 0, frame, PACKET + TARGET, SIZE);
        send(frame);
    }

    @Override
    void solicit(byte[] source, byte[] target) {
        sendArp(Ethernet.BROADCAST, REQUEST, source, 0, target);
    }

    /** An ARP announcement (RFC 5227 section 2.3). */
    @Override
    void announce(byte[] address) {
        sendArp(Ethernet.BROADCAST, REQUEST, address, 0, address);
    }

    @Override
    byte[] source(byte[] target) {
        byte[] best = null;
        int bestPrefix = -1;
        for (byte[] address : addresses()) {
            int prefix = Arrays.mismatch(address, target);
            if (prefix > bestPrefix) {
                best = address;
                bestPrefix = prefix;
            }
        }
        return best;
    }

    @Override
    void receive(byte[] data, int frame, int packet, int end) {
        if (end - packet < HEADER || u8(data, packet) >> 4 != 4) {
            count(HostCount.DROP_MALFORMED);
            return;
        }
        int header = (u8(data, packet) & 0xf) * 4;
        int total = u16(data, packet + 2);
        if (header < HEADER || total < header || total > end - packet) {
            count(HostCount.DROP_MALFORMED);
        } else if (Words.checksum(Words.sum(0, data, packet, header)) != 0) {
            count(HostCount.DROP_CHECKSUM);
        } else if (own(data, packet + DESTINATION) == null || u8(data, packet + 9) != ICMP) {
            count(HostCount.DROP_IGNORED);
        } else if (header != HEADER) {
            count(HostCount.DROP_OPTIONS);
        } else if ((u16(data, packet + 6) & FRAGMENT) != 0) {
            count(HostCount.DROP_FRAGMENT);
        } else {
            receiveIcmp(data, frame, packet, packet + total);
        }
    }

    private void receiveIcmp(byte[] data, int frame, int packet, int end) {
        int icmp = packet + HEADER;
        if (end - icmp < ECHO) {
            count(HostCount.DROP_MALFORMED);
            return;
        }
        if (Words.checksum(Words.sum(0, data, icmp, end - icmp)) != 0) {
            count(HostCount.DROP_CHECKSUM);
            return;
        }
        int type = u16(data, icmp); // with the code, which is 0 in what we know
        if (!answerable(data, frame) || !isHost(data, packet + SOURCE)) {
            count(HostCount.DROP_IGNORED);
        } else if (type == ECHO_REQUEST << 8) {
            answer(data, frame, packet, end);
            count(HostCount.ECHO_ANSWERS);
        } else if (type == ECHO_REPLY << 8 && echoes.reply(data, icmp, end, packet + SOURCE, SIZE)) {
            count(HostCount.ECHO_REPLIES);
        } else {
            count(HostCount.DROP_IGNORED);
        }
    }

    /** Whether another host can have this address. */
    private boolean isHost(byte[] data, int at) {
        int first = u8(data, at);
        return first != 0 && first != 127 && first < 224 && own(data, at) == null;
    }

    private void answer(byte[] data, int frame, int packet, int end) {
        byte[] source = Arrays.copyOfRange(data, packet + DESTINATION, packet + DESTINATION + SIZE);
        byte[] target = Arrays.copyOfRange(data, packet + SOURCE, packet + SOURCE + SIZE);
        sendIcmp(Ethernet.mac(data, frame + 6), source, target, ECHO_REPLY, data, packet + HEADER + 4, end);
    }

    @Override
    void echo(byte[] source, byte[] target, long mac, int identifier, int sequence, byte[] payload) {
        byte[] rest = new byte[4 + payload.length];
        put16(rest, 0, identifier);
        put16(rest, 2, sequence);
        System.arraycopy(payload, 0, rest, 4, payload.length);
        sendIcmp(mac, source, target, ECHO_REQUEST, rest, 0, rest.length);
    }

    /** Sends an ICMP message; what follows its checksum is between {@code from} and {@code to}. */
    private void sendIcmp(long mac, byte[] source, byte[] target, int type, byte[] data, int from, int to) {
        int size = 4 + to - from;
        byte[] frame = frame(mac, Ethernet.IPV4, HEADER + size);
        int at = PACKET;
        frame[at] = 0x45;
        put16(frame, at + 2, HEADER + size);
        put16(frame, at + 6, DONT_FRAGMENT);
        frame[at + 8] = 64;
        frame[at + 9] = ICMP;
        System.arraycopy(source, 0, frame, at + SOURCE, SIZE);
        System.arraycopy(target, 0, frame, at + DESTINATION, SIZE);
        put16(frame, at + 10, Words.checksum(Words.sum(0, frame, at, HEADER)));
        int icmp = at + HEADER;
        frame[icmp] = (byte) type;
        System.arraycopy(data, from, frame, icmp + 4, to - from);
        put16(frame, icmp + 2, Words.checksum(Words.sum(0, frame, icmp, size)));
        send(frame);
    }
}
