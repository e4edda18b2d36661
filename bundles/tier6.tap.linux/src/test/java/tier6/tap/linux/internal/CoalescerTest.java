package tier6.tap.linux.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static tier6.tap.linux.internal.Flow.ACK;
import static tier6.tap.linux.internal.Flow.CWR;
import static tier6.tap.linux.internal.Flow.ECE;
import static tier6.tap.linux.internal.Flow.FIN;
import static tier6.tap.linux.internal.Flow.PSH;
import static tier6.tap.linux.internal.Flow.RST;
import static tier6.tap.linux.internal.Flow.SYN;
import static tier6.tap.linux.internal.Flow.URG;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tier6.libc.Libc;

class CoalescerTest {
    private static final Flow.Shape TCP4 = new Flow.Shape(false, true, 0, 12, true, 0);
    private static final Flow.Shape TCP6 = new Flow.Shape(true, true, 0, 12, true, 0);
    private static final Flow.Shape UDP4 = new Flow.Shape(false, false, 0, 0, false, 0);
    private static final Flow.Shape UDP6 = new Flow.Shape(true, false, 0, 0, true, 0);

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    static List<Flow.Shape> shapes() {
        return Flow.shapes();
    }

    private static Flow.Collector coalesce(List<byte[]> frames, Set<Offload> offloads) {
        Flow.Collector collector = new Flow.Collector();
        new Coalescer(offloads, Libc.allocate(Coalescer.PACKET), collector).write(Flow.batch(frames));
        return collector;
    }

    private static Flow.Collector coalesce(List<byte[]> frames) {
        return coalesce(frames, EnumSet.allOf(Offload.class));
    }

    /** What a segmenter cuts, a coalescer joins to the very same super-frame. */
    @ParameterizedTest
    @MethodSource("shapes")
    void isTheInverseOfSegmentation(Flow.Shape shape) {
        for (int size : new int[] {1, 7, 1375, 1376, 8948}) {
            for (int count : new int[] {2, 3, 44}) {
                for (int rest : new int[] {0, 1, size / 2}) {
                    for (int flags : new int[] {ACK, ACK | PSH, ACK | FIN | PSH, ACK | ECE, ACK | CWR | ECE | PSH}) {
                        int length = size * count + rest;
                        if (length <= 65535 - 100) {
                            Flow flow = new Flow(shape, random);
                            byte[] superFrame = flow.superFrame(Flow.bytes(random, length), flags, size);
                            List<byte[]> frames = Flow.segment(superFrame, 100, 1 << 17);
                            Flow.Collector out = coalesce(frames);
                            String what = shape + " size " + size + " length " + length + " seed " + seed;
                            assertEquals(1, out.superFrames.size(), what);
                            assertArrayEquals(superFrame, out.superFrames.get(0), what);
                            SegmenterTest.assertSame(frames, out.frames, what);
                        }
                    }
                }
            }
        }
    }

    /**
     * Whatever happens to frames, each comes out as it went in, in the order of its flow. A damaged one may belong to
     * another flow than it did, so where it comes out does not matter.
     */
    @Test
    void changesNothing() {
        List<Flow.Shape> shapes = Flow.shapes();
        for (int round = 0; round < 500; round++) {
            List<Flow> flows = new ArrayList<>();
            for (int i = 1 + random.nextInt(12); i > 0; i--) {
                flows.add(new Flow(shapes.get(random.nextInt(shapes.size())), random));
            }
            List<byte[]> frames = new ArrayList<>();
            List<byte[]> damaged = new ArrayList<>();
            int size = 1 + random.nextInt(random.nextBoolean() ? 30 : 1400);
            while (frames.size() < 100) {
                frames.addAll(mischief(flows.get(random.nextInt(flows.size())), size, damaged));
            }
            Flow.Collector out = coalesce(frames);
            String what = "round " + round + " seed " + seed;
            assertEquals(counted(frames), counted(out.frames), what);
            Set<ByteBuffer> bad = new HashSet<>();
            damaged.forEach(frame -> bad.add(ByteBuffer.wrap(frame)));
            Map<ByteBuffer, List<byte[]>> expected = byFlow(frames, bad);
            Map<ByteBuffer, List<byte[]>> actual = byFlow(out.frames, bad);
            assertEquals(expected.keySet(), actual.keySet(), what);
            expected.forEach((flow, list) -> SegmenterTest.assertSame(list, actual.get(flow), what));
        }
    }

    private static Map<ByteBuffer, Integer> counted(List<byte[]> frames) {
        Map<ByteBuffer, Integer> counts = new HashMap<>();
        frames.forEach(frame -> counts.merge(ByteBuffer.wrap(frame), 1, Integer::sum));
        return counts;
    }

