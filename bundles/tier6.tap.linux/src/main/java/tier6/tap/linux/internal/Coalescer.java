package tier6.tap.linux.internal;

import static tier6.tap.linux.internal.Checksum.add;
import static tier6.tap.linux.internal.Checksum.i32;
import static tier6.tap.linux.internal.Checksum.i64;
import static tier6.tap.linux.internal.Checksum.sum;
import static tier6.tap.linux.internal.Checksum.u16;
import static tier6.tap.linux.internal.Checksum.u8;
import static tier6.tap.linux.internal.Packets.ACK;
import static tier6.tap.linux.internal.Packets.CWR;
import static tier6.tap.linux.internal.Packets.DONT_FRAGMENT;
import static tier6.tap.linux.internal.Packets.FIN;
import static tier6.tap.linux.internal.Packets.IPV4_ADDRESSES;
import static tier6.tap.linux.internal.Packets.IPV4_CHECKSUM;
import static tier6.tap.linux.internal.Packets.IPV4_FRAGMENT;
import static tier6.tap.linux.internal.Packets.IPV4_HEADER;
import static tier6.tap.linux.internal.Packets.IPV4_ID;
import static tier6.tap.linux.internal.Packets.IPV4_LENGTH;
import static tier6.tap.linux.internal.Packets.IPV6_ADDRESSES;
import static tier6.tap.linux.internal.Packets.IPV6_HEADER;
import static tier6.tap.linux.internal.Packets.IPV6_LENGTH;
import static tier6.tap.linux.internal.Packets.IPV6_NEXT;
import static tier6.tap.linux.internal.Packets.PSH;
import static tier6.tap.linux.internal.Packets.RST;
import static tier6.tap.linux.internal.Packets.SYN;
import static tier6.tap.linux.internal.Packets.TCP;
import static tier6.tap.linux.internal.Packets.TCP_ACK;
import static tier6.tap.linux.internal.Packets.TCP_CHECKSUM;
import static tier6.tap.linux.internal.Packets.TCP_FLAGS;
import static tier6.tap.linux.internal.Packets.TCP_HEADER;
import static tier6.tap.linux.internal.Packets.TCP_SEQUENCE;
import static tier6.tap.linux.internal.Packets.UDP;
import static tier6.tap.linux.internal.Packets.UDP_CHECKSUM;
import static tier6.tap.linux.internal.Packets.UDP_HEADER;
import static tier6.tap.linux.internal.Packets.UDP_LENGTH;
import static tier6.tap.linux.internal.Packets.URG;
import static tier6.tap.linux.internal.Packets.typeOffset;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;

/**
 * Joins runs of frames of one flow to super-frames, the inverse of {@link Segmenter}: what it joins, the kernel (or a
 * Segmenter) would cut into the very same frames. Everything else is handed on as it is. Frames of one flow keep their
 * order; flows may overtake each other within a batch, and nothing is held back beyond its end.
 *
 * <p>A few flows are open at a time, each a list of places in the batch. A frame joins the run of its flow if all that
 * segmentation does not change is equal, what it counts up counts up, and its checksums are right: a wrong one must
 * not be blessed with a new right one. Checksums are verified when there is something to join, not before.
 */
final class Coalescer {
    /** Takes what comes out. */
    interface Sink {
        /**
         * Takes a frame of the batch as it is.
         *
         * @param at where it begins
         */
        void plain(byte[] data, int at, int length);

        /**
         * Takes a super-frame.
         *
         * @param packet {@link Vnet} header and frame, from 0
         * @param length bytes of both
         * @param joined how many frames it was made of
         * @return false if it cannot take it; then the frames follow one by one
         */
        boolean merged(ByteBuffer packet, int length, int joined);
    }

    /** Bytes that the largest super-frame takes with its header. */
    static final int PACKET = Vnet.SIZE + Ethernet.HEADER + 2 * Ethernet.VLAN_TAG + 0xffff + IPV6_HEADER;

    private static final int FLOWS = 8;
    private static final int MAX_JOINED = 128;
    private static final int IP_MAX = 0xffff;

    private final Sink sink;
    private final ByteBuffer packet;
    private final boolean tcp4;
    private final boolean tcp6;
    private final boolean ecn;
    private final boolean udp;
    private final byte[] headers = new byte[256];

    private final Run[] runs = new Run[FLOWS];
    private int open;
    private byte[] data;

