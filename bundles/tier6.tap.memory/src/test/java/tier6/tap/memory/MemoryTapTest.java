package tier6.tap.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import tier6.api.contract.TapDriverContract;
import tier6.api.frame.Batch;
import tier6.api.tap.Tap;
import tier6.api.tap.TapConfig;
import tier6.api.tap.TapDriver;

class MemoryTapTest extends TapDriverContract {
    private static final long MAC = 0x0601_0a00_0001L;

    @Override
    protected TapDriver driver() {
        return new MemoryTapDriver();
    }

    @Override
    protected TapConfig config(int mtu) {
        return new TapConfig("memory0", MAC, mtu, Optional.empty());
    }

    @Override
    protected OtherSide system(Tap tap) {
        BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
        MemoryTap memory = (MemoryTap) tap;
        memory.connect((data, offset, length) -> frames.add(Arrays.copyOfRange(data, offset, offset + length)));
        return new OtherSide() {
            @Override
            public void send(byte[] frame) {
                assertTrue(memory.send(frame, 0, frame.length));
            }

            @Override
            public byte[] receive() {
                try {
                    return frames.poll(5, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void close() {
                memory.connect((data, offset, length) -> {});
            }
        };
    }

    @Test
    void boundsItsQueue() {
        MemoryTap tap = new MemoryTap(config(1400));
        byte[] frame = frame(1, 100);
        for (int i = 0; i < MemoryTap.QUEUE; i++) {
            assertTrue(tap.send(frame, 0, frame.length));
        }
        assertFalse(tap.send(frame, 0, frame.length));
        assertEquals(1, tap.counters().get("drop-queue-full"));
        Batch batch = new Batch(2, 2 * MemoryTap.QUEUE, 1 << 20);
        assertEquals(MemoryTap.QUEUE, tap.read(0, batch));
        assertTrue(tap.send(frame, 0, frame.length));
    }

    @Test
    void refusesFramesThatNoInterfaceTakes() {
        MemoryTap tap = new MemoryTap(config(1400));
        assertFalse(tap.send(new byte[13], 0, 13));
        assertFalse(tap.send(new byte[1419], 0, 1419));
        assertTrue(tap.send(new byte[1418], 0, 1418));
        assertEquals(2, tap.counters().get("drop-length"));
    }

    @Test
    void isNotBlockedByAFrameThatNeverFits() {
        MemoryTap tap = new MemoryTap(config(1400));
        tap.send(frame(1, 1000), 0, 1000);
        tap.send(frame(2, 100), 0, 100);
        Batch small = new Batch(2, 4, 200);
        assertEquals(0, tap.read(0, small));
        assertEquals(1, tap.read(0, small));
    }
}
