package tier6.diagnosis.internal;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import tier6.api.discovery.CathedralStatus;
import tier6.api.frame.Ethernet;
import tier6.api.node.Node;
import tier6.api.node.NodeStatus;
import tier6.api.node.PeerStatus;
import tier6.api.node.SourceStatus;
import tier6.api.transport.LinkStatus;
import tier6.api.vswitch.MacEntry;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.PortStatus;
import tier6.api.vswitch.VirtualSwitch;
import tier6.diagnosis.Finding;
import tier6.json.Text;

/** What a running node can be found to suffer from. Blocks for some seconds. */
final class NodeExamination {
    /** Longer than any key exchange takes, and than a cathedral takes to disclose an address. */
    private static final Duration SETTLED = Duration.ofSeconds(30);

    /** The second number is the effective user. */
    private static final Pattern ROOT = Pattern.compile("(?m)^Uid:\\s+\\d+\\s+0\\s");

    private static final int SMALL_PROBE = 700;
    private static final long PROBE_MILLIS = 1500;
    private static final int PROBE_TURNS = 2;

    private final Node node;
    private final VirtualSwitch vswitch;
    private final List<CathedralStatus> cathedrals;
    private final Path process;
    private final List<Finding> findings = new ArrayList<>();

    /** @param process where the kernel tells of this process, as {@code /proc/self/status} */
    NodeExamination(Node node, VirtualSwitch vswitch, List<CathedralStatus> cathedrals, Path process) {
        this.node = node;
        this.vswitch = vswitch;
        this.cathedrals = cathedrals;
        this.process = process;
    }

    List<Finding> findings() throws InterruptedException {
        findings.clear();
        NodeStatus status = node.status();
        List<PeerStatus> peers = node.peers();
        examineInterface(status);
        examineUser();
        examineSources();
        examineClock(status, peers);
        examineUdp(peers);
        examineCathedral();
        examineLoops(status, peers);
        examinePeers(peers);
        examineNat(peers);
        examineDuplicates(status, peers);
        examineMtu(status, peers);
        return List.copyOf(findings);
    }

    private void examineInterface(NodeStatus status) {
        Optional<String> refused = node.roles().stream()
                .filter(role -> role.role().equals("tap"))
                .flatMap(role -> role.problem().stream())
                .findFirst();
        if (status.tap().isPresent() && refused.isPresent()) {
            findings.add(Finding.bad(
                    "interface",
                    status.tap().get().name() + " is open, but not what was asked for since: " + refused.get(),
                    "the interface from before serves on, and after a restart there may be none",
                    "mend tapname, tap, mtu or address in the configuration file and give tier6 reload; or"
                            + " tier6 swap tap, if that was asked for"));
        } else if (status.tap().isPresent()) {
            findings.add(Finding.good("interface", status.tap().get().name() + " is open"));
        } else {
            findings.add(Finding.bad(
                    "interface",
                    status.problem().orElse("there is no interface"),
                    "without an interface nothing of this host reaches the flock",
                    "see what it says; tier6 doctor FILE, as the user of the node, tells more about /dev/net/tun and"
                            + " rights"));
        }
    }

    /** The user that Java knows is the one who started it. */
    private void examineUser() {
        try {
            if (ROOT.matcher(Files.readString(process)).find()) {
                findings.add(Finding.note(
                        "root",
                        "the node is still root",
                        "who finds a way into it has all of this host",
                        "name a user in its configuration, runas USER, who can read its keys; a network that tier6 up made"
                                + " takes the user tier6: useradd --system tier6, and tier6 up again"));
            }
        } catch (IOException e) {
            // Not Linux, or nobody may know.
        }
    }

    private void examineSources() {
        if (node.sources().isEmpty()) {
            findings.add(Finding.bad(
                    "sources",
                    "no source of peers is configured",
                    "the node does not know whom to speak to",
                    "name a cathedral, a Reliquary or a peer in the configuration file"));
        }
    }