    // The frame in hand.
    private int frame;
    private int length;
    private int l3;
    private int l4;
    private int headerLength;
    private boolean ipv4;
    private boolean tcp;
    private long flow;

    /** Frames of one flow that will be one. */
    private static final class Run {
        final int[] payloads = new int[MAX_JOINED];
        final int[] sizes = new int[MAX_JOINED];
        long flow;
        int count;
        int frame;
        int l3;
        int l4;
        int headerLength;
        boolean ipv4;
        boolean tcp;
        boolean verified;
        boolean sameId;
        int bytes;
        int lastFlags;

        int segmentSize() {
            return sizes[0];
        }
    }

    /**
     * Makes one that joins what {@code offloads} allow.
     *
     * @param packet room for {@value #PACKET} bytes, in the byte order of the machine
     */
    Coalescer(Set<Offload> offloads, ByteBuffer packet, Sink sink) {
        this.sink = sink;
        this.packet = packet;
        tcp4 = offloads.contains(Offload.TSO4);
        tcp6 = offloads.contains(Offload.TSO6);
        ecn = offloads.contains(Offload.ECN);
        udp = offloads.contains(Offload.USO4) && offloads.contains(Offload.USO6);
        Arrays.setAll(runs, i -> new Run());
    }

    /** Hands all frames of {@code batch} to the sink, joined where that can be. */
    void write(Batch batch) {
        data = batch.data();
        for (int i = 0; i < batch.count(); i++) {
            write(batch.offset(i), batch.length(i));
        }
        flushAll();
        data = null;
    }

    private void write(int at, int size) {
        frame = at;
        length = size;
        if (!parse()) {
            flushAll();
            sink.plain(data, at, size);
            return;
        }
        int index = find();
        boolean joinable = isJoinable();
        if (index >= 0) {
            Run run = runs[index];
            if (joinable && joins(run)) {
                join(run);
                if (isLast(run)) {
                    flush(index);
                }
                return;
            }
            flush(index);
        }
        if (joinable && !isFinal()) {
            start();
        } else {
            sink.plain(data, at, size);
        }
    }

    /** Looks at the frame in hand; false if it is not TCP or UDP right behind IP, whole, with nothing at its end. */
    private boolean parse() {
        if (length < Ethernet.HEADER + IPV4_HEADER + UDP_HEADER) {
            return false;
        }
        int typeAt = typeOffset(data, frame, length);
        l3 = typeAt + 2;
        int ip = frame + l3;
        int left = length - l3;
        int protocol;
        int type = u16(data, frame + typeAt);
        if (type == Ethernet.IPV4) {
            if (left < IPV4_HEADER
                    || data[ip] != 0x45
                    || u16(data, ip + IPV4_LENGTH) != left
                    || (u16(data, ip + IPV4_FRAGMENT) & ~DONT_FRAGMENT) != 0) {
                return false;
            }
            ipv4 = true;
            l4 = l3 + IPV4_HEADER;
            protocol = u8(data, ip + 9);
            flow = i64(data, ip + IPV4_ADDRESSES);
        } else if (type == Ethernet.IPV6) {
            if (left < IPV6_HEADER || u8(data, ip) >>> 4 != 6 || u16(data, ip + IPV6_LENGTH) != left - IPV6_HEADER) {
                return false;
            }
            ipv4 = false;
            l4 = l3 + IPV6_HEADER;
            protocol = u8(data, ip + IPV6_NEXT);
            int addresses = ip + IPV6_ADDRESSES;
            flow = mix(mix(mix(i64(data, addresses)) + i64(data, addresses + 8)) + i64(data, addresses + 16))
                    + i64(data, addresses + 24);
        } else {
            return false;
        }
        left = length - l4;
        if (protocol == TCP && left >= TCP_HEADER) {
            tcp = true;
            headerLength = l4 + (u8(data, frame + l4 + 12) >>> 4 << 2);
            if (headerLength < l4 + TCP_HEADER || headerLength > length) {
                return false;
            }
        } else if (protocol == UDP && left >= UDP_HEADER && u16(data, frame + l4 + UDP_LENGTH) == left) {
            tcp = false;
            headerLength = l4 + UDP_HEADER;
        } else {
            return false;
        }
        flow = mix(mix(flow) + i32(data, frame + l4)) + (tcp ? 1 : 0);
        return true;
    }

