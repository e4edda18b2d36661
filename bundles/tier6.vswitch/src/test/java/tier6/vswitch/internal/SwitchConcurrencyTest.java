package tier6.vswitch.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.SwitchPort;

class SwitchConcurrencyTest {
    private static final int LANES = 4;
    private static final int FRAMES = 60_000;
    private static final long PEER = 0x0600_0000_0100L;

    /** Every lane sends to a peer of its own: all frames arrive there, in order, while ports and addresses churn. */
    @Test
    void keepsFlowsWholeAmidChange() throws InterruptedException {
        Switch fabric = new Switch(SwitchConfig.DEFAULT, System::nanoTime, new Random(3).nextLong(), (m, p, f) -> {});
        SwitchPort tap = fabric.attach("tap", PortKind.LOCAL, frames -> {});
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicBoolean stop = new AtomicBoolean();
        int[] arrived = new int[LANES];
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < LANES; i++) {
            int lane = i;
            SwitchPort peer = fabric.attach("peer " + lane, PortKind.TUNNEL, frames -> {
                for (int f = 0; f < frames.count(); f++) {
                    byte[] frame = frames.copy(f);
                    if (Ethernet.mac(frame, 0) == PEER + lane) {
                        assertEquals(arrived[lane]++, Wire.number(frame));
                    }
                }
            });
            peer.input(Wire.batch(1, Wire.frame(Ethernet.BROADCAST, PEER + lane, 0)));
            senders.add(new Thread(() -> {
                Random random = new Random(lane);
                Batch batch = new Batch(lane, 32, 32 * 100);
                for (int n = 0; n < FRAMES; ) {
                    batch.clear();
                    for (int k = random.nextInt(8); k >= 0 && n < FRAMES; k--) {
                        long source = 0x0200_0000_0000L | random.nextInt(50);
                        byte[] known = Wire.frame(PEER + lane, source, n++);
                        byte[] unknown = Wire.frame(0x0200_0100_0000L | random.nextInt(50), source, 0);
                        batch.append(known, 0, known.length);
                        batch.append(unknown, 0, unknown.length);
                    }
                    tap.input(batch);
                }
            }));
        }
        Thread churn = new Thread(() -> {
            Random random = new Random(99);
            for (int n = 0; !stop.get(); n++) {
                SwitchPort port = fabric.attach("guest", PortKind.TUNNEL, frames -> {});
                for (int i = 0; i < 20; i++) {
                    port.input(Wire.batch(9, Wire.frame(1, 0x0200_0000_0000L | random.nextInt(100), n)));
                }
                fabric.age();
                port.close();
            }
        });
        senders.forEach(t -> t.setUncaughtExceptionHandler((thread, e) -> failure.compareAndSet(null, e)));
        churn.setUncaughtExceptionHandler((thread, e) -> failure.compareAndSet(null, e));
        churn.start();
        senders.forEach(Thread::start);
        for (Thread sender : senders) {
            sender.join();
        }
        stop.set(true);
        churn.join();
        assertNull(failure.get());
        for (int lane = 0; lane < LANES; lane++) {
            assertEquals(FRAMES, arrived[lane], "frames of lane " + lane);
        }
        assertEquals(0, fabric.counters().get("drop-egress-failed"));
        assertTrue(fabric.counters().get("macs-moved") > 0, "addresses moved meanwhile");
        assertEquals(LANES + 1, fabric.ports().size());
    }
}
