package tier6.api.counter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountersTest {
    private enum Thing {
        FRAMES_IN,
        DROP_NO_KEY
    }

    @Test
    void countsEachByItself() {
        Counters<Thing> counters = new Counters<>(Thing.class);
        counters.add(Thing.FRAMES_IN, 3);
        counters.add(Thing.FRAMES_IN, 4);
        counters.add(Thing.DROP_NO_KEY, 0);
        assertEquals(7, counters.get(Thing.FRAMES_IN));
        assertEquals(0, counters.get(Thing.DROP_NO_KEY));
        assertEquals(Map.of("frames-in", 7L, "drop-no-key", 0L), counters.snapshot());
        assertEquals(
                List.of("frames-in", "drop-no-key"),
                List.copyOf(counters.snapshot().keySet()));
    }

    @Test
    void losesNothingBetweenThreads() throws InterruptedException {
        Counters<Thing> counters = new Counters<>(Thing.class);
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread(() -> {
                for (int i = 0; i < 10_000; i++) {
                    counters.add(Thing.FRAMES_IN, 2);
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(80_000, counters.get(Thing.FRAMES_IN));
    }
}