    private static long mix(long x) {
        return (x ^ x >>> 32) * 0x9e37_79b9_7f4a_7c15L;
    }

    /** The run of this flow, or of one that looks like it, which only costs a chance to join. */
    private int find() {
        for (int i = 0; i < open; i++) {
            if (runs[i].flow == flow) {
                return i;
            }
        }
        return -1;
    }

    private boolean isJoinable() {
        if (length == headerLength) {
            return false;
        }
        if (tcp) {
            int flags = u8(data, frame + l4 + TCP_FLAGS);
            return (ipv4 ? tcp4 : tcp6) && (flags & (SYN | RST | URG | ACK)) == ACK && (ecn || (flags & CWR) == 0);
        }
        return udp && u16(data, frame + l4 + UDP_CHECKSUM) != 0;
    }

    /** Whether nothing may follow the frame in hand. */
    private boolean isFinal() {
        return tcp && (u8(data, frame + l4 + TCP_FLAGS) & (PSH | FIN)) != 0;
    }

    private boolean isLast(Run run) {
        return isFinal() || length - headerLength < run.segmentSize() || run.count == MAX_JOINED;
    }

    private void start() {
        if (open == FLOWS) {
            flush(0);
        }
        Run run = runs[open++];
        run.flow = flow;
        run.frame = frame;
        run.l3 = l3;
        run.l4 = l4;
        run.headerLength = headerLength;
        run.ipv4 = ipv4;
        run.tcp = tcp;
        run.verified = false;
        run.count = 0;
        run.bytes = 0;
        join(run);
    }

    private void join(Run run) {
        int size = length - headerLength;
        run.payloads[run.count] = frame + headerLength;
        run.sizes[run.count++] = size;
        run.bytes += size;
        run.lastFlags = tcp ? data[frame + l4 + TCP_FLAGS] : 0;
    }

    private boolean joins(Run run) {
        int size = length - headerLength;
        if (run.l4 != l4
                || run.headerLength != headerLength
                || run.ipv4 != ipv4
                || run.tcp != tcp
                || size > run.segmentSize()
                || headerLength - l3 + run.bytes + size > IP_MAX
                || !same(run, 0, l3)
                || !(ipv4 ? joinsIpv4(run) : joinsIpv6(run))
                || !(tcp ? joinsTcp(run) : same(run, l4, l4 + 4))) {
            return false;
        }
        if (!run.verified) {
            run.verified = isIntact(run.frame, run.headerLength + run.segmentSize());
        }
        return run.verified && isIntact(frame, length);
    }

    /** Whether the bytes {@code from} to {@code to} of the frame in hand are those of the first of the run. */
    private boolean same(Run run, int from, int to) {
        int other = run.frame;
        int i = from;
        for (; i + 4 <= to; i += 4) {
            if (i32(data, frame + i) != i32(data, other + i)) {
                return false;
            }
        }
        for (; i < to; i++) {
            if (data[frame + i] != data[other + i]) {
                return false;
            }
        }
        return true;
    }

    private boolean joinsIpv4(Run run) {
        return same(run, l3, l3 + IPV4_LENGTH)
                && same(run, l3 + IPV4_FRAGMENT, l3 + IPV4_CHECKSUM)
                && same(run, l3 + IPV4_ADDRESSES, l4)
                && joinsId(run);
    }

    /** Segmentation counts up; the identification of what may not be fragmented means nothing (RFC 6864). */
    private boolean joinsId(Run run) {
        int first = u16(data, run.frame + l3 + IPV4_ID);
        int id = u16(data, frame + l3 + IPV4_ID);
        boolean next = id == (first + run.count & 0xffff);
        boolean same = id == first && (u16(data, frame + l3 + IPV4_FRAGMENT) & DONT_FRAGMENT) != 0;
        if (run.count == 1) {
            run.sameId = same;
        }
        return run.sameId ? same : next;
    }

    private boolean joinsIpv6(Run run) {
        return same(run, l3, l3 + IPV6_LENGTH) && same(run, l3 + IPV6_NEXT, l4);
    }

