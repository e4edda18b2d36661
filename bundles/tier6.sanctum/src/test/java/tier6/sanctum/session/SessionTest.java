package tier6.sanctum.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionTest {

    private static final long SRC = 0x1122334455667788L;
    private static final long DST = 0x99aabbccddeeff00L;

    private static SessionKey key(int spi) {
        byte[] key = new byte[32];
        new Random(spi).nextBytes(key);
        return new SessionKey(key, spi, ~spi);
    }

    private static byte[] seal(TxSession tx, int length) {
        return SessionVectorsTest.seal(tx, tx.reserve(1), length);
    }

    private static int open(RxSlots slots, byte[] datagram) {
        return slots.open(datagram, 0, datagram.length, new byte[2048], 0);
    }

    @Test
    void whatIsSealedOpens() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        TxSession tx = new TxSession(key(1), SRC, DST, 0);
        RxSession rx = new RxSession(key(1), SRC, DST, ReplayWindow.DEFAULT_BITS);
        byte[] frames = new byte[4096];
        byte[] wire = new byte[4096];
        byte[] out = new byte[4096];
        for (int i = 0; i < 2000; i++) {
            random.nextBytes(frames);
            int length = random.nextInt(1500);
            int at = random.nextInt(500);
            int next = random.nextBoolean() ? DataHeader.NEXT_FRAME : DataHeader.NEXT_GRACE;
            byte[] payload = Arrays.copyOfRange(frames, at, at + length);
            int lane = random.nextInt(TxSession.MAX_LANES);
            int sealed = tx.seal(lane, tx.reserve(1), frames, at, length, next, wire, 100);
            assertEquals(length + DataHeader.OVERHEAD, sealed, "seed " + seed);
            assertArrayEquals(payload, Arrays.copyOfRange(frames, at, at + length), "seed " + seed);
            assertEquals(length, rx.open(wire, 100, sealed, out, 50), "seed " + seed);
            assertArrayEquals(payload, Arrays.copyOfRange(out, 50, 50 + length), "seed " + seed);
            assertEquals(next, rx.lastNext());
        }
        assertEquals(2000, rx.packets());
        assertEquals(2000, tx.packets());
    }

    @Test
    void everyDamagedByteIsNoticed() {
        byte[] datagram = seal(new TxSession(key(1), SRC, DST, 0), 20);
        RxSession rx = new RxSession(key(1), SRC, DST, 64);
        byte[] out = new byte[100];
        for (int i = 0; i < datagram.length * 8; i++) {
            datagram[i / 8] ^= (byte) (1 << i % 8);
            assertTrue(rx.open(datagram, 0, datagram.length, out, 0) < 0, "bit " + i);
            datagram[i / 8] ^= (byte) (1 << i % 8);
        }
        for (int length = 0; length < datagram.length; length++) {
            assertTrue(rx.open(datagram, 0, length, out, 0) < 0, "length " + length);
        }
        assertEquals(20, rx.open(datagram, 0, datagram.length, out, 0));
        assertEquals(1, rx.packets());
    }

    @Test
    void lackOfRoomIsARefusalAndDoesNotCount() {
        TxSession tx = new TxSession(key(1), SRC, DST, 0);
        assertEquals(DropReason.NO_ROOM.code(), tx.seal(0, tx.reserve(1), new byte[22], 0, 20, 0, new byte[69], 0));
        byte[] datagram = seal(tx, 20);
        RxSession rx = new RxSession(key(1), SRC, DST, 64);
        assertEquals(DropReason.NO_ROOM.code(), rx.open(datagram, 0, datagram.length, new byte[21], 0));
        assertEquals(20, rx.open(datagram, 0, datagram.length, new byte[22], 0));
    }

    @Test
    void aTransmitKeyEndsByCount() {
        TxSession tx = new TxSession(key(1), SRC, DST, 0);
        assertEquals(1, tx.reserve(10));
        assertEquals(11, tx.reserve(1));
        assertFalse(tx.renewalDue(0));
        int batch = 1 << 30;
        while (tx.packets() <= TxSession.SOFT_PACKETS) {
            assertTrue(tx.reserve(batch) > 0);
        }
        assertTrue(tx.renewalDue(0));
        assertFalse(tx.expired(0));
        long last = 0;
        for (long pn = tx.reserve(batch); pn > 0; pn = tx.reserve(batch)) {
            last = pn + batch - 1;
        }
        assertTrue(last < TxSession.HARD_PACKETS);
        assertTrue(tx.expired(0));
        assertEquals(-1, tx.reserve(1));
        assertEquals(-1, tx.reserve(1));
    }

    @Test
    void aTransmitKeyEndsByAge() {
        TxSession tx = new TxSession(key(1), SRC, DST, 1000);
        assertFalse(tx.renewalDue(1000 + 3_500_000));
        assertTrue(tx.renewalDue(1001 + 3_500_000));
        assertFalse(tx.expired(999 + 3_600_000));
        assertTrue(tx.expired(1000 + 3_600_000));
    }

    @Test
    void aClosedKeyRefuses() {
        TxSession tx = new TxSession(key(1), SRC, DST, 0);
        byte[] datagram = seal(tx, 20);
        tx.close();
        tx.close();
        assertEquals(-1, tx.reserve(1));
        assertEquals(DropReason.CLOSED.code(), tx.seal(0, 2, new byte[22], 0, 20, 0, new byte[70], 0));

        RxSlots slots = new RxSlots(SRC, DST);
        slots.install(key(1));
        assertEquals(20, open(slots, datagram));
        slots.clear();
        assertEquals(DropReason.UNKNOWN_SPI.code(), open(slots, datagram));
        assertEquals(0, slots.activeSpi());
        assertEquals(0, slots.packetsUnderNewest());
        assertEquals(1, slots.packets());

        RxSession rx = new RxSession(key(1), SRC, DST, 64);
        rx.close();
        assertEquals(DropReason.CLOSED.code(), rx.open(datagram, 0, datagram.length, new byte[100], 0));
    }

    @Test
    void textTellsNoSecret() {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 0xa7);
        String text = new SessionKey(secret, 0x01020304, 0xa7a7a7a7).toString();
        assertEquals("SessionKey[spi=01020304]", text);
        assertThrows(IllegalArgumentException.class, () -> new SessionKey(secret, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new SessionKey(new byte[31], 1, 0));
    }

    @Test
    void reasonsSurviveTheirCodes() {
        for (DropReason reason : DropReason.values()) {
            assertTrue(reason.code() < 0);
            assertEquals(reason, DropReason.of(reason.code()));
        }
    }

    @Test
    void packetsOvertakenByANewKeyAreNotLost() {
        TxSession before = new TxSession(key(1), SRC, DST, 0);
        TxSession after = new TxSession(key(2), SRC, DST, 0);
        RxSlots slots = new RxSlots(SRC, DST, 64, 3000);
        slots.install(key(1));
        assertEquals(20, open(slots, seal(before, 20)));
        byte[] late = seal(before, 20);
        byte[] later = seal(before, 20);
        byte[] promoting = seal(after, 20);

        slots.install(key(2));
        assertEquals(1, slots.activeSpi());
        assertEquals(2, slots.otherSpi());
        assertEquals(0, slots.packetsUnderNewest());
        assertEquals(20, open(slots, promoting));
        assertEquals(DropReason.REPLAYED.code(), open(slots, promoting));
        assertEquals(1, slots.packetsUnderNewest());
        assertEquals(2, slots.activeSpi());
        assertEquals(1, slots.otherSpi(), "a relay has to let the retired key through");

        slots.sweep(0);
        assertEquals(20, open(slots, late));
        assertEquals(DropReason.REPLAYED.code(), open(slots, late));
        slots.sweep(2999);
        assertEquals(1, slots.otherSpi());
        slots.sweep(3000);
        assertEquals(DropReason.UNKNOWN_SPI.code(), open(slots, later));
        assertEquals(0, slots.otherSpi());
        assertEquals(20, open(slots, seal(after, 20)));
    }

    @Test
    void aPendingKeyReplacesAPendingKey() {
        RxSlots slots = new RxSlots(SRC, DST);
        slots.install(key(1));
        slots.install(key(2));
        slots.install(key(3));
        assertEquals(1, slots.activeSpi());
        assertEquals(3, slots.pendingSpi());
        assertEquals(DropReason.UNKNOWN_SPI.code(), open(slots, seal(new TxSession(key(2), SRC, DST, 0), 20)));
        assertEquals(20, open(slots, seal(new TxSession(key(3), SRC, DST, 0), 20)));
        assertEquals(3, slots.activeSpi());
    }

    @Test
    void twoKeysOfOneNameBothOpen() {
        SessionKey one = key(1);
        SessionKey two = new SessionKey(key(2).key(), one.spi(), one.salt());
        TxSession before = new TxSession(one, SRC, DST, 0);
        TxSession after = new TxSession(two, SRC, DST, 0);
        RxSlots slots = new RxSlots(SRC, DST);
        slots.install(one);
        assertEquals(20, open(slots, seal(before, 20)));
        slots.install(two);
        assertEquals(20, open(slots, seal(before, 20)));
        assertEquals(0, slots.packetsUnderNewest());
        assertEquals(20, open(slots, seal(after, 20)));
        assertEquals(1, slots.packetsUnderNewest());
        assertEquals(20, open(slots, seal(before, 20)));
        assertEquals(20, open(slots, seal(after, 20)));
    }

    /** What leaves a session that is closed meanwhile was sealed under the true key, never under an erased one. */
    @Test
    void closingUnderUseNeverYieldsAWrongPacket() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 300; round++) {
                TxSession tx = new TxSession(key(1), SRC, DST, 0);
                CountDownLatch started = new CountDownLatch(1);
                Future<byte[]> sealing = threads.submit(() -> {
                    byte[] frames = new byte[1502];
                    byte[] last = null;
                    for (; ; ) {
                        byte[] out = new byte[1550];
                        if (tx.seal(1, tx.reserve(1), frames, 0, 1500, 0, out, 0) < 0) {
                            return last;
                        }
                        last = out;
                        started.countDown();
                    }
                });
                started.await();
                tx.close();
                byte[] last = sealing.get(10, TimeUnit.SECONDS);
                assertNotNull(last);
                assertEquals(1500, new RxSession(key(1), SRC, DST, 64).open(last, 0, last.length, new byte[1502], 0));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** A control thread installs keys while a receiving thread opens: in order, nothing is lost. */
    @Test
    void keysChangeUnderTraffic() throws Exception {
        RxSlots slots = new RxSlots(SRC, DST);
        slots.install(key(1));
        ExecutorService threads = Executors.newFixedThreadPool(1);
        try {
            for (int generation = 2; generation < 200; generation++) {
                int current = generation;
                CountDownLatch installed = new CountDownLatch(1);
                Future<Integer> receiving = threads.submit(() -> {
                    int lost = 0;
                    TxSession before = new TxSession(key(current - 1), SRC, DST, 0);
                    before.reserve(10);
                    while (installed.getCount() > 0) {
                        lost += open(slots, seal(before, 100)) == 100 ? 0 : 1;
                    }
                    TxSession after = new TxSession(key(current), SRC, DST, 0);
                    byte[] overtaken = seal(before, 100);
                    for (int i = 0; i < 10; i++) {
                        lost += open(slots, seal(after, 100)) == 100 ? 0 : 1;
                    }
                    after.close();
                    return lost + (open(slots, overtaken) == 100 ? 0 : 1);
                });
                slots.install(key(current));
                slots.sweep(generation);
                installed.countDown();
                assertEquals(0, receiving.get(10, TimeUnit.SECONDS), "generation " + generation);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
