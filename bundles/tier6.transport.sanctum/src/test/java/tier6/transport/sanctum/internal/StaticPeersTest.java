package tier6.transport.sanctum.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tier6.api.event.NodeEvent;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.transport.Link;
import tier6.api.transport.LinkStatus;
import tier6.transport.sanctum.sim.SimHost;
import tier6.transport.sanctum.sim.SimNat;
import tier6.transport.sanctum.sim.SimNetwork;

/** Two nodes that share a secret and know no cathedral. */
class StaticPeersTest {
    private static final int PORT = 4500;

    @TempDir
    private Path directory;

    private final SimNetwork network = new SimNetwork(System.nanoTime());
    private boolean shroud;
    private SimHost hostA;
    private SimHost hostB;
    private Side a;
    private Side b;

    /** A node with its link to the other one. */
    private final class Side {
        final SimTransport transport;
        final Link link;
        final List<Long> received = new ArrayList<>();
        final List<NodeEvent> events = new ArrayList<>();
        private long numbers;

        Side(SimHost host, int device, int other, SimHost otherHost, long seed) {
            transport = new SimTransport(network, host, 0, device, null, shroud, seed, events::add);
            link = transport.connect(
                    Peer.at(
                            new PeerId(0, other),
                            new InetSocketAddress(otherHost.address(), PORT),
                            directory.resolve("secret"),
                            PORT),
                    this::receive);
        }

        private void receive(Batch frames) {
            for (int i = 0; i < frames.count(); i++) {
                received.add(Ethernet.mac(frames.data(), frames.offset(i)));
            }
        }

        /** Sends frames that carry a running number. */
        void send(int count) {
            Batch batch = new Batch(2, 64, 1 << 17);
            for (int i = 0; i < count; i++) {
                int at = batch.append(1400);
                Ethernet.putMac(batch.data(), at, numbers++);
            }
            link.send(batch);
        }

        LinkStatus.State state() {
            return link.status().state();
        }

        long counter(LinkCounter counter) {
            return transport.core().links().get(0).counters().get(counter);
        }
    }

    @BeforeEach
    void build(TestInfo info) throws IOException {
        System.out.println(info.getDisplayName() + ": seed " + network.seed());
        byte[] secret = new byte[32];
        new Random(network.seed()).nextBytes(secret);
        Files.write(directory.resolve("secret"), secret);
        hostA = network.host("192.0.2.1");
        hostB = network.host("192.0.2.2");
        a = new Side(hostA, 1, 2, hostB, network.seed() + 1);
        b = new Side(hostB, 2, 1, hostA, network.seed() + 2);
    }

    private boolean bothUp() {
        return a.state() == LinkStatus.State.UP && b.state() == LinkStatus.State.UP;
    }

    private void untilUp(int seconds) {
        assertTrue(
                network.runUntil(this::bothUp, Duration.ofSeconds(seconds)),
                () -> "seed " + network.seed() + ": " + a.link.status() + " " + b.link.status());
    }

    @Test
    void probesMeasureTheWayThereAndBack() {
        CompletableFuture<Duration> early = a.link.probe(600);
        network.run(Duration.ofMillis(1));
        assertTrue(early.isCompletedExceptionally());
        untilUp(2);
        CompletableFuture<Duration> small = a.link.probe(600);
        CompletableFuture<Duration> large = a.link.probe(1404);
        CompletableFuture<Duration> again = a.link.probe(600);
        CompletableFuture<Duration> impossible = a.link.probe(3);
        network.run(Duration.ofSeconds(1));
        assertTrue(small.join().toNanos() > 0 && large.join().toNanos() > 0);
        assertTrue(again.isCompletedExceptionally() && impossible.isCompletedExceptionally());
        assertEquals(List.of(), b.received);
        b.link.close();
        CompletableFuture<Duration> unheard = a.link.probe(600);
        network.run(Duration.ofSeconds(3));
        assertFalse(unheard.isDone());
        unheard.cancel(false);
        a.link.probe(600);
        network.run(Duration.ofMillis(1));
    }

