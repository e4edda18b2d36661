package tier6.vswitch.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.SwitchPort;

class SwitchAllocationTest {
    private static final int PORTS = 20;
    private static final int FRAMES = 64;

    private long now;

    @Test
    void allocatesNothingForAFrame() {
        assumeTrue(
                ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
                        && bean.isThreadAllocatedMemorySupported(),
                "this JVM does not count what threads allocate");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.setThreadAllocatedMemoryEnabled(true);
        Switch fabric = new Switch(SwitchConfig.DEFAULT, () -> now, 0x9e37_79b9_7f4a_7c15L, (m, p, f) -> {});
        SwitchPort tap = fabric.attach("tap", PortKind.LOCAL, frames -> {});
        SwitchPort[] peers = new SwitchPort[PORTS];
        for (int i = 0; i < PORTS; i++) {
            peers[i] = fabric.attach("peer " + i, PortKind.TUNNEL, frames -> {});
            peers[i].input(Wire.batch(1, Wire.frame(Wire.A, 0x0600_0000_0000L | i + 1, 0)));
        }
        Batch out = new Batch(2, FRAMES, FRAMES * 100);
        Batch in = new Batch(1, FRAMES, FRAMES * 100);
        for (int i = 0; i < FRAMES; i++) {
            // known peers, one broadcast, one unknown, and sources that change from frame to frame
            long to = i == 7 ? Ethernet.BROADCAST : i == 9 ? 0x0400_0000_0001L : 0x0600_0000_0000L | i % PORTS + 1;
            byte[] frame = Wire.frame(to, Wire.A + i % 3, i);
            out.append(frame, 0, frame.length);
            byte[] answer = Wire.frame(Wire.A, 0x0600_0000_0001L, i);
            in.append(answer, 0, answer.length);
        }
        run(2_000, tap, peers[0], out, in);
        long self = Thread.currentThread().getId();
        threads.getThreadAllocatedBytes(self);
        long before = threads.getThreadAllocatedBytes(self);
        run(1_000_000 / (2 * FRAMES) + 1, tap, peers[0], out, in);
        assertEquals(0, threads.getThreadAllocatedBytes(self) - before, "bytes allocated for a million frames");
    }

    /** A hundredth of a second passes each round, so that times are renewed, too. */
    private void run(int rounds, SwitchPort tap, SwitchPort peer, Batch out, Batch in) {
        for (int i = 0; i < rounds; i++) {
            now += 10_000_000;
            tap.input(out);
            peer.input(in);
        }
    }
}
