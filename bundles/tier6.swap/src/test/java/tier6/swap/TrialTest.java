package tier6.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TrialTest {
    @Test
    void givesWhatWasOpened() throws IOException {
        AutoCloseable opened = () -> {};
        assertSame(opened, Trial.open(() -> opened));
        assertNull(Trial.open(() -> null));
    }

    @Test
    void anythingThatIsThrownBecomesASentence() {
        assertEquals(
                "in use",
                assertThrows(
                                IOException.class,
                                () -> Trial.open(() -> {
                                    throw new IOException("in use");
                                }))
                        .getMessage());
        assertEquals(
                "java.lang.NoClassDefFoundError: not/there",
                assertThrows(
                                IOException.class,
                                () -> Trial.open(() -> {
                                    throw new NoClassDefFoundError("not/there");
                                }))
                        .getMessage());
    }

    @Test
    void oneThatBlocksIsGivenUpAndClosedWhenItComesAfterAll() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        IOException e = assertThrows(
                IOException.class,
                () -> Trial.open(() -> {
                    boolean waiting = true;
                    while (waiting) {
                        try {
                            end.await();
                            waiting = false;
                        } catch (InterruptedException deaf) {
                            // as a plug-in may be
                        }
                    }
                    return (AutoCloseable) closed::countDown;
                }));
        assertTrue(e.getMessage().startsWith("it did not answer for"), e.getMessage());
        end.countDown();
        assertTrue(closed.await(10, TimeUnit.SECONDS), "what came too late stays open");
    }
}
