package tier6.discovery.cathedral.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tier6.api.discovery.PeerSink;
import tier6.api.event.NodeEvent;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.time.Clock;
import tier6.api.transport.LinkStatus;
import tier6.cathedral.Disguise;
import tier6.transport.sanctum.sim.SimHost;
import tier6.transport.sanctum.sim.SimNat;
import tier6.transport.sanctum.sim.SimNetwork;

/** A whole network in one process: nodes that find each other through a cathedral and send each other frames. */
class NetworkTest {
    private static final int DEVICES = 4;

    // Held, because loggers that nobody holds forget their level.
    private static final Logger CHATTER = Logger.getLogger("tier6");

    @TempDir
    private static Path directory;

    private static SimFlock flock;

    private final SimNetwork network = new SimNetwork(System.nanoTime());
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<SimHost> hosts = new ArrayList<>();
    private SimHost cathedralHost;
    private SimCathedral cathedral;
    private Wishes wishes = Wishes.USUAL;
    private long seeds;

    @BeforeAll
    static void makeKeys() throws IOException {
        CHATTER.setLevel(Level.WARNING);
        flock = new SimFlock(directory, DEVICES, 1, new SimNetwork(0).unixMillis() / 1000);
    }

    @BeforeEach
    void build(TestInfo info) throws IOException {
        System.out.println(info.getDisplayName() + ": seed " + network.seed());
        seeds = network.seed();
        flock.writeSettings(List.of());
        cathedralHost = network.host("192.0.2.100");
        cathedral = new SimCathedral(network, cathedralHost, flock, ++seeds);
    }

    /** Starts everything again in shrouds. */
    private void shrouded(int count) throws IOException {
        wishes = new Wishes(Wishes.USUAL_GROUP, false, true, List.of());
        cathedral.kill();
        cathedral = new SimCathedral(network, cathedralHost, flock, new Disguise(true, false, 1422), ++seeds);
        publicNodes(count);
    }

    private InetSocketAddress cathedralAddress() {
        return SimCathedral.address(cathedralHost);
    }

    private SimNode add(SimHost host, int device) {
        hosts.add(host);
        SimNode node = new SimNode(
                network, host, flock, device, cathedralAddress(), CathedralSearch.NOTHING_REMEMBERED, wishes, ++seeds);
        nodes.add(node);
        return node;
    }

    private void publicNodes(int count) {
        for (int device = 1; device <= count; device++) {
            add(network.host("192.0.2." + device), device);
        }
    }

    /** Whether frames get from every node to every other node now. */
    private boolean everyPair() {
        List<Integer> before = new ArrayList<>();
        eachPair((from, to) -> before.add(to.received(from.device)));
        eachPair((from, to) -> from.send(to.device, 3));
        network.run(Duration.ofMillis(500));
        int[] i = {0};
        boolean[] all = {true};
        eachPair((from, to) -> all[0] &= to.received(from.device) > before.get(i[0]++));
        return all[0];
    }

    private void eachPair(BiConsumer<SimNode, SimNode> action) {
        for (SimNode from : nodes) {
            for (SimNode to : nodes) {
                if (from != to) {
                    action.accept(from, to);
                }
            }
        }
    }

    private long until(String what, BooleanSupplier condition, int seconds) {
        long start = network.nanos();
        while (!condition.getAsBoolean()) {
            long passed = Duration.ofNanos(network.nanos() - start).toSeconds();
            assertTrue(passed <= seconds, () -> what + " took too long; seed " + network.seed() + "\n" + report());
            network.run(Duration.ofMillis(250));
        }
        return Duration.ofNanos(network.nanos() - start).toMillis();
    }

    private String report() {
        StringBuilder text = new StringBuilder();
        for (SimNode node : nodes) {
            text.append(node.device).append(": ").append(node.search.status()).append('\n');
            node.links.forEach(
                    (other, link) -> text.append("  ").append(link.status()).append('\n'));
        }
        return text.toString();
    }

    private boolean everyPath(LinkStatus.Path path) {
        boolean[] all = {true};
        eachPair((from, to) -> all[0] &= from.path(to.device) == path);
        return all[0];
    }