    private void examineClock(NodeStatus status, List<PeerStatus> peers) {
        Optional<String> said = node.sources().stream()
                .map(SourceStatus::status)
                .filter(text -> text.contains("clock is"))
                .findFirst();
        long refused = peers.stream()
                .flatMap(peer -> peer.link().stream())
                .filter(link -> link.state() != LinkStatus.State.UP)
                .mapToLong(link -> link.counters().getOrDefault("drop-offer-clock", 0L))
                .sum();
        if (said.isPresent() || refused > 0) {
            findings.add(Finding.bad(
                    "clock",
                    said.orElse(refused + " key offers were refused because their time is not that of this host"),
                    "what is older than ten seconds could be a recording, so it is refused, and no tunnel comes up",
                    "keep the clocks of this host, the cathedral and the peers by NTP: timedatectl set-ntp true"));
        } else if (cathedrals.stream().anyMatch(c -> c.heard().isPresent())
                || peers.stream().anyMatch(NodeExamination::isUp)) {
            findings.add(Finding.good("clock", "agrees with the others within ten seconds"));
        }
    }

    private void examineUdp(List<PeerStatus> peers) {
        Set<InetSocketAddress> targets = new LinkedHashSet<>();
        cathedrals.stream().map(CathedralStatus::address).forEach(targets::add);
        peers.forEach(peer -> peer.link().flatMap(LinkStatus::remote).ifPresent(targets::add));
        Map<InetSocketAddress, String> failures = new LinkedHashMap<>();
        for (InetSocketAddress target : targets) {
            try (DatagramSocket socket = new DatagramSocket()) {
                // Too short to mean anything to whom it reaches.
                socket.send(new DatagramPacket(new byte[1], 1, target));
            } catch (IOException | IllegalArgumentException e) {
                failures.put(target, String.valueOf(e.getMessage()));
            }
        }
        failures.forEach((target, message) -> findings.add(Finding.bad(
                "udp",
                "this host cannot send UDP to " + Text.of(target) + ": " + message,
                "tunnels and cathedrals need it",
                "give this host a route (ip route get " + target.getAddress().getHostAddress()
                        + "), and let its firewall pass UDP out")));
        if (failures.isEmpty() && !targets.isEmpty()) {
            findings.add(Finding.good("udp", "this host can send UDP to " + targets.size() + " of the others"));
        }
    }

    private void examineCathedral() {
        for (CathedralStatus cathedral : cathedrals) {
            if (!cathedral.current()) {
                continue;
            }
            String name = Text.of(cathedral.address());
            if (cathedral.heard().isEmpty()) {
                findings.add(Finding.bad(
                        "cathedral",
                        "the cathedral " + name + " has never answered",
                        "it introduces the peers and relays for them",
                        "is its address right, does it run, does UDP reach it, does it know our cs-id and key, is the"
                                + " clock of this host right, does it wear a shroud as we do? Its log tells what it"
                                + " refuses"));
            } else if (cathedral.heard().get().compareTo(SETTLED) > 0) {
                findings.add(Finding.bad(
                        "cathedral",
                        "the cathedral " + name + " was last heard "
                                + Said.duration(cathedral.heard().get()) + " ago",
                        "tunnels that are up go on, but no peer is found anew",
                        "does it run, and does UDP reach it? With a remembrance the node would try others"));
            } else {
                findings.add(Finding.good(
                        "cathedral",
                        name + " answers"
                                + cathedral
                                        .roundTrip()
                                        .map(t -> ", in " + Said.millis(t.toNanos() / 1e6) + " ms")
                                        .orElse("")));
            }
        }
    }

