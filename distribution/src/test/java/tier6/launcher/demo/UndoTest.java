package tier6.launcher.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class UndoTest {
    private final List<String> undone = new CopyOnWriteArrayList<>();
    private final Undo undo = new Undo();

    @Test
    void takesBackLastFirstAndOnce() throws Exception {
        assertEquals("a", undo.step(() -> "a", undone::add));
        undo.step(() -> "b", undone::add);
        assertFalse(undo.isOver());
        undo.close();
        undo.close();
        assertTrue(undo.isOver());
        assertEquals(List.of("b", "a"), undone);
    }

    @Test
    void aFailedStepLeavesNothingToTakeBack() {
        assertThrows(
                IOException.class,
                () -> undo.step(
                        () -> {
                            throw new IOException("no");
                        },
                        made -> undone.add("never")));
        undo.close();
        assertEquals(List.of(), undone);
    }

    @Test
    void goesOnWhenTakingBackFails() throws Exception {
        undo.step(() -> "a", undone::add);
        undo.step(() -> "b", made -> {
            throw new IOException("cannot");
        });
        undo.close();
        assertEquals(List.of("a"), undone);
    }

    @Test
    void refusesStepsAfterTheEnd() {
        undo.close();
        assertThrows(IllegalStateException.class, () -> undo.step(() -> undone.add("done"), made -> {}));
        assertEquals(List.of(), undone);
    }

    @Test
    void waitsForAStepThatIsUnderWay() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        Thread worker = new Thread(() -> {
            try {
                undo.step(
                        () -> {
                            inside.countDown();
                            closing.await();
                            return "slow";
                        },
                        undone::add);
            } catch (Exception e) {
                undone.add(e.toString());
            }
        });
        worker.start();
        inside.await();
        Thread closer = new Thread(undo::close);
        closer.start();
        while (!undo.isOver()) {
            Thread.onSpinWait();
        }
        assertEquals(List.of(), undone);
        closing.countDown();
        closer.join();
        worker.join();
        assertEquals(List.of("slow"), undone);
    }
}