    @Test
    void connect() {
        untilUp(2);
        a.send(50);
        b.send(64);
        network.run(Duration.ofMillis(100));
        assertEquals(50, b.received.size());
        assertEquals(64, a.received.size());
        assertEquals(List.of(0L, 1L, 2L), b.received.subList(0, 3));
        assertEquals(
                1,
                a.events.stream().filter(NodeEvent.TunnelUp.class::isInstance).count());
        LinkStatus status = a.link.status();
        assertEquals(LinkStatus.Path.DIRECT, status.path());
        assertEquals(50, status.counters().get("frames-out"));
        assertEquals(64, status.counters().get("frames-in"));
        assertEquals(50 * 1400, status.counters().get("bytes-out"));
        assertTrue(status.keyAge().isPresent());
        assertTrue(status.heard().isPresent());
    }

    @Test
    void connectInShrouds() throws IOException {
        a.transport.kill();
        b.transport.kill();
        shroud = true;
        a = new Side(hostA, 1, 2, hostB, network.seed() + 3);
        b = new Side(hostB, 2, 1, hostA, network.seed() + 4);
        untilUp(2);
        a.send(50);
        b.send(64);
        network.run(Duration.ofMillis(100));
        assertEquals(50, b.received.size());
        assertEquals(64, a.received.size());
        b.transport.kill();
        shroud = false;
        b = new Side(hostB, 2, 1, hostA, network.seed() + 5);
        network.run(Duration.ofSeconds(5));
        assertEquals(LinkStatus.State.CONNECTING, b.state(), "one of them in a shroud is not enough");
        assertTrue(a.counter(LinkCounter.DROP_IN_SHROUD) > 0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3})
    void connectOverABadLine(double loss) {
        network.loss(loss).duplication(0.1).reordering(0.2).delay(Duration.ofMillis(5), Duration.ofMillis(60));
        untilUp(60);
        for (int i = 0; i < 100; i++) {
            a.send(10);
            network.run(Duration.ofMillis(10));
        }
        network.run(Duration.ofSeconds(1));
        assertTrue(b.received.size() > 1000 * (1 - loss) * 0.8, b.received.size() + " arrived");
        assertEquals(b.received.size(), b.received.stream().distinct().count(), "no duplicates");
    }

    @Test
    void countsWhatItCannotSend() {
        a.send(3);
        assertEquals(3, a.counter(LinkCounter.DROP_NO_KEY));
        untilUp(2);
        Batch huge = new Batch(2, 1, 1 << 17);
        huge.append(65500);
        a.link.send(huge);
        assertEquals(1, a.counter(LinkCounter.DROP_TOO_LONG));
        SanctumLink link = a.transport.core().links().get(0);
        a.link.close();
        a.send(2);
        assertEquals(2, link.counters().get(LinkCounter.DROP_CLOSED));
        network.run(Duration.ofSeconds(2));
        assertTrue(a.events.get(a.events.size() - 1) instanceof NodeEvent.TunnelDown);
        assertEquals(0, a.transport.core().links().size());
    }

    @Test
    void renewKeysUnderTrafficWithoutLoss() {
        untilUp(2);
        int sent = 0;
        for (int second = 0; second < 3700; second++) {
            a.send(2);
            b.send(1);
            sent++;
            network.run(Duration.ofSeconds(1));
        }
        assertTrue(a.counter(LinkCounter.EXCHANGES) >= 2, "keys were renewed");
        assertEquals(2 * sent, b.received.size());
        assertEquals(sent, a.received.size());
        assertEquals(
                0,
                a.events.stream().filter(NodeEvent.TunnelDown.class::isInstance).count());
    }

    @Test
    void moveToAnotherUnderlay() {
        untilUp(2);
        InetSocketAddress before = a.link.status().local().orElseThrow();
        for (int i = 0; i < 10; i++) {
            a.transport.attach();
            a.send(1);
            b.send(1);
            network.run(Duration.ofMillis(20));
        }
        assertEquals(10, a.received.size());
        assertEquals(10, b.received.size());
        assertEquals(before, a.link.status().local().orElseThrow());
        assertEquals(1, a.counter(LinkCounter.EXCHANGES));
    }

