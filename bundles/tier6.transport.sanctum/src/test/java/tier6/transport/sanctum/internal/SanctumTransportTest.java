package tier6.transport.sanctum.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.api.event.NodeEvent;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.transport.Link;
import tier6.api.transport.LinkStatus;
import tier6.api.underlay.Underlay;
import tier6.underlay.nio.internal.NioUnderlay;

/** Two transports with their threads, over real sockets of this host. */
class SanctumTransportTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int LANES = 3;

    @TempDir
    private Path directory;

    private final InetAddress here = InetAddress.getLoopbackAddress();
    private final Set<Thread> before = Thread.getAllStackTraces().keySet();
    private final Underlay underlay = new NioUnderlay();
    private final List<NodeEvent> events = new ArrayList<>();
    private SanctumTransport a;
    private SanctumTransport b;
    private Link toB;
    private Link toA;
    private final AtomicInteger[] received = new AtomicInteger[Batch.MAX_LANES];
    private final AtomicReference<String> disorder = new AtomicReference<>();
    private final long[] last = new long[Batch.MAX_LANES];

    @BeforeEach
    void connect() throws IOException {
        for (int lane = 0; lane < received.length; lane++) {
            received[lane] = new AtomicInteger();
        }
        byte[] secret = new byte[32];
        new Random(1).nextBytes(secret);
        Path file = Files.write(directory.resolve("secret"), secret);
        int portA = freePort();
        int portB = freePort();
        a = new SanctumTransport(new NodeSettings(0, 1, null, here, false));
        b = new SanctumTransport(new NodeSettings(0, 2, null, here, false));
        b.bindEvents(event -> {
            synchronized (events) {
                events.add(event);
            }
        });
        toB = a.connect(Peer.at(new PeerId(0, 2), new InetSocketAddress(here, portB), file, portA), frames -> {});
        toA = b.connect(Peer.at(new PeerId(0, 1), new InetSocketAddress(here, portA), file, portB), this::receive);
        a.underlay(underlay);
        b.underlay(underlay);
    }

    private int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, here)) {
            return socket.getLocalPort();
        }
    }

    /** One thread at a time: frames of one lane must arrive in order, and each but once. */
    private void receive(Batch frames) {
        for (int i = 0; i < frames.count(); i++) {
            long number = Ethernet.mac(frames.data(), frames.offset(i));
            int lane = (int) Ethernet.mac(frames.data(), frames.offset(i) + 6);
            if (number <= last[lane]) {
                disorder.set("lane " + lane + ": " + number + " after " + last[lane]);
            }
            last[lane] = number;
            received[lane].incrementAndGet();
        }
    }

    private static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                fail("waited in vain: " + what);
            }
            Thread.sleep(5);
        }
    }

    private void bothUp() throws InterruptedException {
        eventually(
                "both up",
                () -> toA.status().state() == LinkStatus.State.UP
                        && toB.status().state() == LinkStatus.State.UP);
    }

    @AfterEach
    void leavesNothingBehind() throws InterruptedException {
        a.deactivate();
        b.deactivate();
        eventually("threads end", () -> {
            Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
            after.removeAll(before);
            return after.stream().noneMatch(thread -> thread.getName().startsWith("tier6"));
        });
        toB.send(frames(2, 1, 1));
        assertEquals(1, toB.status().counters().get("drop-closed"));
    }

    private static Batch frames(int lane, long firstNumber, int count) {
        Batch batch = new Batch(lane, count, count * (1400 + Batch.TAILROOM));
        for (int i = 0; i < count; i++) {
            int at = batch.append(1400);
            Ethernet.putMac(batch.data(), at, firstNumber + i);
            Ethernet.putMac(batch.data(), at + 6, lane);
        }
        return batch;
    }

    @Test
    void severalLanesSendWhileTheUnderlayIsReplaced() throws Exception {
        bothUp();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> lanes = new ArrayList<>();
        int target = 2000;
        for (int i = 0; i < LANES; i++) {
            int lane = 2 + i;
            Thread thread = new Thread(
                    () -> {
                        for (long number = 1; received[lane].get() < target && !Thread.interrupted(); number += 8) {
                            toB.send(frames(lane, number, 8));
                            Thread.onSpinWait();
                        }
                    },
                    "lane " + lane);
            thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
            lanes.add(thread);
            thread.start();
        }
        Underlay other = new NioUnderlay();
        int swaps = 0;
        while (lanes.stream().anyMatch(Thread::isAlive) && swaps < 200) {
            Underlay next = swaps % 2 == 0 ? other : underlay;
            a.underlay(next);
            b.underlay(next);
            swaps++;
            Thread.sleep(20);
        }
        for (Thread lane : lanes) {
            lane.join(LIMIT.toMillis());
            lane.interrupt();
            lane.join();
        }
        assertEquals(null, failure.get());
        assertEquals(null, disorder.get());
        assertTrue(swaps >= 2);
        for (int lane = 2; lane < 2 + LANES; lane++) {
            assertTrue(received[lane].get() >= target, "lane " + lane + " got " + received[lane] + " through");
        }
        synchronized (events) {
            assertTrue(events.stream().noneMatch(NodeEvent.TunnelDown.class::isInstance), events.toString());
        }
    }

    @Test
    void staysQuietWithoutAnUnderlay() throws Exception {
        bothUp();
        a.underlay(null);
        eventually("no socket", () -> toB.status().local().isEmpty());
        toB.send(frames(2, 1, 3));
        assertTrue(toB.status().counters().get("drop-by-system") >= 3);
        a.underlay(underlay);
        long[] number = {1000};
        eventually("frames arrive", () -> {
            toB.send(frames(2, number[0]++, 1));
            return received[2].get() > 0;
        });
    }

    @Test
    void knowsTheMtu() {
        int mtu = a.mtu();
        assertTrue(mtu > 500 && mtu <= 1404, "MTU " + mtu);
        assertEquals(
                1404, PathMtu.towards(here, new InetSocketAddress(here, 4500)), "loopback carries more than usual");
        assertEquals(1384, PathMtu.towards(here, new InetSocketAddress("2001:db8::1", 4500)));
    }
}
