package tier6.tap.linux.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tier6.api.frame.Batch;

/**
 * Builds the frames of one TCP or UDP flow, straight from the RFCs and without the code under test, as plain frames or
 * as the super-frame that a kernel would hand over for them.
 */
final class Flow {
    /** What a flow looks like. */
    record Shape(boolean ipv6, boolean tcp, int tags, int optionBytes, boolean dontFragment, int tos) {}

    /** Flags of TCP, spelled out again. */
    static final int FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32, ECE = 64, CWR = 128;

    final Shape shape;
    int id;
    int sequence;
    int ack;
    int window = 502;
    int urgent;
    int ttl = 64;
    final byte[] macs = new byte[12];
    final byte[] addresses;
    final byte[] options;
    final int sourcePort;
    final int targetPort;
    final int vlan;
    final int flowLabel;

    Flow(Shape shape, Random random) {
        this.shape = shape;
        random.nextBytes(macs);
        addresses = new byte[shape.ipv6 ? 32 : 8];
        random.nextBytes(addresses);
        options = new byte[shape.optionBytes];
        random.nextBytes(options);
        sourcePort = random.nextInt(1 << 16);
        targetPort = random.nextInt(1 << 16);
        vlan = random.nextInt(1 << 16);
        flowLabel = random.nextInt(1 << 20);
        id = random.nextInt(1 << 16);
        sequence = random.nextInt();
        ack = random.nextInt();
    }

    int l3() {
        return 14 + 4 * shape.tags;
    }

    int l4() {
        return l3() + (shape.ipv6 ? 40 : 20);
    }

    int headerLength() {
        return l4() + (shape.tcp ? 20 + shape.optionBytes : 8);
    }

    /** One frame with right checksums; counts up identification and sequence number. */
    byte[] frame(byte[] payload, int flags) {
        byte[] frame = headers(payload, flags);
        int l4 = l4();
        int checksum = ~sum(frame, l4, frame.length, pseudo(frame.length - l4)) & 0xffff;
        put16(frame, checksumAt(), checksum == 0 && !shape.tcp ? 0xffff : checksum);
        id++;
        sequence += payload.length;
        return frame;
    }

    int checksumAt() {
        return l4() + (shape.tcp ? 16 : 6);
    }

    /** As a kernel hands over a frame whose checksum is not filled in. */
    byte[] unfinished(byte[] payload, int flags) {
        return vnet(payload, flags, 0, 0);
    }

    /** As a kernel hands over several frames at once. */
    byte[] superFrame(byte[] payload, int flags, int segmentSize) {
        int type = !shape.tcp ? 5 : (shape.ipv6 ? 4 : 1) | ((flags & CWR) != 0 ? 0x80 : 0);
        return vnet(payload, flags, type, segmentSize);
    }

    private byte[] vnet(byte[] payload, int flags, int type, int segmentSize) {
        byte[] frame = headers(payload, flags);
        put16(frame, checksumAt(), sum(frame, 0, 0, pseudo(frame.length - l4())));
        int count = segmentSize == 0 ? 1 : (payload.length + segmentSize - 1) / segmentSize;
        id += count;
        sequence += payload.length;
        ByteBuffer vnet = ByteBuffer.allocate(10 + frame.length).order(ByteOrder.nativeOrder());
        vnet.put((byte) 1).put((byte) type).putShort((short) headerLength()).putShort((short) segmentSize);
        vnet.putShort((short) l4()).putShort((short) (shape.tcp ? 16 : 6)).put(frame);
        return vnet.array();
    }

    /** The frames that {@link #superFrame} stands for. */
    List<byte[]> frames(byte[] payload, int flags, int segmentSize) {
        List<byte[]> frames = new ArrayList<>();
        for (int at = 0; at < payload.length; at += segmentSize) {
            boolean last = at + segmentSize >= payload.length;
            int own = flags & ~(last ? 0 : PSH | FIN) & ~(at == 0 ? 0 : CWR);
            frames.add(frame(Arrays.copyOfRange(payload, at, Math.min(payload.length, at + segmentSize)), own));
        }
        return frames;
    }

