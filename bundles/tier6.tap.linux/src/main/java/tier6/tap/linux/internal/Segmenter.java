package tier6.tap.linux.internal;

import static tier6.tap.linux.internal.Checksum.add;
import static tier6.tap.linux.internal.Checksum.i32;
import static tier6.tap.linux.internal.Checksum.sum;
import static tier6.tap.linux.internal.Checksum.u16;
import static tier6.tap.linux.internal.Checksum.u8;
import static tier6.tap.linux.internal.Packets.CWR;
import static tier6.tap.linux.internal.Packets.FIN;
import static tier6.tap.linux.internal.Packets.IPV4_ADDRESSES;
import static tier6.tap.linux.internal.Packets.IPV4_CHECKSUM;
import static tier6.tap.linux.internal.Packets.IPV4_HEADER;
import static tier6.tap.linux.internal.Packets.IPV4_ID;
import static tier6.tap.linux.internal.Packets.IPV4_LENGTH;
import static tier6.tap.linux.internal.Packets.IPV6_ADDRESSES;
import static tier6.tap.linux.internal.Packets.IPV6_HEADER;
import static tier6.tap.linux.internal.Packets.IPV6_LENGTH;
import static tier6.tap.linux.internal.Packets.PSH;
import static tier6.tap.linux.internal.Packets.TCP;
import static tier6.tap.linux.internal.Packets.TCP_CHECKSUM;
import static tier6.tap.linux.internal.Packets.TCP_FLAGS;
import static tier6.tap.linux.internal.Packets.TCP_HEADER;
import static tier6.tap.linux.internal.Packets.TCP_SEQUENCE;
import static tier6.tap.linux.internal.Packets.UDP;
import static tier6.tap.linux.internal.Packets.UDP_CHECKSUM;
import static tier6.tap.linux.internal.Packets.UDP_HEADER;
import static tier6.tap.linux.internal.Packets.UDP_LENGTH;
import static tier6.tap.linux.internal.Packets.typeOffset;

import java.nio.ByteBuffer;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;

/**
 * Turns what the kernel hands over, a {@link Vnet} header and a frame of up to 64 KiB, into plain frames: cuts
 * super-frames of TCP and UDP into segments and completes checksums. One frame at a time: {@link #begin}, then {@link
 * #drain} until it is {@link #isDone}, into as many batches as that takes; the source must not change meanwhile.
 */
final class Segmenter {
    /** More than Ethernet with two tags, IPv6 with a few extension headers, and TCP with options come to. */
    private static final int MAX_HEADERS = 512;

    private final byte[] headers = new byte[MAX_HEADERS];

    private ByteBuffer source;
    private int position;
    private int remaining;
    private boolean done = true;

    // How the frame in hand is cut up.
    private int segmentSize;
    private int segment;
    private int headerLength;
    private int l3;
    private int l4;
    private boolean ipv4;
    private boolean tcp;
    private int id;
    private int ipSum;
    private int sequence;
    private int pseudo;

    // How the checksum of a frame that is not cut up is completed; checksumAt 0: it is not.
    private int checksumStart;
    private int checksumAt;

    /**
     * Takes a frame in hand.
     *
     * @param source holds the header at 0 and the frame behind it, in the byte order of the machine
     * @param length bytes of both
     * @return false if it makes no sense; then there is nothing to drain
     */
    boolean begin(ByteBuffer source, int length) {
        this.source = source;
        position = Vnet.SIZE;
        remaining = length - Vnet.SIZE;
        segment = 0;
        int type = source.get(Vnet.GSO_TYPE) & 0xff & ~Vnet.GSO_ECN;
        boolean needsChecksum = (source.get(Vnet.FLAGS) & Vnet.NEEDS_CSUM) != 0;
        boolean good = remaining >= Ethernet.HEADER
                && (type == Vnet.GSO_NONE
                        ? beginWhole(needsChecksum, unsigned(Vnet.CSUM_START), unsigned(Vnet.CSUM_OFFSET))
                        : needsChecksum && beginSegments(type, unsigned(Vnet.CSUM_START), unsigned(Vnet.GSO_SIZE)));
        done = !good;
        return good;
    }

    /** Takes a frame without a header in hand, which is handed on as it is. */
    void beginPlain(ByteBuffer source, int length) {
        this.source = source;
        position = 0;
        remaining = length;
        segmentSize = 0;
        checksumAt = 0;
        done = false;
    }

    private int unsigned(int field) {
        return source.getShort(field) & 0xffff;
    }

    private boolean beginWhole(boolean needsChecksum, int start, int offset) {
        segmentSize = 0;
        checksumStart = start;
        checksumAt = needsChecksum ? start + offset : 0;
        return !needsChecksum || start + offset + 2 <= remaining;
    }

