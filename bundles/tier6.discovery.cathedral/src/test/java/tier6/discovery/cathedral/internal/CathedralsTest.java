package tier6.discovery.cathedral.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class CathedralsTest {
    private static final InetSocketAddress A = new InetSocketAddress("192.0.2.1", 4500);
    private static final InetSocketAddress B = new InetSocketAddress("192.0.2.2", 4500);
    private static final InetSocketAddress C = new InetSocketAddress("192.0.2.3", 4500);

    private long now = Long.MAX_VALUE - SECONDS.toNanos(15); // the clock may overflow

    private boolean changesAfter(Cathedrals cathedrals, int seconds) {
        now += SECONDS.toNanos(seconds);
        return cathedrals.changeIfSilent(now);
    }

    @Test
    void takesAllInTurnAndSkipsNone() {
        Cathedrals cathedrals = new Cathedrals(A, List.of(A, B, C), now);
        for (InetSocketAddress next : List.of(B, C, A, B, C, A)) {
            assertFalse(changesAfter(cathedrals, 9));
            assertTrue(changesAfter(cathedrals, 1));
            assertEquals(next, cathedrals.current());
        }
    }

    @Test
    void hasMorePatienceWithOneThatWasHeard() {
        Cathedrals cathedrals = new Cathedrals(A, List.of(B), now);
        cathedrals.heard(now, 5);
        assertFalse(changesAfter(cathedrals, 44));
        assertTrue(changesAfter(cathedrals, 1));
        assertFalse(changesAfter(cathedrals, 9));
        assertTrue(changesAfter(cathedrals, 1));
        assertEquals(A, cathedrals.current());
        assertEquals(5, cathedrals.roundTrip(A));
        assertEquals(SECONDS.toNanos(55), cathedrals.heardAgo(A, now));
        assertTrue(cathedrals.heardAgo(B, now) < 0);
    }

    @Test
    void prefersOneThatAnswersBeforeItRunsOutOfPatience() {
        Cathedrals cathedrals = new Cathedrals(A, List.of(B, C), now);
        cathedrals.heard(now, 5);
        assertFalse(changesAfter(cathedrals, 9));
        assertFalse(cathedrals.doubtful(now));
        assertFalse(changesAfter(cathedrals, 1));
        assertTrue(cathedrals.doubtful(now));
        assertFalse(changesAfter(cathedrals, 10), "none of the others answers either");
        cathedrals.heardOther(C, now);
        assertTrue(changesAfter(cathedrals, 1));
        assertEquals(C, cathedrals.current());
    }

    @Test
    void staysWithTheOnlyOne() {
        Cathedrals cathedrals = new Cathedrals(A, List.of(), now);
        assertFalse(changesAfter(cathedrals, 1000));
        assertEquals(A, cathedrals.current());
        assertEquals(List.of(A), cathedrals.inOrder());
    }

    @Test
    void followsTheConfiguredOneToAnotherAddress() {
        Cathedrals cathedrals = new Cathedrals(A, List.of(B), now);
        cathedrals.heard(now, 5);
        now += SECONDS.toNanos(9);
        assertFalse(cathedrals.missesConfigured(now));
        assertFalse(cathedrals.configure(C, now), "it is heard where it was");
        assertEquals(List.of(A, B, C), cathedrals.inOrder());
        now += SECONDS.toNanos(9);
        assertFalse(cathedrals.missesConfigured(now));
        now += SECONDS.toNanos(1);
        assertTrue(cathedrals.missesConfigured(now), "nobody heard it where it is now");
        assertFalse(cathedrals.configure(C, now), "nothing new");
        assertEquals(A, cathedrals.current());
    }

    @Test
    void leavesAnAddressThatIsGoneFromTheName() {
        Cathedrals cathedrals = new Cathedrals(A, List.of(B), now);
        cathedrals.heard(now, 5);
        now += SECONDS.toNanos(10);
        assertTrue(cathedrals.configure(C, now));
        assertEquals(List.of(C, B), cathedrals.inOrder());
        assertFalse(cathedrals.missesConfigured(now), "it gets its time");
        assertTrue(changesAfter(cathedrals, 10));
        assertEquals(B, cathedrals.current());
        cathedrals.heard(now, 5);
        assertTrue(cathedrals.missesConfigured(now), "with another one in use, too");
        assertFalse(cathedrals.configure(A, now), "the one in use answers");
        assertEquals(List.of(B, A), cathedrals.inOrder());
    }

    @Test
    void keepsTheConfiguredAndTheCurrentOne() {
        Cathedrals cathedrals = new Cathedrals(A, List.of(B), now);
        assertTrue(changesAfter(cathedrals, 10));
        cathedrals.remember(List.of(C));
        assertEquals(List.of(B, C, A), cathedrals.inOrder());
    }
}
