package tier6.diagnosis.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.api.discovery.CathedralStatus;
import tier6.api.node.Node;
import tier6.api.node.NodeStatus;
import tier6.api.node.PeerStatus;
import tier6.api.node.RoleStatus;
import tier6.api.node.SourceStatus;
import tier6.api.peer.PeerId;
import tier6.api.transport.LinkStatus;
import tier6.api.transport.LinkStatus.Path;
import tier6.api.transport.LinkStatus.State;
import tier6.api.vswitch.Egress;
import tier6.api.vswitch.MacEntry;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.PortStatus;
import tier6.api.vswitch.SwitchPort;
import tier6.api.vswitch.VirtualSwitch;
import tier6.diagnosis.Finding;
import tier6.diagnosis.Finding.Weight;

/** What is read from the states of a node; what a network does to real nodes is in the tests of the whole. */
class NodeExaminationTest {
    private static final long OWN = 0x0601_0a00_0001L;
    private static final PeerId PEER = new PeerId(0xc0ffee1234567800L, 2);
    private static final InetSocketAddress HERE = new InetSocketAddress("127.0.0.1", 9);

    private Optional<NodeStatus.TapStatus> tap =
            Optional.of(new NodeStatus.TapStatus("linux", "t6-no-such-tap", OWN, 1404));
    private final List<PeerStatus> peers = new ArrayList<>();
    private final List<CathedralStatus> cathedrals = new ArrayList<>();
    private final List<MacEntry> macs = new ArrayList<>();
    private String sourceStatus = "all is well";
    private int widest = 2000;

    @TempDir
    private java.nio.file.Path directory;

    private java.nio.file.Path process;

    @BeforeEach
    void isNobody() throws IOException {
        process = Files.writeString(directory.resolve("status"), "Name:\tjava\nUid:\t0\t65534\t65534\t0\n");
    }

    private List<Finding> examine() throws InterruptedException {
        return new NodeExamination(node(), vswitch(), cathedrals, process).findings();
    }