    private boolean beginSegments(int type, int start, int size) {
        int copied = Math.min(remaining, MAX_HEADERS);
        source.get(position, headers, 0, copied);
        int typeAt = typeOffset(headers, 0, copied);
        l3 = typeAt + 2;
        l4 = start;
        segmentSize = size;
        ipv4 = u16(headers, typeAt) == Ethernet.IPV4;
        tcp = type != Vnet.GSO_UDP_L4;
        boolean known = switch (type) {
            case Vnet.GSO_TCPV4 -> ipv4;
            case Vnet.GSO_TCPV6 -> !ipv4;
            case Vnet.GSO_UDP_L4 -> true;
            default -> false;
        };
        if (!known
                || size == 0
                || !ipv4 && u16(headers, typeAt) != Ethernet.IPV6
                || l4 < l3 + (ipv4 ? IPV4_HEADER : IPV6_HEADER)
                || l4 + (tcp ? TCP_HEADER : UDP_HEADER) > copied) {
            return false;
        }
        headerLength = l4 + (tcp ? u8(headers, l4 + 12) >>> 4 << 2 : UDP_HEADER);
        if (headerLength < l4 + UDP_HEADER || headerLength >= copied && headerLength != remaining) {
            return false;
        }
        if (ipv4) {
            id = u16(headers, l3 + IPV4_ID);
            i32(headers, l3 + IPV4_LENGTH, 0); // length and identification: what changes
            u16(headers, l3 + IPV4_CHECKSUM, 0);
            ipSum = sum(headers, l3, (headers[l3] & 0xf) << 2);
            pseudo = add(sum(headers, l3 + IPV4_ADDRESSES, 8), tcp ? TCP : UDP);
        } else {
            pseudo = add(sum(headers, l3 + IPV6_ADDRESSES, 32), tcp ? TCP : UDP);
        }
        sequence = tcp ? i32(headers, l4 + TCP_SEQUENCE) : 0;
        position += headerLength;
        remaining -= headerLength;
        return true;
    }

    /** Whether all of the frame in hand has been drained. */
    boolean isDone() {
        return done;
    }

    /** Forgets what is left of the frame in hand. */
    void drop() {
        done = true;
    }

    /**
     * Appends frames to {@code batch} until the frame in hand is done or the next does not fit.
     *
     * @return how many
     */
    int drain(Batch batch) {
        if (done) {
            return 0;
        }
        return segmentSize == 0 ? drainWhole(batch) : drainSegments(batch);
    }

    private int drainWhole(Batch batch) {
        if (!batch.fits(remaining)) {
            return 0;
        }
        int at = batch.append(remaining);
        byte[] data = batch.data();
        source.get(position, data, at, remaining);
        if (checksumAt != 0) {
            int checksum = ~sum(data, at + checksumStart, remaining - checksumStart) & 0xffff;
            // Zero and all ones are the same number; UDP needs the latter, and so does the kernel it.
            u16(data, at + checksumAt, checksum == 0 ? 0xffff : checksum);
        }
        done = true;
        return 1;
    }

    private int drainSegments(Batch batch) {
        int drained = 0;
        do {
            int payload = Math.min(segmentSize, remaining);
            int size = headerLength + payload;
            if (!batch.fits(size)) {
                return drained;
            }
            int at = batch.append(size);
            byte[] data = batch.data();
            System.arraycopy(headers, 0, data, at, headerLength);
            source.get(position, data, at + headerLength, payload);
            position += payload;
            remaining -= payload;
            finishIp(data, at + l3, size - l3);
            if (tcp) {
                finishTcp(data, at + l4, size - l4);
            } else {
                finishUdp(data, at + l4, size - l4);
            }
            sequence += payload;
            segment++;
            drained++;
        } while (remaining > 0);
        done = true;
        return drained;
    }

    private void finishIp(byte[] data, int at, int length) {
        if (ipv4) {
            int changing = id + segment & 0xffff;
            u16(data, at + IPV4_LENGTH, length);
            u16(data, at + IPV4_ID, changing);
            u16(data, at + IPV4_CHECKSUM, ~add(ipSum, add(length, changing)));
        } else {
            u16(data, at + IPV6_LENGTH, length - IPV6_HEADER);
        }
    }

    private void finishTcp(byte[] data, int at, int length) {
        i32(data, at + TCP_SEQUENCE, sequence);
        int flags = data[at + TCP_FLAGS];
        if (remaining > 0) {
            flags &= ~(PSH | FIN);
        }
        if (segment > 0) {
            flags &= ~CWR;
        }
        data[at + TCP_FLAGS] = (byte) flags;
        u16(data, at + TCP_CHECKSUM, 0);
        u16(data, at + TCP_CHECKSUM, ~add(sum(data, at, length), add(pseudo, length)));
    }

    private void finishUdp(byte[] data, int at, int length) {
        u16(data, at + UDP_LENGTH, length);
        u16(data, at + UDP_CHECKSUM, 0);
        int checksum = ~add(sum(data, at, length), add(pseudo, length)) & 0xffff;
        u16(data, at + UDP_CHECKSUM, checksum == 0 ? 0xffff : checksum);
    }
}
