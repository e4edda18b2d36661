package tier6.transport.sanctum.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WarmUpTest {
    private static boolean isRunning() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("tier6-transport-warm-up"));
    }

    @Test
    void itEndsWhenItIsToldTo() throws Exception {
        WarmUp warmUp = new WarmUp();
        warmUp.start();
        assertTrue(isRunning());
        warmUp.close();
        for (int i = 0; i < 500 && isRunning(); i++) {
            Thread.sleep(10);
        }
        assertFalse(isRunning());
    }
}
