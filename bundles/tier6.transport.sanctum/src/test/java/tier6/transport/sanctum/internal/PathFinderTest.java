package tier6.transport.sanctum.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import tier6.api.transport.LinkStatus.Path;

class PathFinderTest {
    private static final InetSocketAddress CATHEDRAL = new InetSocketAddress("192.0.2.100", 4500);
    private static final InetSocketAddress OTHER = new InetSocketAddress("192.0.2.101", 4500);
    private static final InetSocketAddress PEER = new InetSocketAddress("198.51.100.1", 1000);
    private static final InetSocketAddress MOVED = new InetSocketAddress("198.51.100.2", 2000);

    private final PathFinder path = new PathFinder();
    private long now = Long.MAX_VALUE - SECONDS.toNanos(5); // the clock may overflow

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now += SECONDS.toNanos(1);
            path.tick(now);
        }
    }

    private void through(InetSocketAddress cathedral) {
        path.configure(cathedral, null, now);
    }

    private void goDirect() {
        path.told(PEER, now);
        path.heard(PEER, now);
        assertEquals(Path.DIRECT, path.path());
    }

    @Test
    void knowsNoWayAtFirst() {
        assertEquals(Path.NONE, path.path());
        assertNull(path.remote());
    }

    @Test
    void relaysUntilTheDirectPathIsHeard() {
        through(CATHEDRAL);
        path.told(PEER, now);
        assertEquals(CATHEDRAL, path.remote());
        assertEquals(PEER, path.knock(now));
        assertNull(path.knock(now), "once a second");
        path.heard(CATHEDRAL, now);
        assertEquals(CATHEDRAL, path.remote());
        path.heard(PEER, now);
        assertEquals(PEER, path.remote());
        assertEquals(Path.DIRECT, path.path());
        assertNull(path.knock(now));
    }

    @Test
    void doesNotGoDirectUndisclosed() {
        through(CATHEDRAL);
        path.told(CATHEDRAL, now);
        path.heard(PEER, now);
        assertEquals(CATHEDRAL, path.remote());
        assertNull(path.knock(now));
    }

    @Test
    void fallsBackWhenTheDirectPathFallsSilentAndDoesNotFlap() {
        through(CATHEDRAL);
        goDirect();
        pass(19);
        assertEquals(PEER, path.remote());
        pass(1);
        assertEquals(CATHEDRAL, path.remote());
        path.heard(PEER, now);
        assertEquals(CATHEDRAL, path.remote(), "left alone for a minute");
        assertNull(path.knock(now));
        pass(60);
        assertEquals(PEER, path.knock(now));
        path.heard(PEER, now);
        assertEquals(PEER, path.remote());
        pass(20);
        assertEquals(CATHEDRAL, path.remote());
        pass(119);
        path.heard(PEER, now);
        assertEquals(CATHEDRAL, path.remote(), "the second time for two minutes");
        pass(1);
        path.heard(PEER, now);
        assertEquals(PEER, path.remote());
    }

    @Test
    void fallsBackWhenThePeerDoesNotFollow() {
        through(CATHEDRAL);
        goDirect();
        pass(9);
        path.heard(CATHEDRAL, now);
        assertEquals(PEER, path.remote(), "it may still be changing");
        path.heard(PEER, now);
        pass(1);
        path.heard(CATHEDRAL, now);
        assertEquals(CATHEDRAL, path.remote());
    }

    @Test
    void fallsBackWhenThePeerStartsAgain() {
        through(CATHEDRAL);
        goDirect();
        pass(1);
        path.heardOffer(CATHEDRAL, now);
        assertEquals(PEER, path.remote(), "it was on its way");
        pass(1);
        path.heardOffer(CATHEDRAL, now);
        assertEquals(CATHEDRAL, path.remote());
    }

    @Test
    void staysDirectWhileTheCathedralStartsAgain() {
        through(CATHEDRAL);
        goDirect();
        path.told(CATHEDRAL, now);
        for (int i = 0; i < 10; i++) {
            pass(5);
            path.heard(PEER, now);
            assertEquals(PEER, path.remote());
        }
    }

    @Test
    void triesAgainSoonAfterThePeerStartedAgain() {
        through(CATHEDRAL);
        goDirect();
        pass(15);
        path.heard(CATHEDRAL, now);
        assertEquals(CATHEDRAL, path.remote());
        path.told(CATHEDRAL, now);
        pass(15);
        path.told(MOVED, now);
        assertEquals(MOVED, path.knock(now));
        path.heard(MOVED, now);
        assertEquals(MOVED, path.remote());
    }

    @Test
    void followsAPeerThatRoams() {
        through(CATHEDRAL);
        goDirect();
        pass(3);
        path.heard(MOVED, now);
        assertEquals(MOVED, path.remote());
        path.heard(PEER, now);
        assertEquals(MOVED, path.remote(), "a straggler");
    }

    @Test
    void movesToAnotherCathedralAtOnce() {
        through(CATHEDRAL);
        through(OTHER);
        assertEquals(OTHER, path.remote());
        path.told(PEER, now);
        path.heard(CATHEDRAL, now);
        assertEquals(OTHER, path.remote(), "what the old one relays is not a direct path");
        goDirect();
        through(CATHEDRAL);
        assertEquals(PEER, path.remote(), "a direct path does not care");
    }

    @Test
    void needsNoCathedral() {
        path.configure(null, PEER, now);
        assertEquals(PEER, path.remote());
        assertEquals(Path.DIRECT, path.path());
        pass(100);
        assertEquals(PEER, path.remote());
        path.heard(MOVED, now);
        assertEquals(MOVED, path.remote());
        path.reset(now);
        assertEquals(PEER, path.remote());
    }

    /** A route may have led it astray for a moment, through the overlay itself. */
    @Test
    void comesBackFromWhereAPeerIsNoMore() {
        path.configure(null, PEER, now);
        pass(3);
        path.heard(MOVED, now);
        assertEquals(MOVED, path.remote());
        for (int i = 0; i < 30; i++) {
            pass(1);
            path.heard(MOVED, now);
        }
        assertEquals(MOVED, path.remote(), "it is there");
        pass(25);
        assertEquals(PEER, path.remote(), "it is silent there");
    }

    @Test
    void knocksSlowlyAfterAWhile() {
        through(CATHEDRAL);
        path.told(PEER, now);
        int knocks = 0;
        for (int i = 0; i < 65; i++) {
            knocks += path.knock(now) != null ? 1 : 0;
            pass(1);
        }
        assertTrue(knocks >= 24 && knocks <= 26, knocks + " knocks");
    }
}
