package tier6.api.counter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void countsInStepsOfPowersOfTwo() {
        Histogram histogram = new Histogram();
        for (int number : new int[] {-1, 0, 1, 2, 3, 4, 7, 8, 255, 256, 100_000}) {
            histogram.add(number);
        }
        Map<String, Long> counters = new LinkedHashMap<>();
        histogram.putInto(counters, "batch");
        assertEquals(
                "{batch-1=1, batch-2=2, batch-4=2, batch-8=1, batch-16=0, batch-32=0, batch-64=0, batch-128=1, batch-256=2}",
                counters.toString());
    }
}
