package tier6.mesh.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.api.event.NodeEvent;
import tier6.api.frame.Batch;
import tier6.api.node.RoleStatus;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.tap.Tap;
import tier6.api.tap.TapConfig;
import tier6.api.tap.TapDriver;
import tier6.api.transport.Link;
import tier6.api.transport.LinkHandler;
import tier6.api.transport.LinkStatus;
import tier6.api.transport.Transport;
import tier6.api.vswitch.Egress;
import tier6.api.vswitch.MacEntry;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.PortStatus;
import tier6.api.vswitch.SwitchPort;
import tier6.api.vswitch.VirtualSwitch;
import tier6.swap.Backend;

/**
 * The mesh as the one that joins parts which come, go and fail in any order. The parts here are the least that shows
 * whether they are joined; how the real ones work together is tested in Felix and with real interfaces.
 */
class MeshTest {
    private static final PeerId ALICE = new PeerId(0x1200, 1);
    private static final InetSocketAddress CATHEDRAL = new InetSocketAddress("192.0.2.1", 4500);

    private final List<NodeEvent> events = new CopyOnWriteArrayList<>();
    private final Mesh mesh = new Mesh(events::add, 1);

    @AfterEach
    void close() {
        mesh.close();
    }

    static MeshConfig config(OptionalInt mtu, int grace) {
        return new MeshConfig("t6", 0x06010a000001L, mtu, List.of(), Optional.empty(), grace, MeshConfig.Targets.ALL);
    }

    /** Adds one of everything, and a peer. */
    private void join(Parts parts, String hub) {
        mesh.configure(config(OptionalInt.of(1400), 0));
        mesh.addDriver(new TestBackend<>("one", parts.driver("one")));
        mesh.addTransport(new TestBackend<>("test", parts));
        mesh.addSwitch(new TestBackend<>(hub, parts.new Hub()));
        mesh.addSource(new TestBackend<>("list", new ListSource(Peer.through(ALICE, CATHEDRAL))));
    }

    @Test
    void framesCrossOnceEverythingIsThere() throws Exception {
        Parts parts = new Parts();
        join(parts, "hub");
        await("a link", () -> parts.links.size() == 1);
        await("a port for it", () -> parts.hub.size() == 2);

        parts.taps.get(0).fromHost.add(new byte[60]);
        await("the frame on the link", () -> parts.links.get(0).sent.size() == 1);

        Batch arriving = new Batch(1, 4, 4096);
        arriving.append(64);
        parts.links.get(0).handler.receive(arriving);
        await("the frame at the host", () -> parts.taps.get(0).toHost.size() == 1);
        assertTrue(events.contains(new NodeEvent.PeerFound(ALICE, "list")));
        assertEquals("peer-01", mesh.peers().get(0).port());
    }

    @Test
    void theMtuWaitsForTheTransportThatChoosesIt() throws Exception {
        Parts parts = new Parts();
        mesh.configure(config(OptionalInt.empty(), 0));
        mesh.addDriver(new TestBackend<>("one", parts.driver("one")));
        assertTrue(parts.taps.isEmpty());
        mesh.addTransport(new TestBackend<>("test", parts));
        await("the interface", () -> parts.taps.size() == 1);
        assertEquals(1404, parts.taps.get(0).mtu());
    }

    @Test
    void aDriverIsReplacedBeforeTheOldOneLetsGo() throws Exception {
        Parts parts = new Parts();
        mesh.configure(config(OptionalInt.of(1400), 0));
        Backend<TapDriver> one = new TestBackend<>("one", parts.driver("one"));
        mesh.addDriver(one);
        mesh.addDriver(new TestBackend<>("two", parts.driver("two"), 1));
        mesh.removeDriver(one);
        await("the first to be let go", () -> parts.log.equals(List.of("open one", "open two", "close one")));
        await("both to be read", () -> parts.taps.stream().allMatch(tap -> tap.lane != 0));
        assertNotEquals(parts.taps.get(0).lane, parts.taps.get(1).lane);
        assertEquals("two", mesh.status().tap().orElseThrow().driver());
    }

