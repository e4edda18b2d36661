package tier6.api.counter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class StopwatchTest {
    /** Each round takes the same time, so that the one that is measured speaks for all. */
    @Test
    void oneRoundInSixteenStandsForAll() {
        Stopwatch stopwatch = new Stopwatch();
        int measured = 0;
        long nanos = 0;
        long began = System.nanoTime();
        for (int i = 0; i < 64; i++) {
            stopwatch.begin();
            LockSupport.parkNanos(100_000);
            long lap = stopwatch.lap();
            measured += lap > 0 ? 1 : 0;
            nanos += lap;
        }
        assertEquals(4, measured);
        assertTrue(nanos > 0 && nanos < 16 * (System.nanoTime() - began), "estimated " + nanos + " ns");
    }

    @Test
    void aLapBeginsWhereTheLastOneEnded() {
        Stopwatch stopwatch = new Stopwatch();
        long before = System.nanoTime();
        stopwatch.begin();
        LockSupport.parkNanos(50_000_000);
        long first = stopwatch.lap();
        long second = stopwatch.lap();
        long all = System.nanoTime() - before;
        assertTrue(first + second <= 16 * all, first + " and " + second + " of 16 times " + all);
        assertTrue(first > second, first + " is no longer than " + second);
    }

    /** As of a reader that finds nothing after each frame: every other round would never be measured. */
    @Test
    void aRoundThatWasTakenBackDoesNotCount() {
        Stopwatch stopwatch = new Stopwatch();
        int measured = 0;
        for (int i = 0; i < 64; i++) {
            stopwatch.begin();
            stopwatch.cancel();
            assertEquals(0, stopwatch.lap());
            stopwatch.begin();
            LockSupport.parkNanos(1);
            measured += stopwatch.lap() > 0 ? 1 : 0;
        }
        assertEquals(4, measured);
    }
}
