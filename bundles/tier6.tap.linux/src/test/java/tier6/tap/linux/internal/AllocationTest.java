package tier6.tap.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.api.tap.Tap;
import tier6.api.tap.TapConfig;

/** Frames cross a TAP either way without a byte allocated. */
class AllocationTest {
    private static final int ROUNDS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @BeforeAll
    static void needsKernel() {
        Kernel.assumeTap();
    }

    @Test
    void allocatesNothing() throws Exception {
        TapConfig config = new TapConfig(Kernel.name(), LinuxTapDriverTest.MAC, 1500, Optional.empty());
        Flow flow = new Flow(new Flow.Shape(false, true, 0, 12, true, 0), new Random(1));
        flow.macs[0] &= ~1;
        Batch out = Flow.batch(flow.frames(new byte[30_000], 16, 1376));
        byte[] superFrame = flow.superFrame(new byte[30_000], 16, 1376);
        Batch in = new Batch(2, 128, 1 << 18);
        try (Tap tap = new LinuxTapDriver().open(config);
                PacketSocket kernel = new PacketSocket(tap.name(), 0, true)) {
            round(tap, kernel, out, superFrame, in);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                round(tap, kernel, out, superFrame, in);
            }
            // The JVM itself now and then allocates a little; a single byte a frame would be 900,000.
            assertEquals(0, (threads.getCurrentThreadAllocatedBytes() - before) / 100_000);
        }
    }

    private static void round(Tap tap, PacketSocket kernel, Batch out, byte[] superFrame, Batch in) throws Exception {
        tap.write(out);
        kernel.send(superFrame);
        in.clear();
        tap.read(0, in);
    }
}