    @Test
    void theFirstInterfaceMayTakeItsTime() throws Exception {
        Parts parts = new Parts();
        mesh.configure(config(OptionalInt.of(1400), 0));
        TapDriver quick = parts.driver("slow");
        TapDriver slow = new TapDriver() {
            @Override
            public String kind() {
                return "slow";
            }

            @Override
            public Tap open(TapConfig config) throws IOException {
                LockSupport.parkNanos(Duration.ofSeconds(5).toNanos());
                return quick.open(config);
            }
        };
        mesh.addDriver(new TestBackend<>("slow", slow));
        await("the interface", () -> mesh.status().tap().isPresent());
        assertEquals(List.of("open slow"), parts.log);
        assertTrue(events.stream().noneMatch(NodeEvent.TapFailed.class::isInstance), events.toString());
    }

    @Test
    void aDriverThatFailsLeavesTheOldOneInPlace() throws Exception {
        Parts parts = new Parts();
        mesh.configure(config(OptionalInt.of(1400), 0));
        mesh.addDriver(new TestBackend<>("one", parts.driver("one")));
        TapDriver broken = new TapDriver() {
            @Override
            public String kind() {
                return "broken";
            }

            @Override
            public Tap open(TapConfig config) throws IOException {
                throw new IOException("no such thing");
            }
        };
        mesh.addDriver(new TestBackend<>("broken", broken, 1));
        assertEquals(List.of("open one"), parts.log);
        assertEquals("one", mesh.status().tap().orElseThrow().driver());
        assertTrue(mesh.status().problem().orElseThrow().contains("no such thing"));
        assertTrue(events.stream()
                .anyMatch(event -> event instanceof NodeEvent.SwapFailed failed
                        && failed.wanted().equals("broken")
                        && failed.serving().equals("one")));
        assertThrows(IOException.class, () -> mesh.swap("tap", "broken"));
        assertEquals("one", mesh.roles().get(0).serving().orElseThrow().name());
    }

    @Test
    void anInterfaceThatIsGoneIsLeftAndAnotherDriverOpensOne() throws Exception {
        Parts parts = new Parts();
        mesh.configure(config(OptionalInt.of(1400), 0));
        mesh.addDriver(new TestBackend<>("one", parts.driver("one")));
        parts.taps.get(0).gone = true;
        await("it to be left", () -> parts.log.equals(List.of("open one", "close one")));
        await("the word", () -> events.contains(new NodeEvent.TapFailed("one", "it is gone")));
        assertEquals(
                "one of test.one 1 fails: it is gone", mesh.status().problem().orElseThrow());
        mesh.addDriver(new TestBackend<>("two", parts.driver("two"), -1));
        assertEquals("two", serving("tap"));
        mesh.addDriver(new TestBackend<>("three", parts.driver("three"), -2));
        parts.taps.get(1).gone = true;
        await("the third", () -> serving("tap").equals("three"));
    }

    @Test
    void anInterfaceOutlivesItsDriverUntilTheNextVersionHasIt() throws Exception {
        Parts parts = new Parts();
        mesh.configure(config(OptionalInt.of(1400), 3600));
        Backend<TapDriver> one = new TestBackend<>("one", parts.driver("one"));
        mesh.addDriver(one);
        mesh.addDriver(new TestBackend<>("other", parts.driver("other")));
        mesh.removeDriver(one);
        assertEquals(List.of("open one"), parts.log);
        assertTrue(mesh.status().problem().orElseThrow().contains("serves on"));
        mesh.addDriver(new TestBackend<>("one", parts.driver("one")));
        assertEquals(List.of("open one", "open one", "close one"), parts.log);
        assertEquals(Optional.empty(), mesh.status().problem());
    }

    @Test
    void anInterfaceGoesWithItsDriverWhenTheGracePeriodIsOver() throws Exception {
        Parts parts = new Parts();
        mesh.configure(config(OptionalInt.of(1400), 0));
        Backend<TapDriver> one = new TestBackend<>("one", parts.driver("one"));
        mesh.addDriver(one);
        mesh.removeDriver(one);
        assertEquals(List.of("open one", "close one"), parts.log);
        assertTrue(events.contains(new NodeEvent.BackendChanged("tap", "none")));
    }

