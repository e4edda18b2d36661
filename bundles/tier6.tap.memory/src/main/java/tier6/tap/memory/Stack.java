package tier6.tap.memory;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import tier6.api.counter.Counters;
import tier6.api.frame.Ethernet;

/** What the two versions of IP have in common on a {@link MemoryHost}. */
abstract sealed class Stack permits Ipv4Stack, Ipv6Stack {
    /** Where an Ethernet payload begins. */
    static final int PACKET = Ethernet.HEADER;

    /** Bytes of an ICMP echo before its payload: type, code, checksum, identifier, sequence number. */
    static final int ECHO = 8;

    private final MemoryTap tap;
    final Echoes echoes;
    final Neighbours neighbours;
    final Counters<HostCount> counters;

    /** Own addresses, as bytes; replaced as a whole. */
    private volatile byte[][] addresses = {};

    Stack(MemoryTap tap, Echoes echoes, Neighbours neighbours, Counters<HostCount> counters) {
        this.tap = tap;
        this.echoes = echoes;
        this.neighbours = neighbours;
        this.counters = counters;
    }

    final void addresses(List<InetAddress> next) {
        addresses = next.stream().map(InetAddress::getAddress).toArray(byte[][]::new);
    }

    final byte[][] addresses() {
        return addresses;
    }

    /** Which of our addresses lies at {@code at}, or null. */
    final byte[] own(byte[] data, int at) {
        for (byte[] address : addresses) {
            if (Arrays.equals(address, 0, address.length, data, at, at + address.length)) {
                return address;
            }
        }
        return null;
    }

    final long mac() {
        return tap.mac();
    }

    /** Starts a frame with {@code size} bytes of payload. */
    final byte[] frame(long destination, int etherType, int size) {
        byte[] frame = new byte[PACKET + size];
        Ethernet.putMac(frame, 0, destination);
        Ethernet.putMac(frame, 6, mac());
        Words.put16(frame, 12, etherType);
        return frame;
    }

    final void send(byte[] frame) {
        tap.send(frame, 0, frame.length);
    }

    final void count(HostCount what) {
        counters.add(what, 1);
    }

    /** Whether a frame can be answered: it was sent to us alone, by somebody. */
    final boolean answerable(byte[] data, int frame) {
        return Ethernet.mac(data, frame) == mac() && isStation(Ethernet.mac(data, frame + 6));
    }

    /** Whether one host can have this hardware address. */
    static boolean isStation(long mac) {
        return mac != 0 && !Ethernet.isGroup(mac);
    }

    static InetAddress address(byte[] data, int at, int size) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(data, at, at + size));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e); // only for sizes other than 4 and 16
        }
    }

    /** Takes the packet between {@code packet} and {@code end} of the frame at {@code frame}. */
    abstract void receive(byte[] data, int frame, int packet, int end);

    /** Asks for the hardware address of {@code target}. */
    abstract void solicit(byte[] source, byte[] target);

    /** Tells everybody about one of our addresses. */
    abstract void announce(byte[] address);

    /** Which of our addresses is right to speak to {@code target}, or null. */
    abstract byte[] source(byte[] target);

    /** Sends an echo request. */
    abstract void echo(byte[] source, byte[] target, long mac, int identifier, int sequence, byte[] payload);
}