    private List<byte[]> mischief(Flow flow, int size, List<byte[]> damaged) {
        int count = 1 + random.nextInt(6);
        byte[] payload = Flow.bytes(random, size * count - random.nextInt(size));
        switch (random.nextInt(12)) {
            case 0 -> flow.ack++;
            case 1 -> flow.window += 3;
            case 2 -> flow.id += 7;
            case 3 -> flow.sequence -= 100;
            case 4 -> flow.urgent++;
            case 5 -> flow.ttl--;
            default -> {}
        }
        int[] flags = {ACK, ACK, ACK, ACK | PSH, ACK | FIN, ACK | CWR, ACK | ECE, SYN, RST, ACK | URG, 0};
        List<byte[]> frames = flow.frames(payload, flags[random.nextInt(flags.length)], size);
        if (random.nextInt(6) == 0) {
            byte[] victim = frames.get(random.nextInt(frames.size()));
            victim[12 + random.nextInt(victim.length - 12)] ^= (byte) (1 << random.nextInt(8));
            damaged.add(victim);
        }
        if (random.nextInt(8) == 0) {
            int i = random.nextInt(frames.size());
            byte[] frame = frames.get(i);
            frames.set(i, Arrays.copyOf(frame, frame.length + random.nextInt(9) - 4));
            damaged.add(frames.get(i));
        }
        return frames;
    }

    private static Map<ByteBuffer, List<byte[]>> byFlow(List<byte[]> frames, Set<ByteBuffer> without) {
        Map<ByteBuffer, List<byte[]>> flows = new HashMap<>();
        for (byte[] frame : frames) {
            if (!without.contains(ByteBuffer.wrap(frame))) { // every flow has link addresses of its own
                flows.computeIfAbsent(ByteBuffer.wrap(frame, 0, 12), f -> new ArrayList<>())
                        .add(frame);
            }
        }
        return flows;
    }

    @Test
    void neverJoinsAfterAChange() {
        for (Flow.Shape shape : List.of(TCP4, TCP6)) {
            apart(shape, flow -> flow.ack++);
            apart(shape, flow -> flow.window++);
            apart(shape, flow -> flow.ttl++);
            apart(shape, flow -> flow.sequence++);
            apart(shape, flow -> flow.sequence -= 100);
            apart(shape, flow -> flow.urgent++);
            apart(shape, flow -> flow.options[11]++);
            apart(shape, flow -> flow.macs[0]++);
            apart(shape, flow -> flow.macs[11]++);
            apart(shape, flow -> flow.addresses[0]++);
        }
        apart(TCP4, flow -> flow.id++);
        apart(UDP4, flow -> flow.id++);
        apart(UDP4, flow -> flow.id--);
        for (Flow.Shape shape : List.of(UDP4, UDP6)) {
            apart(shape, flow -> flow.ttl++);
            apart(shape, flow -> flow.addresses[flow.addresses.length - 1]++);
        }
    }

    private void apart(Flow.Shape shape, Consumer<Flow> change) {
        Flow flow = new Flow(shape, random);
        byte[] first = flow.frame(Flow.bytes(random, 100), ACK);
        change.accept(flow);
        byte[] second = flow.frame(Flow.bytes(random, 100), ACK);
        assertEquals(2, coalesce(List.of(first, second)).plainFrames, "seed " + seed);
    }

    @Test
    void joinsWhereNothingChanges() {
        for (Flow.Shape shape : List.of(TCP4, TCP6, UDP4, UDP6)) {
            Flow flow = new Flow(shape, random);
            byte[] first = flow.frame(Flow.bytes(random, 100), ACK);
            byte[] second = flow.frame(Flow.bytes(random, 100), ACK);
            assertEquals(0, coalesce(List.of(first, second)).plainFrames, "seed " + seed);
        }
    }