    @Test
    void aRoleIsGivenAwayByNameAndBack() throws Exception {
        Parts parts = new Parts();
        mesh.configure(config(OptionalInt.of(1400), 0));
        mesh.addDriver(new TestBackend<>("one", parts.driver("one")));
        mesh.addDriver(new TestBackend<>("two", parts.driver("two")));
        mesh.swap("tap", "two");
        RoleStatus swapped = mesh.roles().get(0);
        assertEquals("two", swapped.serving().orElseThrow().name());
        assertEquals("one", swapped.former().orElseThrow().name());
        assertEquals(List.of("open one", "open two"), parts.log, "the first is parked");
        mesh.swap("tap", "back");
        assertEquals("one", mesh.roles().get(0).serving().orElseThrow().name());
        assertEquals("open one", parts.log.get(2));
        assertTrue(parts.log.contains("close one"), "what was parked: " + parts.log);
        assertThrows(IllegalArgumentException.class, () -> mesh.swap("tap", "three"));
        assertThrows(IllegalArgumentException.class, () -> mesh.swap("tab", "one"));
        assertThrows(IllegalArgumentException.class, () -> mesh.swap("discovery", "one"));
    }

    @Test
    void theNextSwitchIsToldWhatTheOneBeforeKnew() throws Exception {
        Parts parts = new Parts();
        mesh.configure(config(OptionalInt.of(1400), 0));
        Parts.Hub first = parts.new Hub();
        first.macs = List.of(
                new MacEntry(1, "tap", Duration.ofSeconds(1)),
                new MacEntry(2, "peer-01", Duration.ofSeconds(2)),
                new MacEntry(3, "peer-01", Duration.ofSeconds(3)));
        mesh.addTransport(new TestBackend<>("test", parts));
        mesh.addSwitch(new TestBackend<>("first", first));
        mesh.addSource(new TestBackend<>("list", new ListSource(Peer.through(ALICE, CATHEDRAL))));
        await("ports", () -> parts.hub.size() == 2);
        Parts.Hub second = parts.new Hub();
        mesh.addSwitch(new TestBackend<>("second", second, 1));
        assertEquals(List.of("tap 1", "peer-01 3", "peer-01 2"), second.told);
        assertEquals(2, parts.hub.size(), "the first has no port any more");
    }

    @Test
    void aSwitchThatDoesNotTakeEveryPortLeavesTheOldOneInPlace() throws Exception {
        Parts parts = new Parts();
        mesh.configure(config(OptionalInt.of(1400), 0));
        mesh.addTransport(new TestBackend<>("test", parts));
        mesh.addSwitch(new TestBackend<>("good", parts.new Hub()));
        mesh.addSource(new TestBackend<>("list", new ListSource(Peer.through(ALICE, CATHEDRAL))));
        await("ports", () -> parts.hub.size() == 2);
        Set<Egress> before = Set.copyOf(parts.hub);
        Parts.Hub full = parts.new Hub();
        full.room = 1;
        mesh.addSwitch(new TestBackend<>("full", full, 1));
        assertEquals(before, Set.copyOf(parts.hub));
        assertEquals("good", mesh.roles().get(2).serving().orElseThrow().name());
    }

    @Test
    void peersOutliveTheirSourceForTheGracePeriod() throws Exception {
        Parts parts = new Parts();
        mesh.configure(config(OptionalInt.of(1400), 3600));
        mesh.addTransport(new TestBackend<>("test", parts));
        Backend<PeerSource> first = new TestBackend<>("first", new ListSource(Peer.through(ALICE, CATHEDRAL)));
        mesh.addSource(first);
        await("a link", () -> parts.links.size() == 1);
        mesh.removeSource(first);
        mesh.addSource(new TestBackend<>(
                "second", new ListSource(Peer.through(ALICE, new InetSocketAddress("192.0.2.9", 4500)))));
        await("the update", () -> parts.links.get(0).updates.size() == 1);
        assertEquals(
                "192.0.2.9",
                parts.links.get(0).updates.get(0).cathedral().orElseThrow().getHostString());
        assertEquals(1, parts.links.size());
        assertFalse(parts.links.get(0).closed);
    }

