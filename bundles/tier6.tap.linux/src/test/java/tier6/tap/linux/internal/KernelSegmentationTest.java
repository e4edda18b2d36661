package tier6.tap.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.api.tap.Tap;
import tier6.api.tap.TapConfig;

/**
 * Sends the same super-frames through two interfaces, one with offload, where we cut them up, and one without, where the
 * kernel does. What comes out has to be the same to the last byte.
 */
class KernelSegmentationTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @BeforeAll
    static void needsKernel() {
        Kernel.assumeTap();
    }

    @Test
    void agreesWithTheKernel() throws Exception {
        try (Tap ours = open("auto");
                Tap theirs = open("off");
                PacketSocket toOurs = new PacketSocket(ours.name(), 0, true);
                PacketSocket toTheirs = new PacketSocket(theirs.name(), 0, true)) {
            int superFrames = 0;
            for (Flow.Shape shape : Flow.shapes()) {
                if (shape.tags() > 1) {
                    continue; // a packet socket does not tell the kernel where the headers lie
                }
                for (int size : new int[] {200, 1333, 1376}) {
                    for (int length : new int[] {100, 3 * size, 3 * size + 1, 50_001}) {
                        for (int flags : new int[] {16, 16 | 8, 16 | 8 | 1, 16 | 64, 16 | 128 | 64 | 8}) {
                            Flow flow = new Flow(shape, random);
                            byte[] payload = Flow.bytes(random, Math.min(length, 64 * size));
                            byte[] vnet = payload.length > size
                                    ? flow.superFrame(payload, flags, size)
                                    : flow.unfinished(payload, flags);
                            int count = Math.max(1, (payload.length + size - 1) / size);
                            toOurs.send(vnet);
                            toTheirs.send(vnet);
                            String what = shape + " size " + size + " length " + length + " flags " + flags;
                            SegmenterTest.assertSame(
                                    read(theirs, flow, count), read(ours, flow, count), what + " seed " + seed);
                            superFrames += count > 1 ? 1 : 0;
                        }
                    }
                }
            }
            assertTrue(ours.counters().get("super-frames-in") >= superFrames / 2, ours.counters()::toString);
        }
    }

    @Test
    void givesTheKernelWhatItTakes() throws Exception {
        try (Tap tap = open("auto")) {
            int superFrames = 0;
            for (Flow.Shape shape : Flow.shapes()) {
                for (int flags : new int[] {16, 16 | 8, 16 | 128 | 64}) {
                    for (int size : new int[] {1, 100, 1376, 8948}) {
                        Flow flow = new Flow(shape, random);
                        flow.macs[0] &= ~1;
                        tap.write(Flow.batch(flow.frames(Flow.bytes(random, 7 * size), flags, size)));
                        superFrames++;
                    }
                }
            }
            assertEquals(EnumSet.allOf(Offload.class), ((LinuxTap) tap).offloads());
            assertEquals(superFrames, tap.counters().get("super-frames-out"), tap.counters()::toString);
            assertEquals(7 * superFrames, tap.counters().get("joined-out"), tap.counters()::toString);
        }
    }

    private static Tap open(String offload) throws IOException {
        return new LinuxTapDriver(offload, 1, false)
                .open(new TapConfig(Kernel.name(), LinuxTapDriverTest.MAC, 1500, Optional.empty()));
    }

    /** The next {@code count} frames of a flow; what else a kernel says is left out. */
    private static List<byte[]> read(Tap tap, Flow flow, int count) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        Batch batch = new Batch(2, 100, 1 << 17);
        while (frames.size() < count) {
            batch.clear();
            tap.read(0, batch);
            for (int i = 0; i < batch.count(); i++) {
                byte[] frame = batch.copy(i);
                if (Arrays.equals(frame, 0, 12, flow.macs, 0, 12)) {
                    frames.add(frame);
                }
            }
        }
        return frames;
    }
}
