package tier6.api.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GateTest {
    private final AtomicInteger releases = new AtomicInteger();
    private final Gate gate = new Gate(releases::incrementAndGet);

    @Test
    void whatNobodyUsesIsReleasedAtOnce() {
        assertTrue(gate.close());
        assertEquals(1, releases.get());
        assertFalse(gate.close());
        assertEquals(1, releases.get());
    }

    @Test
    void whoIsInsideKeepsItAndNobodyElseComesIn() {
        assertTrue(gate.enter());
        assertTrue(gate.enter());
        assertTrue(gate.close());
        assertFalse(gate.enter());
        gate.leave();
        assertEquals(0, releases.get());
        assertFalse(gate.awaitRelease(1));
        gate.leave();
        assertEquals(1, releases.get());
        assertTrue(gate.awaitRelease(1));
    }

    @Test
    void nothingIsUsedAfterItsRelease() throws Exception {
        AtomicBoolean released = new AtomicBoolean();
        AtomicInteger late = new AtomicInteger();
        Gate busy = new Gate(() -> released.set(true));
        Thread[] users = new Thread[4];
        for (int i = 0; i < users.length; i++) {
            users[i] = new Thread(() -> {
                while (busy.enter()) {
                    if (released.get()) {
                        late.incrementAndGet();
                    }
                    busy.leave();
                }
            });
            users[i].start();
        }
        Thread.sleep(20);
        busy.close();
        for (Thread user : users) {
            user.join();
        }
        assertTrue(released.get());
        assertEquals(0, late.get());
    }
}
