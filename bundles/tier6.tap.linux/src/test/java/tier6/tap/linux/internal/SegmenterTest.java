package tier6.tap.linux.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tier6.api.frame.Batch;

class SegmenterTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    static List<Flow.Shape> shapes() {
        return Flow.shapes();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void cutsAsTheKernelWould(Flow.Shape shape) {
        for (int size : new int[] {1, 2, 7, 536, 1375, 1376, 8948}) {
            for (int count : new int[] {1, 2, 3, 44}) {
                for (int rest : new int[] {0, 1, size / 2}) {
                    for (int flags : new int[] {16, 16 | 8, 16 | 1 | 8, 16 | 64, 16 | 128 | 64 | 8}) {
                        int length = size * count + rest;
                        if (length <= 65535 - 100) {
                            check(shape, size, length, flags);
                        }
                    }
                }
            }
        }
    }

    private void check(Flow.Shape shape, int size, int length, int flags) {
        Flow flow = new Flow(shape, random);
        byte[] payload = Flow.bytes(random, length);
        int id = flow.id;
        int sequence = flow.sequence;
        byte[] superFrame = flow.superFrame(payload, flags, size);
        flow.id = id;
        flow.sequence = sequence;
        List<byte[]> expected = flow.frames(payload, flags, size);
        List<byte[]> actual = Flow.segment(superFrame, 200, 1 << 17);
        assertSame(expected, actual, shape + " size " + size + " length " + length + " seed " + seed);
    }

    static void assertSame(List<byte[]> expected, List<byte[]> actual, String what) {
        assertEquals(expected.size(), actual.size(), what);
        for (int i = 0; i < expected.size(); i++) {
            int number = i;
            assertArrayEquals(expected.get(i), actual.get(i), () -> "frame " + number + " of " + what);
        }
    }

    @Test
    void goesOnInTheNextBatch() {
        Flow flow = new Flow(new Flow.Shape(false, true, 0, 12, true, 0), random);
        byte[] superFrame = flow.superFrame(Flow.bytes(random, 60_000), 16, 1376);
        List<byte[]> whole = Flow.segment(superFrame, 100, 1 << 17);
        for (int maxCount : new int[] {1, 2, 7, 43}) {
            assertSame(whole, Flow.segment(superFrame, maxCount, 1 << 17), "batches of " + maxCount + " seed " + seed);
        }
        for (int capacity : new int[] {1500, 4000, 9999}) {
            assertSame(whole, Flow.segment(superFrame, 100, capacity), "batches of " + capacity + " B, seed " + seed);
        }
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void completesChecksums(Flow.Shape shape) {
        for (int length : new int[] {0, 1, 100, 1376, 1377}) {
            Flow flow = new Flow(shape, random);
            byte[] payload = Flow.bytes(random, length);
            byte[] unfinished = flow.unfinished(payload, 24);
            flow.id--;
            flow.sequence -= length;
            byte[] expected = flow.frame(payload, 24);
            int at = flow.checksumAt();
            if (expected[at] == 0 && expected[at + 1] == 0) {
                Flow.put16(expected, at, 0xffff); // as the kernel would
            }
            assertSame(List.of(expected), Flow.segment(unfinished, 1, 1 << 12), shape + " seed " + seed);
        }
    }

    @Test
    void handsOnPlainFrames() {
        byte[] frame = Flow.bytes(random, 60);
        byte[] vnet = new byte[70];
        System.arraycopy(frame, 0, vnet, 10, 60);
        assertSame(List.of(frame), Flow.segment(vnet, 1, 100), "seed " + seed);
        Segmenter segmenter = new Segmenter();
        segmenter.beginPlain(ByteBuffer.wrap(frame), 60);
        Batch batch = new Batch(1, 1, 100);
        assertEquals(1, segmenter.drain(batch));
        assertArrayEquals(frame, batch.copy(0));
        assertTrue(segmenter.isDone());
    }

    @Test
    void survivesNonsense() {
        Flow flow = new Flow(new Flow.Shape(true, true, 1, 12, true, 0), random);
        byte[] good = flow.superFrame(Flow.bytes(random, 5000), 24, 1000);
        Segmenter segmenter = new Segmenter();
        for (int i = 0; i < 200_000; i++) {
            byte[] bad = good.clone();
            int length = random.nextInt(4) == 0 ? random.nextInt(bad.length + 1) : bad.length;
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                bad[random.nextInt(120)] = (byte) random.nextInt();
            }
            Batch batch = new Batch(1, 64, 1 << 14);
            try {
                if (segmenter.begin(ByteBuffer.wrap(bad).order(ByteOrder.nativeOrder()), length)) {
                    segmenter.drain(batch);
                }
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + i, e);
            }
        }
    }

    @Test
    void refusesWhatDoesNotFitTogether() {
        Flow flow = new Flow(new Flow.Shape(false, true, 0, 0, true, 0), random);
        byte[] good = flow.superFrame(Flow.bytes(random, 5000), 24, 1000);
        assertFalse(accepts(good, 1, 4)); // IPv4 as IPv6
        assertFalse(accepts(good, 1, 3)); // UDP fragmentation, never asked for
        assertFalse(accepts(good, 0, 0)); // segmentation without checksum
        assertFalse(accepts(good, 6, 3)); // TCP within the Ethernet header
        assertTrue(accepts(good, 6, 34));
    }

    private static boolean accepts(byte[] good, int at, int value) {
        byte[] bad = good.clone();
        bad[at] = (byte) value;
        return new Segmenter().begin(ByteBuffer.wrap(bad).order(ByteOrder.nativeOrder()), bad.length);
    }
}