    @Test
    void aPeerGoesWithTheLastSourceThatKnowsIt() throws Exception {
        Parts parts = new Parts();
        mesh.configure(config(OptionalInt.of(1400), 0));
        mesh.addTransport(new TestBackend<>("test", parts));
        ListSource one = new ListSource(Peer.through(ALICE, CATHEDRAL));
        ListSource two = new ListSource(Peer.through(ALICE, CATHEDRAL));
        mesh.addSource(new TestBackend<>("one", one));
        mesh.addSource(new TestBackend<>("two", two));
        await(
                "both",
                () -> mesh.peers().size() == 1 && mesh.peers().get(0).sources().size() == 2);
        one.sink.withdraw(ALICE);
        await("one", () -> mesh.peers().get(0).sources().size() == 1);
        two.sink.withdraw(ALICE);
        await("none", () -> mesh.peers().isEmpty());
        await("its link to be closed", () -> parts.links.get(0).closed);
        await("the word", () -> events.contains(new NodeEvent.PeerLost(ALICE)));
    }

    @Test
    void anotherTransportConnectsTheSamePeers() throws Exception {
        Parts before = new Parts();
        Parts after = new Parts();
        mesh.configure(config(OptionalInt.of(1400), 0));
        mesh.addSwitch(new TestBackend<>("hub", before.new Hub()));
        mesh.addTransport(new TestBackend<>("before", before));
        mesh.addSource(new TestBackend<>("list", new ListSource(Peer.through(ALICE, CATHEDRAL))));
        await("a link", () -> before.links.size() == 1);
        mesh.addTransport(new TestBackend<>("after", after, 1));
        assertTrue(before.links.get(0).closed);
        assertEquals(1, after.links.stream().filter(link -> !link.closed).count(), "links that are not trials");
    }

    @Test
    void aSourceThatThrowsBlocksOrFloodsHurtsNobody() throws Exception {
        Parts parts = new Parts();
        mesh.configure(config(OptionalInt.of(1400), 0));
        mesh.addTransport(new TestBackend<>("test", parts));
        CountDownLatch never = new CountDownLatch(1);
        mesh.addSource(new TestBackend<>("broken", new ListSource() {
            @Override
            public void start(PeerSink sink) {
                throw new IllegalStateException("broken");
            }
        }));
        mesh.addSource(new TestBackend<>("blocked", new ListSource() {
            @Override
            public void start(PeerSink sink) {
                awaitForever(never);
            }
        }));
        mesh.addSource(new TestBackend<>("flood", new ListSource() {
            @Override
            public void start(PeerSink sink) {
                for (int flock = 0; flock < 2 * Source.MAX_PEERS; flock++) {
                    sink.announce(Peer.through(new PeerId((long) flock << 8, 1), CATHEDRAL));
                }
            }
        }));
        mesh.addSource(new TestBackend<>("good", new ListSource(Peer.through(ALICE, CATHEDRAL))));
        await(
                "the good one's peer",
                () -> mesh.peers().stream().anyMatch(peer -> peer.id().equals(ALICE)));
        await("the flood's bound", () -> mesh.sources().get(2).status().contains("refused"));
        assertEquals(Source.MAX_PEERS, mesh.sources().get(2).peers());
        assertTrue(mesh.sources().get(0).status().contains("broken"));
        never.countDown();
    }