    private void examineLoops(NodeStatus status, List<PeerStatus> peers) {
        if (status.tap().isEmpty()) {
            return;
        }
        String tap = status.tap().get().name();
        Set<InetSocketAddress> targets = new LinkedHashSet<>();
        cathedrals.stream().map(CathedralStatus::address).forEach(targets::add);
        peers.forEach(peer -> peer.link().flatMap(LinkStatus::remote).ifPresent(targets::add));
        for (InetSocketAddress target : targets) {
            String address = target.getAddress().getHostAddress();
            if (Neighbours.route(address).filter(r -> r.device().equals(tap)).isPresent()) {
                findings.add(Finding.bad(
                        "over-itself",
                        "the way to " + Text.of(target) + " leads through " + tap + ": the overlay runs over itself",
                        "each datagram becomes a frame that becomes a datagram, until nothing gets through",
                        "give " + tap + " a network that does not contain " + address
                                + ", or route it elsewhere: ip route add " + address + " via GATEWAY"));
            }
        }
    }

    private static boolean isUp(PeerStatus peer) {
        return peer.link().filter(link -> link.state() == LinkStatus.State.UP).isPresent();
    }

    private void examinePeers(List<PeerStatus> peers) {
        for (PeerStatus peer : peers) {
            String obstacle = Peers.obstacle(peer);
            if (peer.problem().filter(why -> why.contains("this node itself")).isPresent()) {
                findings.add(Finding.bad(
                        "duplicate-kek-id",
                        "a source announces " + peer.id() + ", which is the number of this node",
                        "two devices with one kek-id take each other's place at the cathedral and with every peer",
                        "give one of them another kek-id, with keys and an ambry for it"));
            } else if (obstacle != null) {
                findings.add(Finding.bad(
                        "peer",
                        "peer " + peer.id() + " is not connected: " + obstacle,
                        "no frame crosses to it",
                        "does its node run, with the same flock or secret, and does UDP pass between both or to the"
                                + " cathedral? Ask its doctor, too"));
            } else if (peer.link().get().path() == LinkStatus.Path.RELAY) {
                boolean young = peer.link().get().stateSince().compareTo(SETTLED) < 0;
                findings.add(Finding.note(
                        "relayed",
                        "peer " + peer.id() + " is reached through the cathedral"
                                + (young ? ", so far: addresses are disclosed after some 15 s" : ""),
                        "the way is longer, and the cathedral's line carries it",
                        young
                                ? "wait"
                                : "the cathedral disclosed no address, because the NAT of one side gives each"
                                        + " destination another port, or nothing came through on the direct way: let"
                                        + " a firewall pass UDP, or forward a port"));
            } else {
                findings.add(Finding.good(
                        "peer",
                        peer.id() + " is up, direct to "
                                + Text.of(peer.link().get().remote().orElseThrow())));
            }
        }
    }

    private void examineNat(List<PeerStatus> peers) {
        Optional<InetSocketAddress> cathedral = cathedrals.stream()
                .filter(CathedralStatus::current)
                .map(CathedralStatus::address)
                .filter(address -> !address.isUnresolved())
                .findFirst();
        cathedral.ifPresent(towards -> findings.add(nat(
                ownAddress(towards),
                towards.getAddress(),
                peers.stream()
                        .filter(NodeExamination::isUp)
                        .flatMap(peer -> peer.link().stream())
                        .filter(link -> link.stateSince().compareTo(SETTLED) >= 0)
                        .toList())));
    }

    /**
     * What address translation there is, as it shows in who is reached how: cathedrals tell nobody his own address reliably.
     *
     * @param own address of this host towards the cathedral; null if it has none
     * @param settled links that have been up for so long that their paths no longer change
     */
    static Finding nat(InetAddress own, InetAddress cathedral, List<LinkStatus> settled) {
        if (own == null || !own.isSiteLocalAddress() || cathedral.isSiteLocalAddress()) {
            return Finding.good("nat", "no address translation between this host and the cathedral is apparent");
        }
        boolean direct = settled.stream()
                .anyMatch(link -> link.path() == LinkStatus.Path.DIRECT
                        && link.remote()
                                .filter(to -> !to.getAddress().isSiteLocalAddress())
                                .isPresent());
        boolean relayed = settled.stream().anyMatch(link -> link.path() == LinkStatus.Path.RELAY);
        if (direct) {
            return Finding.good("nat", "this host is behind a NAT that peers get through");
        }
        return relayed
                ? Finding.note(
                        "nat",
                        "this host (" + own.getHostAddress() + ") is behind a NAT, and no peer gets through it",
                        "a NAT that gives each destination another port (symmetric) leaves only the relay",
                        "forward a UDP port to this host, turn on endpoint-independent mapping, or use IPv6 peers")
                : Finding.note(
                        "nat",
                        "this host (" + own.getHostAddress()
                                + ") is behind a NAT, of what kind shows once a peer is up",
                        "some kinds leave only the relay",
                        "ask again when a peer has been up for half a minute");
    }

