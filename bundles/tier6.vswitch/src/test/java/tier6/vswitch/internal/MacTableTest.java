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

class MacTableTest {
    private static final long SECOND = 1_000_000_000L;

    private int evictions;
    private final MacTable table = new MacTable(new Random(1).nextLong(), port -> evictions++);

    @Test
    void holdsMany() {
        for (int port = 0; port < 100; port++) {
            table.open(port);
        }
        for (int i = 1; i <= 200_000; i++) {
            assertEquals(MacTable.NONE, table.learn(i * 7L, i % 100, 0));
        }
        for (int i = 1; i <= 200_000; i++) {
            assertEquals(i % 100, table.find(i * 7L, 0));
        }
        assertEquals(MacTable.NONE, table.find(3, 0));
        assertEquals(2000, table.size(5));
        table.close(5);
        assertEquals(MacTable.NONE, table.find(5 * 7L, 0));
        assertEquals(6, table.find(6 * 7L, 0));
    }

    @Test
    void staysSoundWhenAPeerMakesUpAddresses() {
        table.open(0);
        table.open(1);
        table.configure(100, 300 * SECOND);
        table.learn(1, 0, 0);
        Random random = new Random(2);
        long last = 0;
        for (int i = 0; i < 300_000; i++) {
            last = 0x0200_0000_0000L | random.nextInt();
            last &= 0xffff_ffff_ffffL;
            table.learn(last, 1, i);
        }
        assertEquals(1, table.size(0));
        assertEquals(100, table.size(1));
        assertEquals(0, table.find(1, 0));
        assertEquals(1, table.find(last, 0));
        assertTrue(evictions > 290_000, evictions + " evictions");
    }

    @Test
    void forgetsTheOldestFirst() {
        table.open(0);
        table.configure(3, 300 * SECOND);
        for (long mac = 1; mac <= 3; mac++) {
            table.learn(mac, 0, mac * SECOND);
        }
        table.learn(1, 0, 4 * SECOND);
        table.learn(9, 0, 5 * SECOND);
        List<Long> seen = new ArrayList<>();
        table.visit(0, 10, (mac, port, time) -> seen.add(mac));
        assertEquals(List.of(9L, 1L, 3L), seen);
        assertEquals(1, table.age(0, 304 * SECOND + SECOND / 2), "3, which is 301.5 s old");
        assertEquals(MacTable.NONE, table.find(3, 304 * SECOND));
        assertEquals(0, table.find(1, 304 * SECOND));
    }

    @Test
    void learnsNothingOnAClosedPort() {
        table.open(0);
        table.close(0);
        assertEquals(0, table.learn(1, 0, 0));
        assertEquals(MacTable.NONE, table.find(1, 0));
    }

    /** Lookups must find what nobody takes away, whatever others do to the table around it. */
    @Test
    void isReadWhileOthersWrite() throws InterruptedException {
        int fixed = 500;
        for (int port = 0; port < 4; port++) {
            table.open(port);
        }
        table.configure(2000, Long.MAX_VALUE / 4);
        for (int i = 1; i <= fixed; i++) {
            table.learn(i, 3, 0);
        }
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int reader = 0; reader < 2; reader++) {
            threads.add(new Thread(() -> {
                while (!stop.get()) {
                    for (int i = 1; i <= fixed; i++) {
                        assertEquals(3, table.find(i, 0));
                    }
                }
            }));
        }
        for (int writer = 0; writer < 3; writer++) {
            int port = writer;
            threads.add(new Thread(() -> {
                Random random = new Random(port);
                for (int i = 0; i < 200_000; i++) {
                    table.learn(1_000_000L + random.nextInt(100_000), port, (long) i * SECOND / 100);
                    if (i % 50_000 == 49_999) {
                        table.close(port);
                        table.open(port);
                    }
                }
            }));
        }
        threads.forEach(thread -> thread.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e)));
        threads.forEach(Thread::start);
        for (Thread writer : threads.subList(2, 5)) {
            writer.join();
        }
        stop.set(true);
        for (Thread reader : threads) {
            reader.join();
        }
        assertNull(failure.get());
        int[] sum = {0};
        for (int port = 0; port < 4; port++) {
            int number = port;
            int before = sum[0];
            table.visit(port, Integer.MAX_VALUE, (mac, p, time) -> {
                sum[0]++;
                assertEquals(number, p);
            });
            assertEquals(table.size(port), sum[0] - before);
            table.visit(port, Integer.MAX_VALUE, (mac, p, time) -> assertEquals(number, table.find(mac, time)));
        }
        assertEquals(fixed, table.size(3));
    }
}