    private long downs() {
        return nodes.stream()
                .mapToLong(node -> node.count(NodeEvent.TunnelDown.class))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 30})
    void everyNodeReachesEveryOther(int lossPercent) {
        network.loss(lossPercent / 100.0)
                .duplication(0.02)
                .reordering(0.1)
                .delay(Duration.ofMillis(5), Duration.ofMillis(40));
        publicNodes(DEVICES);
        long millis = until("the mesh", this::everyPair, lossPercent == 0 ? 6 : 90);
        System.out.println("full mesh after " + millis + " ms");
        until("direct paths", () -> everyPath(LinkStatus.Path.DIRECT), lossPercent == 0 ? 20 : 90);
        assertTrue(everyPair() || lossPercent > 0);
        nodes.forEach(node -> assertEquals(List.of(), node.withdrawn));
    }

    @Test
    void losesNothingOnTheWayToTheDirectPath() {
        publicNodes(2);
        until("the mesh", this::everyPair, 6);
        int before = nodes.get(1).received(1);
        int sent = 0;
        for (int i = 0; i < 400; i++) {
            nodes.get(0).send(2, 1);
            sent++;
            network.run(Duration.ofMillis(100));
        }
        network.run(Duration.ofSeconds(1));
        assertEquals(LinkStatus.Path.DIRECT, nodes.get(0).path(2));
        assertEquals(sent, nodes.get(1).received(1) - before);
    }

    @Test
    void aNodeStartsAgain() {
        publicNodes(3);
        until("the mesh", this::everyPair, 6);
        until("direct paths", () -> everyPath(LinkStatus.Path.DIRECT), 20);
        for (int round = 0; round < 3; round++) {
            nodes.remove(1).kill();
            network.run(Duration.ofSeconds(2));
            nodes.add(1, new SimNode(network, hosts.get(1), flock, 2, cathedralAddress(), ++seeds));
            long millis = until("the mesh", this::everyPair, 10);
            System.out.println("mesh again after " + millis + " ms");
        }
        until("direct paths", () -> everyPath(LinkStatus.Path.DIRECT), 30);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theCathedralStartsAgain(boolean relayed) throws IOException {
        if (relayed) {
            network.wall((from, to) -> !from.getAddress().equals(cathedralHost.address())
                    && !to.getAddress().equals(cathedralHost.address()));
        }
        publicNodes(3);
        until("the mesh", this::everyPair, 6);
        if (!relayed) {
            until("direct paths", () -> everyPath(LinkStatus.Path.DIRECT), 20);
        }
        network.run(Duration.ofMinutes(2));
        for (int round = 0; round < 3; round++) {
            cathedral.kill();
            network.run(Duration.ofSeconds(5));
            assertTrue(relayed || everyPair(), "direct paths need no cathedral");
            cathedral = new SimCathedral(network, cathedralHost, flock, ++seeds);
            long millis = until("the mesh", this::everyPair, 10);
            System.out.println("mesh again after " + millis + " ms");
            network.run(Duration.ofSeconds(60));
        }
        assertTrue(everyPath(relayed ? LinkStatus.Path.RELAY : LinkStatus.Path.DIRECT), report());
        assertEquals(0, downs(), report());
        nodes.forEach(node -> assertEquals(List.of(), node.withdrawn));
    }

    @Test
    void aNewAmbryRenewsKeysWithoutLoss() throws IOException {
        publicNodes(3);
        until("the mesh", this::everyPair, 6);
        until("direct paths", () -> everyPath(LinkStatus.Path.DIRECT), 20);
        long ups = nodes.get(0).count(NodeEvent.TunnelUp.class);
        int before = nodes.get(1).received(1);
        flock.newAmbry(network.unixMillis() / 1000);
        flock.writeSettings(List.of());
        for (int i = 0; i < 900; i++) {
            nodes.get(0).send(2, 1);
            network.run(Duration.ofMillis(100));
        }
        assertTrue(nodes.get(0).count(NodeEvent.TunnelUp.class) >= ups + 2, "both tunnels have new keys\n" + report());
        assertEquals(900, nodes.get(1).received(1) - before);
        assertEquals(0, downs());
    }

    @Test
    void inShroudsTheyMeetGoDirectAndLoseNothing() throws IOException {
        shrouded(3);
        until("the mesh", this::everyPair, 6);
        int before = nodes.get(1).received(1);
        for (int i = 0; i < 400; i++) {
            nodes.get(0).send(2, 1);
            network.run(Duration.ofMillis(100));
        }
        assertTrue(everyPath(LinkStatus.Path.DIRECT), report());
        assertEquals(400, nodes.get(1).received(1) - before);
        flock.newAmbry(network.unixMillis() / 1000);
        before = nodes.get(1).received(1);
        for (int i = 0; i < 900; i++) {
            nodes.get(0).send(2, 1);
            network.run(Duration.ofMillis(100));
        }
        assertEquals(900, nodes.get(1).received(1) - before, "while a new ambry changes the shrouds");
        assertTrue(everyPair());
        assertEquals(0, downs());
    }

    @Test
    void inShroudsTheRelayServesNodesBehindSymmetricNats() throws IOException {
        shrouded(1);
        add(network.host("10.0.2.1", network.nat("198.51.100.2", SimNat.Mapping.SYMMETRIC)), 2);
        add(network.host("10.0.3.1", network.nat("198.51.100.3", SimNat.Mapping.SYMMETRIC)), 3);
        until("the mesh", this::everyPair, 6);
        network.run(Duration.ofMinutes(11)); // identities change twice
        assertTrue(everyPair(), report());
        assertTrue(everyPath(LinkStatus.Path.RELAY), report());
        assertEquals(0, downs());
    }

    @Test
    void groupsDoNotSeeEachOtherAndSpokesSeeHubsOnly() {
        wishes = new Wishes(0xcafe, false, false, List.of());
        add(network.host("192.0.2.1"), 1);
        wishes = new Wishes(0xcafe, true, false, List.of());
        add(network.host("192.0.2.2"), 2);
        add(network.host("192.0.2.3"), 3);
        wishes = Wishes.USUAL;
        add(network.host("192.0.2.4"), 4);
        network.run(Duration.ofSeconds(15));
        assertEquals(Set.of(2, 3), nodes.get(0).links.keySet());
        assertEquals(Set.of(1), nodes.get(1).links.keySet());
        assertEquals(Set.of(1), nodes.get(2).links.keySet());
        assertEquals(Set.of(), nodes.get(3).links.keySet());
        assertTrue(nodes.get(0).isUp(2) && nodes.get(0).isUp(3), report());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void devicesOfCrossedFlocksHaveATunnel(boolean shroud, @TempDir Path elsewhere) throws IOException {
        long other = 0xbadf00d123456700L;
        SimFlock neighbours = new SimFlock(elsewhere, other, 2, 2, network.unixMillis() / 1000);
        flock.cross(neighbours, network.unixMillis() / 1000);
        cathedral.kill();
        cathedral = new SimCathedral(network, cathedralHost, flock, new Disguise(shroud, false, 1422), ++seeds);
        wishes = new Wishes(Wishes.USUAL_GROUP, false, shroud, List.of(new PeerId(other, 2)));
        SimNode ours = add(network.host("192.0.2.1"), 1);
        wishes = new Wishes(Wishes.USUAL_GROUP, false, shroud, List.of(new PeerId(SimFlock.ID, 1)));
        SimNode theirs = new SimNode(
                network,
                network.host("192.0.2.2"),
                neighbours,
                2,
                cathedralAddress(),
                CathedralSearch.NOTHING_REMEMBERED,
                wishes,
                ++seeds);
        nodes.add(theirs);
        until("the tunnel", this::everyPair, 6);
        until("direct paths", () -> everyPath(LinkStatus.Path.DIRECT), 25);
        assertTrue(everyPair());
        assertTrue(ours.isUp(2) && theirs.isUp(1));
    }

    @Test
    void saysThatTheClockOfThisHostIsWrong() {
        SimHost host = network.host("192.0.2.1");
        Clock right = SimNode.clock(network);
        Clock ahead = new Clock() {
            @Override
            public long nanos() {
                return right.nanos();
            }

            @Override
            public long unixMillis() {
                return right.unixMillis() + 34_000;
            }
        };
        PeerSink nobody = new PeerSink() {
            @Override
            public void announce(Peer peer) {
                throw new AssertionError(peer);
            }

            @Override
            public void withdraw(PeerId id) {
                throw new AssertionError(id);
            }
        };
        CathedralSearch search = new CathedralSearch(
                flock.identity(1),
                Wishes.USUAL,
                cathedralAddress(),
                CathedralSearch.NOTHING_REMEMBERED,
                host.address(),
                host.open(),
                ahead,
                new Random(++seeds)::nextBytes,
                nobody,
                event -> {},
                null);
        network.add(() -> {
            try {
                return search.run(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        network.run(Duration.ofSeconds(5));
        assertEquals(
                "this host's clock is 34 s ahead of that of the cathedral 192.0.2.100:4500; synchronise both (at most 10 s"
                        + " are allowed)",
                search.status());
    }

    @Test
    void nodesBehindNatsGoDirect() {
        add(network.host("192.0.2.1"), 1);
        add(network.host("10.0.2.1", network.nat("198.51.100.2", SimNat.Mapping.ENDPOINT_INDEPENDENT)), 2);
        add(network.host("10.0.3.1", network.nat("198.51.100.3", SimNat.Mapping.ENDPOINT_INDEPENDENT)), 3);
        until("the mesh", this::everyPair, 6);
        until("direct paths", () -> everyPath(LinkStatus.Path.DIRECT), 25);
        assertTrue(everyPair());
        network.run(Duration.ofMinutes(10));
        assertTrue(everyPath(LinkStatus.Path.DIRECT));
        assertTrue(everyPair());
        assertEquals(0, downs());
    }

    @Test
    void nodesBehindSymmetricNatsStayOnTheRelay() {
        add(network.host("10.0.1.1", network.nat("198.51.100.1", SimNat.Mapping.SYMMETRIC)), 1);
        add(network.host("10.0.2.1", network.nat("198.51.100.2", SimNat.Mapping.SYMMETRIC)), 2);
        add(network.host("10.0.3.1", network.nat("198.51.100.3", SimNat.Mapping.ENDPOINT_INDEPENDENT)), 3);
        until("the mesh", this::everyPair, 6);
        network.run(Duration.ofMinutes(10));
        assertTrue(everyPair(), report());
        assertTrue(everyPath(LinkStatus.Path.RELAY), report());
        assertEquals(0, downs());
    }

    @Test
    void aFirewallKeepsNodesOnTheRelay() {
        InetSocketAddress none = cathedralAddress();
        publicNodes(2);
        network.wall((from, to) -> !from.getAddress().equals(none.getAddress())
                && !to.getAddress().equals(none.getAddress())
                && from.getAddress().equals(hosts.get(0).address()));
        until("the mesh", this::everyPair, 6);
        int before = nodes.get(0).received(2);
        for (int i = 0; i < 600; i++) {
            nodes.get(1).send(1, 1);
            network.run(Duration.ofSeconds(1));
        }
        assertEquals(600, nodes.get(0).received(2) - before, "only the other direction is blocked");
        assertTrue(everyPair(), report());
        assertTrue(nodes.get(0).count(NodeEvent.PathChanged.class) <= 12, report());
    }

    @Test
    void aDirectPathThatBreaksIsLeft() {
        publicNodes(2);
        until("direct paths", () -> nodes.get(0).isUp(2) && everyPath(LinkStatus.Path.DIRECT), 30);
        InetSocketAddress middle = cathedralAddress();
        network.wall((from, to) -> !from.getAddress().equals(middle.getAddress())
                && !to.getAddress().equals(middle.getAddress()));
        until("the relay", () -> everyPath(LinkStatus.Path.RELAY), 25);
        assertTrue(everyPair());
        network.wall((from, to) -> false);
        until("the direct path", () -> everyPath(LinkStatus.Path.DIRECT), 70);
        assertTrue(everyPair());
        assertEquals(0, downs());
    }

    @Test
    void renewsRelayedKeysUnderTrafficWithoutLoss() {
        add(network.host("10.0.1.1", network.nat("198.51.100.1", SimNat.Mapping.SYMMETRIC)), 1);
        add(network.host("10.0.2.1", network.nat("198.51.100.2", SimNat.Mapping.SYMMETRIC)), 2);
        until("the mesh", this::everyPair, 6);
        int before = nodes.get(1).received(1);
        for (int i = 0; i < 3700; i++) {
            nodes.get(0).send(2, 1);
            network.run(Duration.ofSeconds(1));
        }
        assertTrue(nodes.get(0).count(NodeEvent.TunnelUp.class) >= 2, report());
        assertEquals(3700, nodes.get(1).received(1) - before, report());
    }

    @Test
    void answersAfterTenIdleMinutes() {
        publicNodes(3);
        until("the mesh", this::everyPair, 6);
        network.run(Duration.ofMinutes(10));
        assertTrue(everyPair(), report());
        assertEquals(0, downs());
    }

    @Test
    void aDeadNodeIsWithdrawnAndComesBack() {
        publicNodes(3);
        until("the mesh", this::everyPair, 6);
        nodes.remove(2).kill();
        network.run(Duration.ofSeconds(110));
        nodes.forEach(node -> assertEquals(List.of(), node.withdrawn));
        network.run(Duration.ofSeconds(90));
        nodes.forEach(node -> assertEquals(List.of(3), node.withdrawn));
        nodes.add(new SimNode(network, hosts.get(2), flock, 3, cathedralAddress(), ++seeds));
        until("the mesh", this::everyPair, 8);
    }

    @Test
    void aCathedralIsFoundWhereItsNameIsNow() throws IOException {
        publicNodes(3);
        InetSocketAddress[] address = {cathedralAddress()};
        for (SimNode node : nodes) {
            Naming naming = new Naming(() -> address[0], Runnable::run, network.nanos());
            network.add(() -> {
                naming.attend(node.search, network.nanos());
                return network.nanos() + Duration.ofSeconds(1).toNanos();
            });
        }
        until("the mesh", this::everyPair, 10);
        cathedral.kill();
        SimHost other = network.host("192.0.2.101");
        new SimCathedral(network, other, flock, ++seeds);
        network.run(Duration.ofSeconds(60));
        nodes.forEach(node -> assertEquals(0, node.count(NodeEvent.CathedralChanged.class)));
        address[0] = SimCathedral.address(other);
        network.run(Duration.ofSeconds(12));
        nodes.forEach(node -> assertEquals(1, node.count(NodeEvent.CathedralChanged.class)));
        until("the mesh", this::everyPair, 15);
        nodes.forEach(node -> assertEquals(List.of(), node.withdrawn));
        assertEquals(address[0], nodes.get(0).search.cathedrals().get(0).address());
    }

    @Test
    void anotherCathedralTakesOver() throws IOException {
        SimHost other = network.host("192.0.2.101");
        flock.writeSettings(List.of(cathedralAddress(), SimCathedral.address(other)));
        SimCathedral second = new SimCathedral(network, other, flock, ++seeds);
        publicNodes(3);
        until("the mesh", this::everyPair, 10);
        assertEquals(
                List.of(cathedralAddress(), SimCathedral.address(other)),
                nodes.get(0).remembered.get(0).cathedrals());
        cathedral.kill();
        network.run(Duration.ofSeconds(25));
        nodes.forEach(node -> assertEquals(1, node.count(NodeEvent.CathedralChanged.class)));
        until("the mesh", this::everyPair, 15);
        nodes.forEach(node -> assertEquals(List.of(), node.withdrawn));
        second.kill();
        cathedral = new SimCathedral(network, cathedralHost, flock, ++seeds);
        network.run(Duration.ofSeconds(60));
        nodes.forEach(node -> assertEquals(2, node.count(NodeEvent.CathedralChanged.class)));
        until("the mesh", this::everyPair, 15);
        assertEquals(cathedralAddress(), nodes.get(0).search.cathedrals().get(0).address());
        assertTrue(nodes.get(0).search.cathedrals().get(0).roundTrip().isPresent());
    }
}