    @Test
    void joinsTheSameIdWhereItMeansNothing() {
        Flow flow = new Flow(TCP4, random);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            flow.id = 0;
            frames.add(flow.frame(Flow.bytes(random, 100), ACK));
        }
        assertEquals(1, coalesce(frames).superFrames.size());
        frames.add(flow.frame(Flow.bytes(random, 100), ACK)); // counts up all at once
        assertEquals(1, coalesce(frames).plainFrames);
        Flow fragmentable = new Flow(UDP4, random);
        fragmentable.id = 0;
        byte[] first = fragmentable.frame(Flow.bytes(random, 100), 0);
        fragmentable.id = 0;
        byte[] second = fragmentable.frame(Flow.bytes(random, 100), 0);
        assertEquals(2, coalesce(List.of(first, second)).plainFrames);
    }

    @Test
    void neverJoinsWrongChecksums() {
        for (Flow.Shape shape : Flow.shapes()) {
            for (int bad = 0; bad < 3; bad++) {
                Flow flow = new Flow(shape, random);
                List<byte[]> frames = flow.frames(Flow.bytes(random, 300), ACK, 100);
                frames.get(bad)[flow.headerLength() + random.nextInt(100)] ^= 0x10;
                Flow.Collector out = coalesce(frames);
                SegmenterTest.assertSame(frames, out.frames, shape + " seed " + seed);
                assertEquals(bad == 1 ? 3 : 1, out.plainFrames, shape + " bad " + bad + " seed " + seed);
            }
        }
        Flow flow = new Flow(TCP4, random);
        List<byte[]> frames = flow.frames(Flow.bytes(random, 200), ACK, 100);
        frames.get(1)[flow.l3() + 11] ^= 1;
        assertEquals(2, coalesce(frames).plainFrames, "a wrong checksum of the IP header");
    }

    @Test
    void neverJoinsUdpWithoutChecksum() {
        Flow flow = new Flow(UDP4, random);
        List<byte[]> frames = flow.frames(Flow.bytes(random, 300), 0, 100);
        frames.forEach(f -> Flow.put16(f, flow.checksumAt(), 0));
        assertEquals(3, coalesce(frames).plainFrames);
    }

    @Test
    void leavesAloneWhatIsSpecial() {
        for (int flags : new int[] {SYN, SYN | ACK, RST | ACK, ACK | URG, 0, PSH}) {
            Flow flow = new Flow(TCP4, random);
            byte[] first = flow.frame(Flow.bytes(random, 100), flags);
            byte[] second = flow.frame(Flow.bytes(random, 100), flags);
            assertEquals(2, coalesce(List.of(first, second)).plainFrames, "flags " + flags);
        }
        Flow flow = new Flow(UDP4, random);
        byte[] first = flow.frame(Flow.bytes(random, 104), 0);
        byte[] second = flow.frame(Flow.bytes(random, 104), 0);
        for (byte[] frame : List.of(first, second)) {
            frame[flow.l3() + 6] |= 0x20; // more fragments
            Flow.put16(frame, flow.l3() + 10, 0);
            Flow.put16(frame, flow.l3() + 10, ~Flow.sum(frame, flow.l3(), flow.l4(), 0));
        }
        assertEquals(2, coalesce(List.of(first, second)).plainFrames);
    }

    @Test
    void joinsOnlyWhatIsAllowed() {
        Map<Flow.Shape, Set<Offload>> needed = Map.of(
                TCP4, EnumSet.of(Offload.CSUM, Offload.TSO4),
                TCP6, EnumSet.of(Offload.CSUM, Offload.TSO6),
                UDP4, EnumSet.of(Offload.CSUM, Offload.USO4, Offload.USO6));
        needed.forEach((shape, offloads) -> needed.forEach((other, given) -> {
            List<byte[]> frames = new Flow(shape, random).frames(Flow.bytes(random, 500), ACK, 100);
            assertEquals(
                    shape == other ? 1 : 0, coalesce(frames, given).superFrames.size(), shape + " " + given);
        }));
        List<byte[]> cwr = new Flow(TCP4, random).frames(Flow.bytes(random, 500), ACK | CWR, 100);
        assertEquals(1, coalesce(cwr, EnumSet.of(Offload.CSUM, Offload.TSO4)).plainFrames, "the first, without ECN");
    }

    @Test
    void keepsFlowsApartThatCross() {
        List<Flow> flows = new ArrayList<>();
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            flows.add(new Flow(i % 2 == 0 ? TCP4 : TCP6, random));
        }
        for (int i = 0; i < 40; i++) {
            frames.add(flows.get(i % 8).frame(Flow.bytes(random, 1000), ACK));
        }
        Flow.Collector out = coalesce(frames);
        assertEquals(8, out.superFrames.size());
        assertEquals(0, out.plainFrames);
    }

    @Test
    void splitsWhatIsLongerThanIpAllows() {
        for (Flow.Shape shape : List.of(TCP4, TCP6, UDP6)) {
            Flow flow = new Flow(shape, random);
            List<byte[]> frames = flow.frames(Flow.bytes(random, 100_000), ACK, 1400);
            Flow.Collector out = coalesce(frames);
            assertEquals(2, out.superFrames.size());
            SegmenterTest.assertSame(frames, out.frames, "seed " + seed);
        }
    }

    @Test
    void fallsBackToSingleFrames() {
        Flow flow = new Flow(TCP4, random);
        List<byte[]> frames = flow.frames(Flow.bytes(random, 1000), ACK, 100);
        Flow.Collector out = new Flow.Collector() {
            @Override
            public boolean merged(ByteBuffer packet, int length, int joined) {
                return false;
            }
        };
        new Coalescer(EnumSet.allOf(Offload.class), Libc.allocate(Coalescer.PACKET), out).write(Flow.batch(frames));
        SegmenterTest.assertSame(frames, out.frames, "seed " + seed);
    }
}
