package tier6.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class RepetitionsTest {
    private long now;
    private final Repetitions repetitions = new Repetitions(() -> now);

    @Test
    void someOfTheSameLinePassInAMinute() {
        for (int i = 0; i < Repetitions.MOST; i++) {
            assertEquals("lost", repetitions.limit("mesh", "lost"));
        }
        for (int i = 0; i < 7; i++) {
            assertNull(repetitions.limit("mesh", "lost"));
        }
        assertEquals("found", repetitions.limit("mesh", "found"));
        assertEquals("lost", repetitions.limit("switch", "lost"));
        now += Repetitions.PERIOD;
        assertEquals("lost (and 7 times more before)", repetitions.limit("mesh", "lost"));
        assertEquals("lost", repetitions.limit("mesh", "lost"));
    }

    @Test
    void rareLinesAlwaysPass() {
        for (int i = 0; i < 100; i++) {
            assertEquals("lost", repetitions.limit("mesh", "lost"));
            now += Repetitions.PERIOD;
        }
    }

    @Test
    void manyDifferentLinesPassAndAreForgotten() {
        for (int i = 0; i < 10_000; i++) {
            assertEquals("line " + i, repetitions.limit("mesh", "line " + i));
        }
    }
}