    private Finding find(String name, Weight weight) throws InterruptedException {
        List<Finding> all = examine();
        Finding finding = all.stream()
                .filter(f -> f.name().equals(name) && f.weight() == weight)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + weight + " " + name + " in " + all));
        assertTrue(weight != Weight.BAD
                || !finding.why().isEmpty() && !finding.remedy().isEmpty());
        return finding;
    }

    private void peer(State state, Path path, Duration since, Map<String, Long> counters) {
        peers.add(new PeerStatus(
                PEER,
                "peer-02",
                List.of("cathedral"),
                Optional.of(new LinkStatus(
                        PEER,
                        state,
                        path,
                        Optional.of(HERE),
                        Optional.empty(),
                        since,
                        state == State.UP ? Optional.of(since) : Optional.empty(),
                        Optional.of(Duration.ofSeconds(1)),
                        counters)),
                Optional.empty()));
    }

    private void cathedral(InetSocketAddress address, Duration heard) {
        cathedrals.add(new CathedralStatus(address, true, Optional.ofNullable(heard), Optional.empty()));
    }

    @Test
    void nothingWrong() throws Exception {
        peer(State.UP, Path.DIRECT, Duration.ofMinutes(5), Map.of());
        cathedral(HERE, Duration.ofSeconds(3));
        macs.add(new MacEntry(OWN, "tap", Duration.ZERO));
        macs.add(new MacEntry(0x0602_0a00_0002L, "peer-02", Duration.ZERO));
        List<Finding> all = examine();
        assertFalse(Finding.anyBad(all), all.toString());
        assertEquals(
                List.of("interface", "clock", "udp", "cathedral", "peer", "nat", "mtu"),
                all.stream().map(Finding::name).toList());
    }

    @Test
    void noInterface() throws Exception {
        tap = Optional.empty();
        assertTrue(find("interface", Weight.BAD).what().contains("Operation not permitted"));
    }

    @Test
    void clockThatASourceMissed() throws Exception {
        sourceStatus = "this host's clock is 37 s behind that of the cathedral 192.0.2.1:4500";
        assertTrue(find("clock", Weight.BAD).what().contains("37 s behind"));
    }

    @Test
    void clockThatPeersMiss() throws Exception {
        peer(State.CONNECTING, Path.DIRECT, Duration.ofMinutes(1), Map.of("drop-offer-clock", 4L));
        assertTrue(find("clock", Weight.BAD).what().contains("4 key offers"));
    }

    @Test
    void cathedralThatNeverAnswered() throws Exception {
        cathedral(HERE, null);
        assertTrue(find("cathedral", Weight.BAD).what().contains("never answered"));
    }

    @Test
    void cathedralThatFellSilent() throws Exception {
        cathedral(HERE, Duration.ofMinutes(3));
        assertTrue(find("cathedral", Weight.BAD).what().contains("3 min ago"));
    }

    @Test
    void peerWithoutAKey() throws Exception {
        peer(State.CONNECTING, Path.RELAY, Duration.ofMinutes(1), Map.of());
        assertTrue(find("peer", Weight.BAD).what().contains("keys are being exchanged"));
    }

    @Test
    void relayedPeer() throws Exception {
        peer(State.UP, Path.RELAY, Duration.ofMinutes(5), Map.of());
        assertTrue(find("relayed", Weight.NOTE).remedy().contains("NAT"));
        peers.clear();
        peer(State.UP, Path.RELAY, Duration.ofSeconds(5), Map.of());
        assertEquals("wait", find("relayed", Weight.NOTE).remedy());
    }

    @Test
    void nodeThatStaysRoot() throws Exception {
        Files.writeString(process, "Name:\tjava\nUid:\t1000\t0\t0\t0\n");
        assertTrue(find("root", Weight.NOTE).remedy().contains("runas"));
    }

    @Test
    void addressOfThisHostBehindATunnel() throws Exception {
        macs.add(new MacEntry(OWN, "peer-02", Duration.ZERO));
        assertTrue(find("duplicate-mac", Weight.BAD).what().contains("06:01:0a:00:00:01"));
    }

    @Test
    void kekIdOfThisHostBehindATunnel() throws Exception {
        macs.add(new MacEntry(0x0601_0a00_0009L, "peer-02", Duration.ZERO));
        assertTrue(find("duplicate-kek-id", Weight.BAD).what().contains("06:01:0a:00:00:09"));
    }

    @Test
    void sourceThatAnnouncesThisNode() throws Exception {
        peers.add(new PeerStatus(
                new PeerId(PEER.flock(), 1),
                "peer-01",
                List.of("static"),
                Optional.empty(),
                Optional.of("peer c0ffee1234567800/01 is this node itself; check kek.id")));
        find("duplicate-kek-id", Weight.BAD);
    }

    @Test
    void pathThatIsTooNarrow() throws Exception {
        peer(State.UP, Path.DIRECT, Duration.ofMinutes(5), Map.of());
        widest = 1300;
        assertTrue(find("mtu", Weight.BAD).what().contains("1422"));
    }

    @Test
    void addressTranslation() throws Exception {
        InetAddress at = InetAddress.getByName("192.168.1.7");
        InetAddress out = InetAddress.getByName("198.51.100.1");
        peer(State.UP, Path.RELAY, Duration.ofMinutes(5), Map.of());
        List<LinkStatus> relayed = List.of(peers.get(0).link().get());
        peer(State.UP, Path.DIRECT, Duration.ofMinutes(5), Map.of());
        List<LinkStatus> mixed = List.of(relayed.get(0), peers.get(1).link().get());
        Finding symmetric = NodeExamination.nat(at, out, relayed);
        assertEquals(Weight.NOTE, symmetric.weight());
        assertTrue(symmetric.what().contains("no peer gets through"), symmetric.what());
        assertEquals(Weight.GOOD, NodeExamination.nat(at, out, mixed).weight());
        assertTrue(NodeExamination.nat(at, out, List.of()).what().contains("of what kind shows"));
        assertEquals(Weight.GOOD, NodeExamination.nat(out, out, relayed).weight());
        assertEquals(Weight.GOOD, NodeExamination.nat(at, at, relayed).weight());
        assertEquals(Weight.GOOD, NodeExamination.nat(null, out, relayed).weight());
    }

    private Node node() {
        return new Node() {
            @Override
            public NodeStatus status() {
                return new NodeStatus(
                        Duration.ZERO,
                        tap,
                        tap.isPresent() ? Optional.empty() : Optional.of("cannot open: Operation not permitted"),
                        Map.of(),
                        Map.of());
            }

            @Override
            public List<PeerStatus> peers() {
                return peers;
            }

            @Override
            public List<SourceStatus> sources() {
                return List.of(new SourceStatus("cathedral", "tier6.discovery.cathedral", 1, sourceStatus));
            }

            @Override
            public CompletableFuture<Duration> probe(PeerId peer, int size) {
                return size <= widest
                        ? CompletableFuture.completedFuture(Duration.ofMillis(1))
                        : CompletableFuture.failedFuture(new IOException("vanished"));
            }

            @Override
            public List<RoleStatus> roles() {
                return List.of();
            }

            @Override
            public void swap(String role, String backend) {
                throw new UnsupportedOperationException();
            }
        };
    }

    private VirtualSwitch vswitch() {
        return new VirtualSwitch() {
            @Override
            public SwitchPort attach(String name, PortKind kind, Egress egress) {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<PortStatus> ports() {
                return List.of(
                        new PortStatus("tap", PortKind.LOCAL, 1, Map.of()),
                        new PortStatus("peer-02", PortKind.TUNNEL, 1, Map.of()));
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
        };
    }
}