    /** The interface brings the frame and the link took it before; neither has anything to do with it. */
    @Test
    void aSwitchThatFailsGivesWayAndNobodyElseIsBlamed() throws Exception {
        Parts parts = new Parts();
        join(parts, "good");
        await("a port", () -> parts.hub.size() == 2);
        Parts.Hub bad = parts.new Hub();
        mesh.addSwitch(new TestBackend<>("bad", bad, 1));
        assertEquals("bad", mesh.roles().get(2).serving().orElseThrow().name());
        bad.harm = () -> {
            throw new StackOverflowError("oh");
        };
        parts.taps.get(0).fromHost.add(new byte[60]);
        await("the good one", () -> serving("switch").equals("good"));
        assertEquals(
                "bad of test.bad 1 fails: java.lang.StackOverflowError: oh",
                mesh.roles().get(2).problem().orElseThrow());
        assertEquals(Optional.empty(), mesh.roles().get(0).problem());
        assertEquals(Optional.empty(), mesh.roles().get(1).problem());
        assertEquals(List.of("open one"), parts.log);
        parts.taps.get(0).fromHost.add(new byte[60]);
        await("a frame on the link", () -> parts.links.get(0).sent.size() == 1);
    }

    @Test
    void aTransportWhoseLinksNeverComeUpGivesWay() throws Exception {
        Parts good = new Parts();
        Parts dead = new Parts();
        dead.state = LinkStatus.State.CONNECTING;
        mesh.configure(config(OptionalInt.of(1400), 0));
        mesh.addTransport(new TestBackend<>("good", good));
        mesh.addSource(new TestBackend<>("list", new ListSource(Peer.through(ALICE, CATHEDRAL))));
        await("a link", () -> good.links.size() == 1);
        mesh.addTransport(new TestBackend<>("dead", dead, 1));
        assertEquals("dead", serving("transport"));
        await("the good one", () -> serving("transport").equals("good"));
        assertEquals(
                "dead of test.dead 1 fails: no link is up 1 s after it took over; before, 1 was",
                mesh.roles().get(1).problem().orElseThrow());
        assertTrue(dead.links.stream().allMatch(link -> link.closed));
        assertEquals(1, good.links.stream().filter(link -> !link.closed).count(), "links that are not trials");
    }

    @Test
    void partsThatReturnNothingDoNotServe() throws Exception {
        Parts parts = new Parts();
        join(parts, "hub");
        await("a port", () -> parts.hub.size() == 2);
        mesh.addDriver(new TestBackend<>("nothing", nothing(TapDriver.class), 1));
        mesh.addTransport(new TestBackend<>("nothing", nothing(Transport.class), 1));
        mesh.addSwitch(new TestBackend<>("nothing", nothing(VirtualSwitch.class), 1));
        await("the driver", () -> serving("tap").equals("one"));
        await("the transport", () -> serving("transport").equals("test"));
        await("the switch", () -> serving("switch").equals("hub"));
        parts.taps.get(0).fromHost.add(new byte[60]);
        await("the frame on a link", () -> parts.links.stream().anyMatch(link -> link.sent.size() == 1));
    }

