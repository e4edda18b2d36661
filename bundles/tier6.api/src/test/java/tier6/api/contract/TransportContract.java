package tier6.api.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.peer.Peer;
import tier6.api.transport.Link;
import tier6.api.transport.LinkStatus;
import tier6.api.transport.Transport;

/**
 * What every {@link Transport} and its {@link Link}s do. Two transports on this host talk to each other, over whatever
 * they talk over; bursts are small, so that nothing in between overflows.
 */
public abstract class TransportContract {
    private static final int LANE = 2;
    private static final String[] COUNTERS = {"frames-in", "frames-out", "bytes-in", "bytes-out"};

    /**
     * One of two nodes.
     *
     * @param transport the node's transport, ready to connect
     * @param other what the node knows about the other one
     */
    public record End(Transport transport, Peer other) {}

    private Set<Thread> before;
    private List<End> ends;
    private final List<Link> links = new ArrayList<>();
    private final List<BlockingQueue<byte[]>> received =
            List.of(new LinkedBlockingQueue<>(), new LinkedBlockingQueue<>());

    /** Two new nodes that can reach each other. */
    protected abstract List<End> open() throws Exception;

    /** Closes the transports that {@link #open} made; their links may be closed already. */
    protected abstract void close() throws Exception;

    /** A peer that the first transport of {@link #open} must refuse, if there is such a thing: itself, for instance. */
    protected Optional<Peer> unreachable() {
        return Optional.empty();
    }

    @BeforeEach
    void openBoth() throws Exception {
        before = Thread.getAllStackTraces().keySet();
        ends = open();
        assertEquals(2, ends.size());
    }

    @AfterEach
    void closeBoth() throws Exception {
        links.forEach(Link::close);
        close();
    }

    private Link connect(int end) {
        BlockingQueue<byte[]> queue = received.get(end);
        Link link = assertTimeoutPreemptively(
                Eventually.LIMIT,
                () -> ends.get(end).transport().connect(ends.get(end).other(), frames -> {
                    for (int i = 0; i < frames.count(); i++) {
                        queue.add(frames.copy(i));
                    }
                }));
        links.add(link);
        return link;
    }

    private void connectBoth() {
        connect(0);
        connect(1);
        awaitUp(links.get(0), links.get(1));
    }

    private static void awaitUp(Link... both) {
        for (Link link : both) {
            Eventually.holds("a link is up", () -> link.status().state() == LinkStatus.State.UP);
        }
    }

    private byte[] next(int end) {
        byte[][] frame = {null};
        Eventually.holds("a frame arrives", () -> (frame[0] = received.get(end).poll()) != null);
        return frame[0];
    }

    @Test
    void saysWhatItIs() {
        for (End end : ends) {
            assertFalse(end.transport().kind().isBlank());
            assertEquals(end.transport().kind(), end.transport().kind());
            assertNotNull(end.transport().counters());
            int mtu = end.transport().mtu();
            assertTrue(mtu >= 68 && mtu <= 65_521, "an MTU of IP (RFC 791): " + mtu);
        }
    }

    @Test
    void aLinkThatNobodyAnswersDropsAndCounts() {
        Link link = connect(0);
        assertEquals(ends.get(0).other().id(), link.status().peer());
        assertNotEquals(LinkStatus.State.UP, link.status().state());
        var counters = link.status().counters();
        for (String name : COUNTERS) {
            assertEquals(0, counters.get(name), name);
        }
        link.send(batch(LANE, frame(1, 100)));
        assertNotEquals(counters, link.status().counters(), "the drop is counted");
        assertEquals(0, link.status().counters().get("frames-out"));
    }

    @Test
    void carriesFramesOfAllSizesBothWaysInOrder() {
        connectBoth();
        int longest = ends.get(0).transport().mtu() + Ethernet.HEADER + Ethernet.VLAN_TAG;
        int[] sizes = {60, 61, 100, 577, longest - 1, longest};
        for (int from = 0; from < 2; from++) {
            byte[][] frames = new byte[sizes.length][];
            for (int i = 0; i < sizes.length; i++) {
                frames[i] = frame(i, sizes[i]);
            }
            Batch batch = batch(LANE, frames);
            links.get(from).send(batch);
            assertEquals(frames.length, batch.count());
            for (int i = 0; i < frames.length; i++) {
                assertArrayEquals(
                        frames[i], batch.copy(i), "who sends leaves frames as they are: others get them, too");
                assertArrayEquals(frames[i], next(1 - from), "frame " + i);
            }
        }
        for (Link link : links) {
            var counters = link.status().counters();
            for (String name : COUNTERS) {
                assertTrue(counters.get(name) >= sizes.length, name + " " + counters.get(name));
            }
            assertTrue(link.status().keyAge().isPresent());
            assertTrue(link.status().heard().isPresent());
            assertNotEquals(LinkStatus.Path.NONE, link.status().path());
        }
    }

