package tier6.underlay.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import tier6.api.frame.Batch;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlaySocket;

/** Datagrams are sent and received without a byte allocated. */
@EnabledOnOs(OS.LINUX)
class AllocationTest {
    private static final int ROUNDS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void allocatesNothing() throws IOException {
        Batch batch = new Batch(1, 40, 1 << 17);
        for (int i = 0; i < 40; i++) {
            batch.append(i % 10 == 9 ? 300 : 1400);
        }
        InetSocketAddress any = new InetSocketAddress("127.0.0.1", 0);
        try (UnderlayLoop loop = new LinuxUnderlay().open()) {
            UnderlaySocket from = loop.open(any, (datagrams, remote) -> {});
            UnderlaySocket to = loop.open(any, (datagrams, remote) -> {});
            InetSocketAddress there = to.local();
            for (int i = 0; i < ROUNDS; i++) { // what is not compiled yet makes objects for java.lang.foreign
                round(loop, from, batch, there);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                round(loop, from, batch, there);
            }
            // The JVM itself now and then allocates a little; a single byte a datagram would be 800,000.
            assertEquals(0, (threads.getCurrentThreadAllocatedBytes() - before) / 100_000);
        }
    }

    private static void round(UnderlayLoop loop, UnderlaySocket from, Batch batch, InetSocketAddress to)
            throws IOException {
        from.send(batch, to);
        loop.poll(1, 0);
    }
}
