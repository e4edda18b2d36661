package tier6.api.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.tap.Tap;
import tier6.api.tap.TapConfig;
import tier6.api.tap.TapDriver;

/**
 * What every {@link TapDriver} and its {@link Tap}s do. Test frames have an EtherType of their own, and others are
 * ignored: a kernel speaks without being asked.
 */
public abstract class TapDriverContract {
    /** IEEE 802 local experimental EtherType 1: no stack answers it. */
    protected static final int TEST_ETHERTYPE = 0x88b5;

    private static final long NEIGHBOUR = 0x0600_0000_00feL;
    private static final int LANE = 2;

    /** The system's side of an interface. */
    public interface OtherSide extends AutoCloseable {
        /** Lets the system send {@code frame} out of the interface, so that {@link Tap#read} finds it. */
        void send(byte[] frame) throws IOException;

        /** The next frame of {@link #TEST_ETHERTYPE} that the system got; null if none comes for a while. */
        byte[] receive() throws IOException;

        @Override
        void close() throws IOException;
    }

    private Tap tap;
    private OtherSide system;

    /** The driver under test. */
    protected abstract TapDriver driver();

    /** A configuration that can be opened here and now, with the given MTU. */
    protected abstract TapConfig config(int mtu);

    /** Takes the system's side of an interface that was opened. */
    protected abstract OtherSide system(Tap tap) throws Exception;

    @BeforeEach
    void openTap() throws Exception {
        open(1400);
    }

    @AfterEach
    void closeTap() throws Exception {
        if (system != null) {
            system.close();
        }
        if (tap != null) {
            tap.close();
        }
    }

    private void open(int mtu) throws Exception {
        tap = driver().open(config(mtu));
        system = system(tap);
    }

    @Test
    void saysWhatItIs() {
        assertFalse(driver().kind().isBlank());
        assertFalse(tap.name().isBlank());
        assertEquals(1400, tap.mtu());
        assertTrue(tap.queues() >= 1);
        assertNotNull(tap.counters());
    }

    @Test
    void readsWhatTheSystemSends() throws Exception {
        try (Reader reader = new Reader()) {
            for (int i = 0; i < 50; i++) {
                byte[] frame = frame(i, 60 + 27 * i);
                system.send(frame);
                assertArrayEquals(frame, reader.take(), "frame " + i);
            }
        }
    }

    @Test
    void readsFramesOfEveryLegalSizeWhole() throws Exception {
        try (Reader reader = new Reader()) {
            byte[] full = frame(1, tap.mtu() + Ethernet.HEADER);
            system.send(full);
            assertArrayEquals(full, reader.take());
        }
    }

    @Test
    void carriesJumboFrames() throws Exception {
        closeTap();
        open(8900);
        byte[] full = frame(7, 8900 + Ethernet.HEADER);
        try (Reader reader = new Reader()) {
            system.send(full);
            assertArrayEquals(full, reader.take());
        }
        tap.write(batch(1, full));
        assertArrayEquals(full, system.receive());
    }

    @Test
    void keepsTheOrderOfABurst() throws Exception {
        try (Reader reader = new Reader()) {
            for (int i = 0; i < 64; i++) {
                system.send(frame(i, 100));
            }
            for (int i = 0; i < 64; i++) {
                assertEquals(i, number(reader.take()));
            }
        }
    }

    @Test
    void appendsBehindWhatIsThere() throws Exception {
        Batch batch = new Batch(LANE, 64, 1 << 16);
        byte[] earlier = {1, 2, 3};
        batch.append(earlier, 0, earlier.length);
        system.send(frame(9, 80));
        int before = batch.count();
        int appended = 0;
        for (int tries = 0; appended == 0 && tries < 1000; tries++) {
            appended = tap.read(0, batch);
        }
        assertTrue(appended > 0);
        assertEquals(before + appended, batch.count());
        assertArrayEquals(earlier, batch.copy(0));
    }

    @Test
    void neverOverfillsABatch() throws Exception {
        for (int i = 0; i < 5; i++) {
            system.send(frame(i, 90));
        }
        Batch one = new Batch(LANE, 1, tap.mtu() + 100);
        int next = 0;
        for (int tries = 0; next < 5 && tries < 1000; tries++) {
            one.clear();
            int n = tap.read(0, one);
            assertEquals(n, one.count());
            if (n == 1 && isTest(one.copy(0))) {
                assertEquals(next++, number(one.copy(0)));
            }
        }
        assertEquals(5, next);
    }

    @Test
    void writesBatchesInOrder() throws Exception {
        int number = 0;
        for (int size : new int[] {1, 2, 7, 32}) {
            byte[][] frames = new byte[size][];
            for (int i = 0; i < size; i++) {
                frames[i] = frame(number + i, 60 + 40 * i);
            }
            tap.write(batch(1, frames));
            for (byte[] frame : frames) {
                assertArrayEquals(frame, system.receive(), "frame " + number);
                number++;
            }
        }
    }

    @Test
    void writesTheLongestFrames() throws Exception {
        byte[] full = frame(3, tap.mtu() + Ethernet.HEADER);
        tap.write(batch(1, full));
        assertArrayEquals(full, system.receive());
    }

