package tier6.api.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.api.underlay.Underlay;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlayReceiver;
import tier6.api.underlay.UnderlaySocket;

/** What every {@link Underlay} does. Bursts are small, so that no socket buffer overflows. */
public abstract class UnderlayContract {
    private static final int LANE = 1;
    private static final long WAIT = 100_000_000;

    private UnderlayLoop here;
    private UnderlayLoop there;

    /** The underlay under test. */
    protected abstract Underlay underlay();

    /** An address to which two sockets can be bound and reach each other; port 0. */
    protected InetSocketAddress any() {
        return new InetSocketAddress("127.0.0.1", 0);
    }

    /** The same with IPv6. */
    protected InetSocketAddress any6() {
        return new InetSocketAddress("::1", 0);
    }

    /** Whether {@link #any6} can be used here. */
    protected boolean hasIpv6() throws IOException {
        return NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null;
    }

    @BeforeEach
    void openLoops() throws IOException {
        here = underlay().open();
        there = underlay().open();
    }

    @AfterEach
    void closeLoops() {
        here.close();
        there.close();
    }

    @Test
    void saysWhatItIs() throws IOException {
        assertFalse(underlay().kind().isBlank());
        UnderlaySocket socket = here.open(any(), new Inbox());
        assertEquals(any().getAddress(), socket.local().getAddress());
        assertNotEquals(0, socket.local().getPort());
    }

    @Test
    void deliversInOrder() throws IOException {
        exchange(any());
    }

    @Test
    void deliversInOrderOverIpv6() throws IOException {
        assumeTrue(hasIpv6(), "no IPv6 here");
        exchange(any6());
    }