    private static InetAddress ownAddress(InetSocketAddress towards) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(towards);
            return socket.getLocalAddress();
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private void examineDuplicates(NodeStatus status, List<PeerStatus> peers) {
        if (status.tap().isEmpty()) {
            return;
        }
        long own = status.tap().get().mac();
        Set<String> tunnels = new LinkedHashSet<>();
        for (PortStatus port : vswitch.ports()) {
            if (port.kind() == PortKind.TUNNEL) {
                tunnels.add(port.name());
            }
        }
        for (MacEntry entry : vswitch.macs()) {
            if (!tunnels.contains(entry.port())) {
                continue;
            }
            if (entry.mac() == own) {
                findings.add(Finding.bad(
                        "duplicate-mac",
                        "a frame with the address of this host, " + Ethernet.format(own) + ", came from "
                                + entry.port(),
                        "hosts send what is for one of the two to the other",
                        "look for a copied configuration or a bridge loop behind that peer; each device has a kek-id"
                                + " and cs-id of its own"));
            } else if (isTier6(entry.mac()) && kekId(entry.mac()) == kekId(own) && isTier6(own)) {
                findings.add(Finding.bad(
                        "duplicate-kek-id",
                        "behind " + entry.port() + " lives " + Ethernet.format(entry.mac())
                                + ", which has the kek-id of this node in its address",
                        "two devices with one kek-id take each other's place at the cathedral and with every peer",
                        "give one of them another kek-id, with keys and an ambry for it"));
            }
        }
    }

    /** Addresses that nodes give their interfaces: 06, kek-id, cs-id (specification section 17.1). */
    private static boolean isTier6(long mac) {
        return mac >>> 40 == 0x06;
    }

    private static int kekId(long mac) {
        return (int) (mac >>> 32) & 0xff;
    }

    /** Small probes that are answered where those as large as a frame are not tell of a path that is too narrow. */
    private void examineMtu(NodeStatus status, List<PeerStatus> peers) throws InterruptedException {
        if (status.tap().isEmpty()) {
            return;
        }
        int large = status.tap().get().mtu() + Ethernet.HEADER + Ethernet.VLAN_TAG;
        boolean any = false;
        boolean narrow = false;
        for (PeerStatus peer : peers) {
            if (!isUp(peer) || !isAnswered(peer, SMALL_PROBE)) {
                continue;
            }
            any = true;
            if (!isAnswered(peer, large)) {
                narrow = true;
                findings.add(Finding.bad(
                        "mtu",
                        "small probes to peer " + peer.id() + " are answered, those of " + large + " bytes are not",
                        "large frames vanish: a connection opens, and stalls as soon as data flows",
                        "set the option mtu to less than " + status.tap().get().mtu()
                                + " on both sides; try tier6 ping " + peer.id() + " -s BYTES to find how much"));
            }
        }
        if (any && !narrow) {
            findings.add(Finding.good("mtu", "full frames of " + large + " bytes get through"));
        }
    }

    private boolean isAnswered(PeerStatus peer, int size) throws InterruptedException {
        for (int turn = 0; turn < PROBE_TURNS; turn++) {
            CompletableFuture<Duration> answer = node.probe(peer.id(), size);
            try {
                answer.get(PROBE_MILLIS, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException | ExecutionException e) {
                // Another turn.
            } finally {
                answer.cancel(false);
            }
        }
        return false;
    }
}