    @Test
    void takesSeveralLanesAtOnce() throws Exception {
        connectBoth();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread[] lanes = new Thread[3];
        for (int lane = 0; lane < lanes.length; lane++) {
            int number = lane;
            lanes[lane] = new Thread(
                    () -> {
                        for (int i = 0; i < 20; i++) {
                            links.get(0).send(batch(LANE + number, frame(number << 16 | i, 200)));
                        }
                    },
                    "sender " + lane);
            lanes[lane].setUncaughtExceptionHandler((thread, e) -> failure.set(e));
            lanes[lane].start();
        }
        int[] following = new int[lanes.length];
        for (int i = 0; i < 20 * lanes.length; i++) {
            int number = number(next(1));
            assertEquals(following[number >> 16]++, number & 0xffff, "order of lane " + (number >> 16));
        }
        for (Thread lane : lanes) {
            Eventually.ends(lane);
        }
        assertEquals(null, failure.get());
    }

    @Test
    void staysUpWhenItIsToldTheSameAgain() {
        connectBoth();
        links.get(0).update(ends.get(0).other());
        links.get(1).update(ends.get(1).other());
        links.get(0).send(batch(LANE, frame(7, 100)));
        assertArrayEquals(frame(7, 100), next(1));
        assertEquals(LinkStatus.State.UP, links.get(0).status().state());
    }

    @Test
    void connectsAgainWithAPeerThatStartedAgain() {
        connectBoth();
        links.get(1).close();
        Link again = connect(1);
        awaitUp(again);
        // The first ones may still be sealed with what the peer has forgotten.
        Eventually.holds("frames cross again", () -> {
            links.get(0).send(batch(LANE, frame(8, 100)));
            again.send(batch(LANE, frame(9, 100)));
            pause();
            return !received.get(0).isEmpty() && !received.get(1).isEmpty();
        });
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void doesNothingButCountAfterClose() throws Exception {
        connectBoth();
        Link link = links.get(0);
        link.close();
        assertDoesNotThrow(link::close);
        var before = link.status().counters();
        assertDoesNotThrow(() -> link.send(batch(LANE, frame(1, 100))));
        assertNotEquals(before, link.status().counters(), "the drop is counted");
        assertDoesNotThrow(() -> link.update(ends.get(0).other()));
        assertNotNull(link.status());
        close();
        assertDoesNotThrow(() -> links.get(1).send(batch(LANE, frame(1, 100))));
        assertDoesNotThrow(() -> links.get(1).status());
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        connectBoth();
        links.forEach(Link::close);
        close();
        Eventually.holds("its threads end", () -> {
            Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
            after.removeAll(before);
            after.removeIf(thread -> thread == Thread.currentThread()
                    || thread.getThreadGroup() == null
                    || thread.getThreadGroup().getName().equals("system")
                    || thread.getThreadGroup().getName().equals("InnocuousThreadGroup"));
            return after.isEmpty();
        });
    }

    @Test
    void refusesWhatItCannotReachInWords() {
        Optional<Peer> peer = unreachable();
        assumeTrue(peer.isPresent(), "no peer is unreachable beforehand for this transport");
        Transport transport = ends.get(0).transport();
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> transport.connect(peer.get(), frames -> {}));
        assertFalse(e.getMessage().isBlank());
    }

    private static byte[] frame(int number, int size) {
        byte[] frame = TapDriverContract.frame(number, size);
        Ethernet.putMac(frame, 0, 0x0600_0000_0001L);
        return frame;
    }

    private static int number(byte[] frame) {
        return (frame[14] & 0xff) << 24 | (frame[15] & 0xff) << 16 | (frame[16] & 0xff) << 8 | frame[17] & 0xff;
    }

    private static Batch batch(int lane, byte[]... frames) {
        int size = 0;
        for (byte[] frame : frames) {
            size += frame.length + Batch.TAILROOM;
        }
        Batch batch = new Batch(lane, frames.length, size);
        for (byte[] frame : frames) {
            batch.append(frame, 0, frame.length);
        }
        return batch;
    }
}