    private void exchange(InetSocketAddress any) throws IOException {
        Inbox inbox = new Inbox();
        UnderlaySocket to = there.open(any, inbox);
        UnderlaySocket from = here.open(any, new Inbox());
        int number = 0;
        for (int size : new int[] {1, 2, 17, 40}) {
            // runs of equal length, a shorter last one, and changes of length: what offload has to get right
            Batch batch = new Batch(LANE, size, 1 << 18);
            List<byte[]> expected = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                byte[] datagram = datagram(number++, i % 10 == 9 ? 300 : i < 20 ? 1450 : 40 + i);
                expected.add(datagram);
                batch.append(datagram, 0, datagram.length);
            }
            inbox.clear();
            assertEquals(size, from.send(batch, to.local()));
            receive(there, inbox, size);
            for (int i = 0; i < size; i++) {
                assertArrayEquals(expected.get(i), inbox.datagrams.get(i), "datagram " + i + " of " + size);
            }
            assertEquals(Set.of(from.local()), new HashSet<>(inbox.remotes));
        }
    }

    @Test
    void carriesSmallAndLargeDatagrams() throws IOException {
        Inbox inbox = new Inbox();
        UnderlaySocket to = there.open(any(), inbox);
        UnderlaySocket from = here.open(any(), new Inbox());
        for (int size : new int[] {4, 48, 1472, 1473, 9000, 20000}) {
            byte[] datagram = datagram(size, size);
            inbox.clear();
            assertEquals(1, from.send(batch(LANE, datagram), to.local()));
            receive(there, inbox, 1);
            assertArrayEquals(datagram, inbox.datagrams.get(0), size + " bytes");
        }
    }

    @Test
    void namesTheSenderWithTheSameObject() throws IOException {
        Inbox inbox = new Inbox();
        UnderlaySocket to = there.open(any(), inbox);
        UnderlaySocket from = here.open(any(), new Inbox());
        for (int i = 0; i < 10; i++) {
            from.send(batch(LANE, datagram(i, 100)), to.local());
            receive(there, inbox, i + 1);
        }
        assertEquals(from.local(), inbox.remotes.get(0));
        for (InetSocketAddress remote : inbox.remotes) {
            assertSame(inbox.remotes.get(0), remote);
        }
    }

    @Test
    void keepsSendersApart() throws IOException {
        Inbox inbox = new Inbox();
        UnderlaySocket to = there.open(any(), inbox);
        UnderlaySocket[] from = new UnderlaySocket[3];
        for (int i = 0; i < from.length; i++) {
            from[i] = here.open(any(), new Inbox());
        }
        for (int i = 0; i < 30; i++) {
            from[i % from.length].send(batch(LANE, datagram(i, 100)), to.local());
        }
        receive(there, inbox, 30);
        int[] last = {-1, -1, -1};
        for (int i = 0; i < 30; i++) {
            int number = number(inbox.datagrams.get(i));
            int sender = number % from.length;
            assertEquals(from[sender].local(), inbox.remotes.get(i));
            assertTrue(number > last[sender], "order of a sender");
            last[sender] = number;
        }
    }

    @Test
    void servesManySockets() throws IOException {
        int count = 100;
        Inbox[] inboxes = new Inbox[count];
        UnderlaySocket[] to = new UnderlaySocket[count];
        for (int i = 0; i < count; i++) {
            inboxes[i] = new Inbox();
            to[i] = there.open(any(), inboxes[i]);
        }
        UnderlaySocket from = here.open(any(), new Inbox());
        for (int i = 0; i < count; i++) {
            from.send(batch(LANE, datagram(i, 60)), to[i].local());
        }
        for (int i = 0; i < count; i++) {
            receive(there, inboxes[i], 1);
            assertEquals(i, number(inboxes[i].datagrams.get(0)));
        }
    }

    /** A peer that floods must not keep the others waiting: each socket has its turn before one has its second. */
    @Test
    void givesEverySocketItsTurn() throws IOException {
        int flood = 200;
        Inbox flooded = new Inbox();
        Inbox quiet = new Inbox();
        UnderlaySocket toFlooded = there.open(any(), flooded);
        UnderlaySocket toQuiet = there.open(any(), quiet);
        UnderlaySocket from = here.open(any(), new Inbox());
        for (int i = 0; i < flood; i++) {
            from.send(batch(LANE, datagram(i, 60)), toFlooded.local());
        }
        from.send(batch(LANE, datagram(7, 60)), toQuiet.local());
        receive(there, quiet, 1);
        assertTrue(flooded.datagrams.size() < flood, "all of the flood came first");
        receive(there, flooded, flood);
    }

    @Test
    void answersOnTheSameSocket() throws IOException {
        Inbox inbox = new Inbox();
        UnderlaySocket[] echo = new UnderlaySocket[1];
        echo[0] = there.open(any(), (datagrams, remote) -> echo[0].send(datagrams, remote));
        UnderlaySocket from = here.open(any(), inbox);
        from.send(batch(LANE, datagram(1, 70), datagram(2, 90)), echo[0].local());
        Eventually.holds("the echo", () -> poll(there) >= 0 && poll(here) >= 0 && inbox.datagrams.size() == 2);
        assertArrayEquals(datagram(1, 70), inbox.datagrams.get(0));
        assertArrayEquals(datagram(2, 90), inbox.datagrams.get(1));
    }

    @Test
    void letsReceiversScribble() throws IOException {
        Inbox inbox = new Inbox();
        UnderlayReceiver scribbler = (datagrams, remote) -> {
            for (int i = 0; i < datagrams.count(); i++) {
                inbox.datagrams.add(datagrams.copy(i));
                int at = datagrams.offset(i);
                Arrays.fill(datagrams.data(), at, at + datagrams.length(i) + Batch.TAILROOM, (byte) 0xee);
            }
        };
        UnderlaySocket to = there.open(any(), scribbler);
        UnderlaySocket from = here.open(any(), new Inbox());
        for (int round = 0; round < 3; round++) {
            from.send(batch(LANE, datagram(1, 500), datagram(2, 500), datagram(3, 500), datagram(4, 200)), to.local());
            inbox.clear();
            receive(there, inbox, 4);
            for (int i = 0; i < 4; i++) {
                assertArrayEquals(datagram(i + 1, i == 3 ? 200 : 500), inbox.datagrams.get(i));
            }
        }
    }

    @Test
    void takesSelections() throws IOException {
        Inbox inbox = new Inbox();
        UnderlaySocket to = there.open(any(), inbox);
        UnderlaySocket from = here.open(any(), new Inbox());
        Batch all = batch(LANE, datagram(0, 100), datagram(1, 200), datagram(2, 300));
        Batch some = Batch.selection(LANE, 2);
        some.selectFrom(all);
        some.select(all.offset(2), all.length(2));
        some.select(all.offset(0), all.length(0));
        assertEquals(2, from.send(some, to.local()));
        receive(there, inbox, 2);
        assertArrayEquals(datagram(2, 300), inbox.datagrams.get(0));
        assertArrayEquals(datagram(0, 100), inbox.datagrams.get(1));
    }

    @Test
    void polls() throws IOException {
        Inbox inbox = new Inbox();
        UnderlaySocket to = there.open(any(), inbox);
        UnderlaySocket from = here.open(any(), new Inbox());
        assertEquals(0, there.poll(LANE, 0));
        assertEquals(0, there.poll(LANE, 1_000_000));
        from.send(batch(LANE, datagram(1, 70), datagram(2, 90)), to.local());
        int[] sum = {0};
        Eventually.holds("both", () -> (sum[0] += poll(there)) == 2);
        assertEquals(2, inbox.datagrams.size());
        assertEquals(Set.of(LANE), inbox.lanes);
    }

    @Test
    void remembersAWakeup() throws IOException {
        there.open(any(), new Inbox());
        there.wakeup();
        assertEquals(0, there.poll(LANE, Eventually.LIMIT.toNanos() * 100), "returns at once");
        there.wakeup();
        there.wakeup();
        assertEquals(0, there.poll(LANE, Eventually.LIMIT.toNanos() * 100));
    }

    @Test
    void wakesUpAWaitingPoll() throws Exception {
        there.open(any(), new Inbox());
        Thread poller = new Thread(() -> poll(there, Eventually.LIMIT.toNanos() * 100), "poller");
        poller.start();
        there.wakeup();
        Eventually.ends(poller);
    }

    @Test
    void opensSocketsWhileAnotherThreadPolls() throws Exception {
        Inbox inbox = new Inbox();
        boolean[] stop = {false};
        Thread poller = new Thread(
                () -> {
                    while (!stop[0]) {
                        poll(there, Eventually.LIMIT.toNanos() * 100);
                    }
                },
                "poller");
        poller.start();
        UnderlaySocket from = here.open(any(), new Inbox());
        for (int i = 0; i < 20; i++) {
            UnderlaySocket to = there.open(any(), inbox);
            from.send(batch(LANE, datagram(i, 80)), to.local());
            int all = i + 1;
            Eventually.holds("socket " + i + " is served", () -> inbox.size() == all);
        }
        stop[0] = true;
        there.wakeup();
        Eventually.ends(poller);
    }

    @Test
    void isSilentOnceASocketIsClosed() throws IOException {
        Inbox inbox = new Inbox();
        UnderlaySocket to = there.open(any(), inbox);
        UnderlaySocket from = here.open(any(), new Inbox());
        InetSocketAddress local = to.local();
        from.send(batch(LANE, datagram(1, 80)), local);
        to.close();
        to.close();
        assertEquals(0, there.poll(LANE, WAIT));
        assertEquals(0, inbox.datagrams.size());
        assertEquals(0, to.send(batch(LANE, datagram(1, 80)), from.local()), "closed sockets take nothing");
        assertDoesNotThrow(() -> from.send(batch(LANE, datagram(2, 80)), local));
        Inbox second = new Inbox();
        UnderlaySocket again = there.open(local, second);
        from.send(batch(LANE, datagram(3, 80)), again.local());
        Eventually.holds("the port can be had again", () -> poll(there) >= 0 && second.size() > 0);
    }

    @Test
    void mayBeClosedByItsReceiver() throws IOException {
        int[] calls = {0};
        UnderlaySocket[] to = new UnderlaySocket[1];
        to[0] = there.open(any(), (datagrams, remote) -> {
            calls[0]++;
            to[0].close();
        });
        UnderlaySocket one = here.open(any(), new Inbox());
        UnderlaySocket two = here.open(any(), new Inbox());
        InetSocketAddress local = to[0].local();
        one.send(batch(LANE, datagram(1, 80)), local);
        two.send(batch(LANE, datagram(2, 80)), local);
        Eventually.holds("the first call", () -> poll(there) >= 0 && calls[0] > 0);
        there.poll(LANE, WAIT);
        assertEquals(1, calls[0]);
    }

    @Test
    void survivesAReceiverThatThrows() throws IOException {
        Inbox inbox = new Inbox();
        int[] calls = {0};
        UnderlaySocket bad = there.open(any(), (datagrams, remote) -> {
            calls[0]++;
            throw new IllegalStateException("a test");
        });
        UnderlaySocket good = there.open(any(), inbox);
        UnderlaySocket from = here.open(any(), new Inbox());
        for (int i = 1; i <= 3; i++) {
            from.send(batch(LANE, datagram(i, 80)), bad.local());
            from.send(batch(LANE, datagram(i, 80)), good.local());
            int rounds = i;
            Eventually.holds("both are called", () -> {
                try {
                    there.poll(LANE, WAIT);
                } catch (IllegalStateException | IOException e) {
                    assertEquals("a test", e.getMessage());
                }
                return calls[0] >= rounds && inbox.datagrams.size() >= rounds;
            });
        }
    }

    @Test
    void dropsWhatCannotBeSent() throws IOException {
        Inbox inbox = new Inbox();
        UnderlaySocket to = there.open(any(), inbox);
        UnderlaySocket from = here.open(any(), new Inbox());
        assertEquals(0, from.send(batch(LANE, datagram(1, 80)), InetSocketAddress.createUnresolved("nowhere", 9)));
        assertEquals(0, from.send(batch(LANE, new byte[65535]), to.local()));
        assertDoesNotThrow(() -> from.send(batch(LANE, datagram(1, 80)), any6()));
        // nobody listens there: the answer of the system must not reach the next send or poll
        UnderlaySocket gone = there.open(any(), inbox);
        InetSocketAddress nobody = gone.local();
        gone.close();
        there.poll(LANE, 0);
        for (int i = 0; i < 3; i++) {
            from.send(batch(LANE, datagram(1, 80)), nobody);
            here.poll(LANE, 0);
        }
        assertEquals(1, from.send(batch(LANE, datagram(2, 80)), to.local()));
        receive(there, inbox, 1);
        assertEquals(2, number(inbox.datagrams.get(0)));
    }

    @Test
    void sendsFromSeveralLanesAtOnce() throws Exception {
        Inbox inbox = new Inbox();
        UnderlaySocket to = there.open(any(), inbox);
        UnderlaySocket from = here.open(any(), new Inbox());
        Thread[] lanes = new Thread[3];
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int lane = 0; lane < lanes.length; lane++) {
            int number = lane;
            lanes[lane] = new Thread(
                    () -> {
                        for (int i = 0; i < 10; i++) {
                            byte[] first = datagram(number << 16 | 2 * i, 100 + 300 * number);
                            byte[] second = datagram(number << 16 | 2 * i + 1, 100 + 300 * number);
                            assertEquals(2, from.send(batch(number, first, second), to.local()));
                        }
                    },
                    "lane " + lane);
            lanes[lane].setUncaughtExceptionHandler((thread, e) -> failure.set(e));
            lanes[lane].start();
        }
        receive(there, inbox, 60);
        for (Thread lane : lanes) {
            Eventually.ends(lane);
        }
        assertEquals(null, failure.get());
        int[] next = new int[lanes.length];
        for (byte[] datagram : inbox.datagrams) {
            int lane = number(datagram) >> 16;
            assertEquals(next[lane]++, number(datagram) & 0xffff, "order of lane " + lane);
            assertArrayEquals(datagram(number(datagram), 100 + 300 * lane), datagram);
        }
    }

    @Test
    void closesEverything() throws IOException {
        UnderlaySocket from = here.open(any(), new Inbox());
        UnderlaySocket to = there.open(any(), new Inbox());
        InetSocketAddress local = from.local();
        here.close();
        here.close();
        assertEquals(0, from.send(batch(LANE, datagram(1, 80)), to.local()));
        assertDoesNotThrow(from::close);
        assertDoesNotThrow(here::wakeup);
        here = underlay().open();
        assertEquals(local, here.open(local, new Inbox()).local(), "the port is free");
    }

    private static int poll(UnderlayLoop loop) {
        return poll(loop, 10_000_000);
    }

    private static int poll(UnderlayLoop loop, long nanos) {
        try {
            return loop.poll(LANE, nanos);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void receive(UnderlayLoop loop, Inbox inbox, int count) {
        Eventually.holds(count + " datagrams", () -> inbox.size() >= count || poll(loop) < 0);
        assertEquals(count, inbox.size());
    }

    private static byte[] datagram(int number, int size) {
        byte[] datagram = new byte[size];
        new Random(number).nextBytes(datagram);
        for (int i = 0; i < 4; i++) {
            datagram[i] = (byte) (number >> (24 - 8 * i));
        }
        return datagram;
    }

    private static int number(byte[] datagram) {
        return (datagram[0] & 0xff) << 24 | (datagram[1] & 0xff) << 16 | (datagram[2] & 0xff) << 8 | datagram[3] & 0xff;
    }

    private static Batch batch(int lane, byte[]... datagrams) {
        int size = Arrays.stream(datagrams)
                .mapToInt(d -> d.length + Batch.TAILROOM)
                .sum();
        Batch batch = new Batch(lane, datagrams.length, size);
        for (byte[] datagram : datagrams) {
            batch.append(datagram, 0, datagram.length);
        }
        return batch;
    }

    /** Keeps copies of what came. */
    private static final class Inbox implements UnderlayReceiver {
        final List<byte[]> datagrams = new ArrayList<>();
        final List<InetSocketAddress> remotes = new ArrayList<>();
        final Set<Integer> lanes = new HashSet<>();

        @Override
        public synchronized void receive(Batch batch, InetSocketAddress remote) {
            for (int i = 0; i < batch.count(); i++) {
                datagrams.add(batch.copy(i));
                remotes.add(remote);
            }
            lanes.add(batch.lane());
        }

        synchronized int size() {
            return datagrams.size();
        }

        synchronized void clear() {
            datagrams.clear();
            remotes.clear();
        }
    }
}