    @Test
    void answerAfterTenIdleMinutes() {
        untilUp(2);
        network.run(Duration.ofMinutes(10));
        a.send(1);
        network.run(Duration.ofMillis(20));
        assertEquals(1, b.received.size());
        assertEquals(1, a.counter(LinkCounter.EXCHANGES), "heartbeats are signs of life");
    }

    @Test
    void survivesARestart() {
        untilUp(2);
        for (int round = 0; round < 3; round++) {
            b.transport.kill();
            network.run(Duration.ofSeconds(1));
            b = new Side(hostB, 2, 1, hostA, network.seed() + 100 + round);
            assertTrue(network.runUntil(this::reachEachOther, Duration.ofSeconds(5)), "seed " + network.seed());
        }
    }

    private boolean reachEachOther() {
        int before = a.received.size();
        int beforeB = b.received.size();
        a.send(1);
        b.send(1);
        network.run(Duration.ofMillis(20));
        return a.received.size() > before && b.received.size() > beforeB;
    }

    @Test
    void tellsWhenThePeerIsDeadAndKeepsTrying() {
        untilUp(2);
        b.transport.kill();
        network.run(Duration.ofSeconds(125));
        assertEquals(LinkStatus.State.CONNECTING, a.state());
        assertEquals(
                1,
                a.events.stream().filter(NodeEvent.TunnelDown.class::isInstance).count());
        network.run(Duration.ofMinutes(20));
        b = new Side(hostB, 2, 1, hostA, network.seed() + 100);
        untilUp(15);
    }

    @Test
    void followsAPeerBehindANat() {
        SimNat nat = network.nat("198.51.100.1", SimNat.Mapping.SYMMETRIC);
        b.transport.kill();
        SimHost hidden = network.host("10.0.0.2", nat);
        b = new Side(hidden, 2, 1, hostA, network.seed() + 9);
        untilUp(5);
        assertEquals(nat.address(), a.link.status().remote().orElseThrow().getAddress());
        network.run(Duration.ofSeconds(1));
        nat.forget();
        network.run(Duration.ofSeconds(7));
        a.send(1);
        network.run(Duration.ofMillis(20));
        assertEquals(1, b.received.size());
    }

    @Test
    void limitsWhatStrangersCost() {
        untilUp(2);
        byte[] forged = new byte[623];
        System.arraycopy("SACRAMNT".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, forged, 0, 8);
        SimHost stranger = network.host("203.0.113.66");
        Batch flood = new Batch(0, 64, 1 << 17);
        for (int i = 0; i < 64; i++) {
            flood.append(forged, 0, forged.length);
        }
        try {
            var socket = stranger.open().open(new InetSocketAddress(stranger.address(), 0), (batch, from) -> {});
            for (int i = 0; i < 10; i++) {
                socket.send(flood, new InetSocketAddress(hostA.address(), PORT));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        network.run(Duration.ofSeconds(1));
        assertEquals(640, a.counter(LinkCounter.DROP_OFFER_RATE) + a.counter(LinkCounter.DROP_OFFER_NOT_AUTHENTIC));
        assertTrue(a.counter(LinkCounter.DROP_OFFER_NOT_AUTHENTIC) <= 100);
        assertTrue(bothUp());
    }

    @Test
    void refusesWhatItCannotReach() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> a.transport.connect(
                                Peer.through(new PeerId(0, 3), new InetSocketAddress("192.0.2.9", 4500)), frames -> {}))
                .getMessage();
        assertTrue(message.contains("cs.path"), message);
        message = assertThrows(
                        IllegalArgumentException.class,
                        () -> a.transport.connect(
                                Peer.at(
                                        new PeerId(0, 3),
                                        new InetSocketAddress("192.0.2.9", 4500),
                                        directory.resolve("missing"),
                                        0),
                                frames -> {}))
                .getMessage();
        assertTrue(message.contains("missing does not exist"), message);
    }
}