    @Test
    void leavesWrittenFramesAsTheyAre() {
        byte[] frame = frame(3, 300);
        Batch batch = batch(1, frame, frame);
        tap.write(batch);
        assertEquals(2, batch.count());
        assertArrayEquals(frame, batch.copy(0));
        assertArrayEquals(frame, batch.copy(1));
    }

    @Test
    void survivesFramesThatAreNone() throws Exception {
        for (int size : new int[] {0, 1, 13, tap.mtu() + 19, 9000, 60000}) {
            tap.write(batch(1, new byte[size]));
        }
        byte[] good = frame(5, 64);
        tap.write(batch(1, good));
        assertArrayEquals(good, system.receive());
    }

    @Test
    void takesSeveralLanesAtOnce() throws Exception {
        Thread[] lanes = new Thread[3];
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int lane = 0; lane < lanes.length; lane++) {
            int number = lane;
            lanes[lane] = new Thread(
                    () -> {
                        for (int i = 0; i < 20; i++) {
                            tap.write(batch(number + 1, frame(number << 16 | i, 200)));
                        }
                    },
                    "writer " + lane);
            lanes[lane].setUncaughtExceptionHandler((thread, e) -> failure.set(e));
            lanes[lane].start();
        }
        int[] next = new int[lanes.length];
        for (int i = 0; i < 20 * lanes.length; i++) {
            byte[] frame = system.receive();
            assertNotNull(frame, "after " + i + " frames");
            int lane = number(frame) >> 16;
            assertEquals(next[lane]++, number(frame) & 0xffff, "order of lane " + lane);
        }
        for (Thread lane : lanes) {
            Eventually.ends(lane);
        }
        assertEquals(null, failure.get());
    }

    @Test
    void wakesUpReaders() throws Exception {
        Reader reader = new Reader();
        reader.close();
    }

    @Test
    void closesUnderAWaitingReader() throws Exception {
        Reader reader = new Reader();
        tap.close();
        reader.close();
    }

    @Test
    void doesNothingButCountAfterClose() throws Exception {
        tap.close();
        tap.close();
        Batch batch = new Batch(LANE, 8, 1 << 16);
        assertEquals(0, tap.read(0, batch));
        assertEquals(0, batch.count());
        var before = tap.counters();
        assertDoesNotThrow(() -> tap.write(batch(1, frame(1, 100))));
        assertNotEquals(before, tap.counters(), "the drop is counted");
        assertDoesNotThrow(tap::wakeup);
    }

    @Test
    void opensAgainAfterClose() throws Exception {
        system.close();
        tap.close();
        open(1300);
        assertEquals(1300, tap.mtu());
        byte[] frame = frame(11, 100);
        tap.write(batch(1, frame));
        assertArrayEquals(frame, system.receive());
    }

    /** A broadcast test frame that carries {@code number}. */
    protected static byte[] frame(int number, int size) {
        byte[] frame = new byte[size];
        for (int i = 18; i < size; i++) {
            frame[i] = (byte) (number + 31 * i);
        }
        Ethernet.putMac(frame, 0, Ethernet.BROADCAST);
        Ethernet.putMac(frame, 6, NEIGHBOUR);
        frame[12] = (byte) (TEST_ETHERTYPE >> 8);
        frame[13] = (byte) TEST_ETHERTYPE;
        for (int i = 0; i < 4; i++) {
            frame[14 + i] = (byte) (number >> (24 - 8 * i));
        }
        return frame;
    }

    private static boolean isTest(byte[] frame) {
        return frame.length >= 18 && Ethernet.etherType(frame, 0) == TEST_ETHERTYPE;
    }

    private static int number(byte[] frame) {
        return (frame[14] & 0xff) << 24 | (frame[15] & 0xff) << 16 | (frame[16] & 0xff) << 8 | frame[17] & 0xff;
    }

    private static Batch batch(int lane, byte[]... frames) {
        int size =
                Arrays.stream(frames).mapToInt(f -> f.length + Batch.TAILROOM).sum();
        Batch batch = new Batch(lane, frames.length, size);
        for (byte[] frame : frames) {
            batch.append(frame, 0, frame.length);
        }
        return batch;
    }

    /** Reads queue 0 on a thread of its own; closing it wakes it up and waits for its end. */
    private final class Reader implements AutoCloseable {
        private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final Thread thread;

        Reader() {
            thread = new Thread(
                    () -> {
                        Batch batch = new Batch(LANE, 64, 1 << 20);
                        while (!stop.get()) {
                            batch.clear();
                            try {
                                tap.read(0, batch);
                            } catch (IOException | RuntimeException e) {
                                failure.set(e);
                                return;
                            }
                            for (int i = 0; i < batch.count(); i++) {
                                byte[] frame = batch.copy(i);
                                if (isTest(frame)) {
                                    frames.add(frame);
                                }
                            }
                        }
                    },
                    "reader");
            thread.start();
        }

        byte[] take() {
            byte[][] frame = {null};
            Eventually.holds("a frame is read", () -> (frame[0] = frames.poll()) != null || !thread.isAlive());
            assertNotNull(frame[0], () -> "reading failed: " + failure.get());
            return frame[0];
        }

        @Override
        public void close() {
            stop.set(true);
            Eventually.holds("read returns after wakeup", () -> {
                tap.wakeup();
                return !thread.isAlive();
            });
            assertEquals(null, failure.get());
        }
    }
}