    /** Returns null, or 0, whatever it is asked. */
    private static <T> T nothing(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> method.getReturnType() == int.class ? 0 : null));
    }

    private String serving(String role) {
        return mesh.roles().stream()
                .filter(one -> one.role().equals(role))
                .findFirst()
                .flatMap(RoleStatus::serving)
                .map(RoleStatus.Backend::name)
                .orElse("none");
    }

    private static void awaitForever(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("waited in vain for " + what);
    }

    /** Announces the same peers whenever it is started. */
    private static class ListSource implements PeerSource {
        private final Peer[] peers;
        volatile PeerSink sink;

        ListSource(Peer... peers) {
            this.peers = peers;
        }

        @Override
        public String name() {
            return "list";
        }

        @Override
        public void start(PeerSink to) {
            sink = to;
            for (Peer peer : peers) {
                to.announce(peer);
            }
        }

        @Override
        public void stop() {}
    }

    /** A transport whose links go nowhere, taps and a hub, all of which remember what was done to them. */
    private static final class Parts implements Transport {
        final List<TestLink> links = new CopyOnWriteArrayList<>();
        final List<TestTap> taps = new CopyOnWriteArrayList<>();
        final List<String> log = new CopyOnWriteArrayList<>();
        final List<Egress> hub = new CopyOnWriteArrayList<>();
        LinkStatus.State state = LinkStatus.State.UP;

        @Override
        public String kind() {
            return "test";
        }

        @Override
        public Link connect(Peer peer, LinkHandler handler) {
            TestLink link = new TestLink(peer.id(), handler, state);
            links.add(link);
            return link;
        }

        @Override
        public int mtu() {
            return 1404;
        }

        @Override
        public Map<String, Long> counters() {
            return Map.of();
        }

        TapDriver driver(String kind) {
            return new TapDriver() {
                @Override
                public String kind() {
                    return kind;
                }

                @Override
                public Tap open(TapConfig config) {
                    log.add("open " + kind);
                    TestTap tap = new TestTap(config, () -> log.add("close " + kind));
                    taps.add(tap);
                    return tap;
                }
            };
        }

        /** Every frame goes to all other ports. */
        final class Hub implements VirtualSwitch {
            final List<String> told = new CopyOnWriteArrayList<>();
            List<MacEntry> macs = List.of();
            int room = 100;
            volatile Runnable harm = () -> {};

            @Override
            public SwitchPort attach(String name, PortKind kind, Egress egress) {
                if (room-- == 0) {
                    throw new IllegalStateException("full");
                }
                hub.add(egress);
                return new SwitchPort() {
                    @Override
                    public void learn(long mac, Duration idle) {
                        told.add(name + " " + mac);
                    }

                    @Override
                    public void input(Batch frames) {
                        harm.run();
                        hub.stream().filter(other -> other != egress).forEach(other -> other.output(frames));
                    }

                    @Override
                    public void close() {
                        hub.remove(egress);
                    }
                };
            }

            @Override
            public List<PortStatus> ports() {
                return List.of();
            }

            @Override
            public List<MacEntry> macs() {
                return macs;
            }

            @Override
            public Optional<String> lookup(long mac) {
                return Optional.empty();
            }

            @Override
            public Map<String, Long> counters() {
                return Map.of();
            }
        }
    }

    private static final class TestLink implements Link {
        final PeerId peer;
        final LinkHandler handler;
        final LinkStatus.State state;
        final List<byte[]> sent = new CopyOnWriteArrayList<>();
        final List<Peer> updates = new CopyOnWriteArrayList<>();
        volatile boolean closed;

        TestLink(PeerId peer, LinkHandler handler, LinkStatus.State state) {
            this.peer = peer;
            this.handler = handler;
            this.state = state;
        }

        @Override
        public void send(Batch frames) {
            for (int i = 0; i < frames.count(); i++) {
                sent.add(frames.copy(i));
            }
        }

        @Override
        public void update(Peer next) {
            updates.add(next);
        }

        @Override
        public LinkStatus status() {
            return new LinkStatus(
                    peer,
                    state,
                    LinkStatus.Path.DIRECT,
                    Optional.empty(),
                    Optional.empty(),
                    Duration.ZERO,
                    Optional.empty(),
                    Optional.empty(),
                    Map.of());
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class TestTap implements Tap {
        final TapConfig config;
        final Runnable onClose;
        final BlockingQueue<byte[]> fromHost = new LinkedBlockingQueue<>();
        final List<byte[]> toHost = new ArrayList<>();
        volatile boolean woken;
        volatile boolean gone;
        volatile int lane;

        TestTap(TapConfig config, Runnable onClose) {
            this.config = config;
            this.onClose = onClose;
        }

        @Override
        public String name() {
            return config.name();
        }

        @Override
        public int mtu() {
            return config.mtu();
        }

        @Override
        public int read(int queue, Batch batch) throws IOException {
            lane = batch.lane();
            if (gone) {
                throw new IOException("it is gone");
            }
            try {
                byte[] frame = woken ? null : fromHost.poll(20, TimeUnit.MILLISECONDS);
                if (frame == null) {
                    return 0;
                }
                batch.append(frame, 0, frame.length);
                return 1;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void write(Batch batch) {
            for (int i = 0; i < batch.count(); i++) {
                toHost.add(batch.copy(i));
            }
        }

        @Override
        public void wakeup() {
            woken = true;
        }

        @Override
        public Map<String, Long> counters() {
            return Map.of();
        }

        @Override
        public boolean park() {
            return true;
        }

        @Override
        public void close() {
            onClose.run();
        }
    }
}