    private byte[] headers(byte[] payload, int flags) {
        ByteBuffer b = ByteBuffer.allocate(headerLength() + payload.length);
        b.put(macs);
        for (int i = 0; i < shape.tags; i++) {
            b.putShort((short) (i + 1 < shape.tags ? 0x88a8 : 0x8100)).putShort((short) (vlan + i));
        }
        int l4Length = headerLength() - l4() + payload.length;
        if (shape.ipv6) {
            b.putShort((short) 0x86dd)
                    .putInt(6 << 28 | shape.tos << 20 | flowLabel)
                    .putShort((short) l4Length);
            b.put((byte) (shape.tcp ? 6 : 17)).put((byte) ttl).put(addresses);
        } else {
            b.putShort((short) 0x0800).put((byte) 0x45).put((byte) shape.tos);
            b.putShort((short) (20 + l4Length)).putShort((short) id);
            b.putShort((short) (shape.dontFragment ? 0x4000 : 0))
                    .put((byte) ttl)
                    .put((byte) (shape.tcp ? 6 : 17));
            b.putShort((short) 0).put(addresses);
            put16(b.array(), l3() + 10, ~sum(b.array(), l3(), l4(), 0));
        }
        b.putShort((short) sourcePort).putShort((short) targetPort);
        if (shape.tcp) {
            b.putInt(sequence)
                    .putInt(ack)
                    .put((byte) (20 + shape.optionBytes << 2))
                    .put((byte) flags);
            b.putShort((short) window)
                    .putShort((short) 0)
                    .putShort((short) urgent)
                    .put(options);
        } else {
            b.putShort((short) l4Length).putShort((short) 0);
        }
        return b.put(payload).array();
    }

    private long pseudo(int length) {
        return sum(addresses, 0, addresses.length, 0) + (shape.tcp ? 6 : 17) + length;
    }

    /** RFC 1071, word by word. */
    static int sum(byte[] data, int from, int to, long start) {
        long sum = start;
        for (int i = from; i < to; i++) {
            sum += (i - from) % 2 == 0 ? (data[i] & 0xff) << 8 : data[i] & 0xff;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (int) sum;
    }

    static void put16(byte[] data, int at, int value) {
        data[at] = (byte) (value >> 8);
        data[at + 1] = (byte) value;
    }

    /** Every shape there is. */
    static List<Shape> shapes() {
        List<Shape> shapes = new ArrayList<>();
        for (boolean ipv6 : new boolean[] {false, true}) {
            for (int tags = 0; tags <= 2; tags++) {
                for (boolean dontFragment : ipv6 ? new boolean[] {true} : new boolean[] {false, true}) {
                    for (int tos : new int[] {0, 0xb8 | 2}) {
                        for (int options : new int[] {0, 12, 40}) {
                            shapes.add(new Shape(ipv6, true, tags, options, dontFragment, tos));
                        }
                        shapes.add(new Shape(ipv6, false, tags, 0, dontFragment, tos));
                    }
                }
            }
        }
        return shapes;
    }

    /** Random bytes. */
    static byte[] bytes(Random random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** What a {@link Segmenter} makes of a kernel's frame, through batches of the given size. */
    static List<byte[]> segment(byte[] vnet, int maxCount, int capacity) {
        ByteBuffer source = ByteBuffer.wrap(vnet).order(ByteOrder.nativeOrder());
        Segmenter segmenter = new Segmenter();
        List<byte[]> frames = new ArrayList<>();
        if (!segmenter.begin(source, vnet.length)) {
            return frames;
        }
        Batch batch = new Batch(1, maxCount, capacity);
        while (!segmenter.isDone()) {
            batch.clear();
            if (segmenter.drain(batch) == 0) {
                throw new AssertionError("stuck after " + frames.size() + " frames");
            }
            for (int i = 0; i < batch.count(); i++) {
                frames.add(batch.copy(i));
            }
        }
        return frames;
    }

    /** A batch of frames. */
    static Batch batch(List<byte[]> frames) {
        int size = frames.stream().mapToInt(f -> f.length + Batch.TAILROOM).sum();
        Batch batch = new Batch(1, Math.max(1, frames.size()), size);
        frames.forEach(f -> batch.append(f, 0, f.length));
        return batch;
    }

    /** Collects what a {@link Coalescer} gives out, super-frames cut up again. */
    static class Collector implements Coalescer.Sink {
        final List<byte[]> frames = new ArrayList<>();
        final List<byte[]> superFrames = new ArrayList<>();
        int plainFrames;

        @Override
        public void plain(byte[] data, int at, int length) {
            frames.add(Arrays.copyOfRange(data, at, at + length));
            plainFrames++;
        }

        @Override
        public boolean merged(ByteBuffer packet, int length, int joined) {
            byte[] vnet = new byte[length];
            packet.get(0, vnet);
            superFrames.add(vnet);
            List<byte[]> cut = segment(vnet, 256, 1 << 18);
            if (cut.size() != joined) {
                throw new AssertionError(joined + " frames became " + cut.size());
            }
            frames.addAll(cut);
            return true;
        }
    }
}