    private boolean joinsTcp(Run run) {
        int at = frame + l4;
        int first = run.frame + l4;
        int flags = u8(data, at + TCP_FLAGS);
        return i32(data, at + TCP_SEQUENCE) == i32(data, first + TCP_SEQUENCE) + run.bytes
                && same(run, l4, l4 + TCP_SEQUENCE)
                && same(run, l4 + TCP_ACK, l4 + TCP_FLAGS)
                && (flags & CWR) == 0
                && ((flags ^ data[first + TCP_FLAGS]) & 0xff & ~(PSH | FIN | CWR)) == 0
                && same(run, l4 + TCP_FLAGS + 1, l4 + TCP_CHECKSUM)
                && same(run, l4 + TCP_CHECKSUM + 2, headerLength);
    }

    /** Whether the checksums of the frame at {@code at}, whose headers are shaped as in the one in hand, are right. */
    private boolean isIntact(int at, int size) {
        if (ipv4 && sum(data, at + l3, IPV4_HEADER) != 0xffff) {
            return false;
        }
        int pseudo = pseudoSum(at, size - l4);
        return add(pseudo, sum(data, at + l4, size - l4)) == 0xffff;
    }

    private int pseudoSum(int at, int size) {
        int protocol = tcp ? TCP : UDP;
        return ipv4
                ? Packets.pseudoSum(data, at + l3 + IPV4_ADDRESSES, 8, protocol, size)
                : Packets.pseudoSum(data, at + l3 + IPV6_ADDRESSES, 32, protocol, size);
    }

    private void flushAll() {
        for (int i = 0; i < open; i++) {
            emit(runs[i]);
        }
        open = 0;
    }

    private void flush(int index) {
        Run run = runs[index];
        emit(run);
        open--;
        for (int i = index; i < open; i++) {
            runs[i] = runs[i + 1];
        }
        runs[open] = run;
    }

    private void emit(Run run) {
        if (run.count > 1 && sink.merged(packet, build(run), run.count)) {
            return;
        }
        for (int i = 0; i < run.count; i++) {
            sink.plain(data, run.payloads[i] - run.headerLength, run.headerLength + run.sizes[i]);
        }
    }

    private int build(Run run) {
        int ip = run.l3;
        int transport = run.l4;
        byte[] h = headers;
        System.arraycopy(data, run.frame, h, 0, run.headerLength);
        int ipLength = run.headerLength - ip + run.bytes;
        int l4Length = run.headerLength - transport + run.bytes;
        int protocol = run.tcp ? TCP : UDP;
        int pseudo;
        if (run.ipv4) {
            u16(h, ip + IPV4_LENGTH, ipLength);
            u16(h, ip + IPV4_CHECKSUM, 0);
            u16(h, ip + IPV4_CHECKSUM, ~sum(h, ip, IPV4_HEADER));
            pseudo = Packets.pseudoSum(h, ip + IPV4_ADDRESSES, 8, protocol, l4Length);
        } else {
            u16(h, ip + IPV6_LENGTH, ipLength - IPV6_HEADER);
            pseudo = Packets.pseudoSum(h, ip + IPV6_ADDRESSES, 32, protocol, l4Length);
        }
        int type;
        if (run.tcp) {
            int flags = h[transport + TCP_FLAGS];
            h[transport + TCP_FLAGS] = (byte) (flags | run.lastFlags & (PSH | FIN));
            u16(h, transport + TCP_CHECKSUM, pseudo);
            type = (run.ipv4 ? Vnet.GSO_TCPV4 : Vnet.GSO_TCPV6) | ((flags & CWR) != 0 ? Vnet.GSO_ECN : 0);
        } else {
            u16(h, transport + UDP_LENGTH, l4Length);
            u16(h, transport + UDP_CHECKSUM, pseudo);
            type = Vnet.GSO_UDP_L4;
        }
        packet.put(Vnet.FLAGS, (byte) Vnet.NEEDS_CSUM)
                .put(Vnet.GSO_TYPE, (byte) type)
                .putShort(Vnet.HEADER_LENGTH, (short) run.headerLength)
                .putShort(Vnet.GSO_SIZE, (short) run.segmentSize())
                .putShort(Vnet.CSUM_START, (short) transport)
                .putShort(Vnet.CSUM_OFFSET, (short) (run.tcp ? TCP_CHECKSUM : UDP_CHECKSUM))
                .put(Vnet.SIZE, h, 0, run.headerLength);
        int at = Vnet.SIZE + run.headerLength;
        for (int i = 0; i < run.count; i++) {
            packet.put(at, data, run.payloads[i], run.sizes[i]);
            at += run.sizes[i];
        }
        return at;
    }
}
