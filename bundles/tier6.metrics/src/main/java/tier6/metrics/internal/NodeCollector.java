package tier6.metrics.internal;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import tier6.api.discovery.CathedralStatus;
import tier6.api.frame.Ethernet;
import tier6.api.node.Node;
import tier6.api.node.NodeStatus;
import tier6.api.node.PeerStatus;
import tier6.api.transport.LinkStatus;
import tier6.api.vswitch.VirtualSwitch;
import tier6.json.RoundTrips;
import tier6.json.Text;

/** A node as metrics, from snapshots that are taken when somebody asks. Names as docs/http.md lists them. Any thread. */
final class NodeCollector implements MultiCollector {
    private static final String IN = "-in";
    private static final String OUT = "-out";
    private static final String DROP = "drop-";
    private static final String NANOS = "nanos-";
    private static final String BATCH = "batch-";

    /** What a switch and a transport have now, among what they count. */
    private static final Set<String> GAUGES = Set.of("ports", "macs", "links");

    private final RoundTrips roundTrips = new RoundTrips();
    private final Supplier<Node> node;
    private final Supplier<VirtualSwitch> vswitch;
    private final Supplier<List<CathedralStatus>> cathedrals;

    /** Each but the last may give null, for what is not there. */
    NodeCollector(Supplier<Node> node, Supplier<VirtualSwitch> vswitch, Supplier<List<CathedralStatus>> cathedrals) {
        this.node = node;
        this.vswitch = vswitch;
        this.cathedrals = cathedrals;
    }

    @Override
    public MetricSnapshots collect() {
        Families families = new Families();
        Optional.ofNullable(node.get()).ifPresent(present -> {
            describe(families, present.status());
            peers(families, present.peers());
            roundTrips
                    .look(present)
                    .forEach((peer, time) -> families.gauge(
                            "tier6_link_round_trip_seconds",
                            "To a peer and back, as measured since the scrape before.",
                            seconds(time),
                            "peer",
                            peer.toString()));
            present.sources()
                    .forEach(source -> families.gauge(
                            "tier6_source_peers",
                            "Peers that a discovery source announces.",
                            source.peers(),
                            "source",
                            source.name()));
        });
        Optional.ofNullable(vswitch.get()).ifPresent(present -> ports(families, present));
        cathedrals.get().forEach(cathedral -> describe(families, cathedral));
        return families.snapshots();
    }

    private static void describe(Families families, NodeStatus status) {
        families.gauge("tier6_uptime_seconds", "Since the node was configured.", seconds(status.uptime()));
        families.gauge(
                "tier6_problem",
                "Whether something stands in the way; tier6:status says what.",
                status.problem().isPresent() ? 1 : 0);
        families.gauge(
                "tier6_tap_up", "Whether the interface is open.", status.tap().isPresent() ? 1 : 0);
        status.tap().ifPresent(tap -> {
            families.gauge("tier6_tap_mtu_bytes", "MTU of the interface.", tap.mtu());
            families.info(
                    "tier6_tap",
                    "The interface.",
                    "name",
                    tap.name(),
                    "mac",
                    Ethernet.format(tap.mac()),
                    "driver",
                    tap.driver());
        });
        status.backends()
                .forEach((role, backend) ->
                        families.info("tier6_backend", "What serves a role.", "role", role, "backend", backend));
        status.counters().forEach((name, value) -> {
            int dot = name.indexOf('.');
            count(families, name.substring(0, dot), name.substring(dot + 1), value);
        });
    }

    private static void peers(Families families, List<PeerStatus> peers) {
        for (LinkStatus.Path path : LinkStatus.Path.values()) {
            families.gauge(
                    "tier6_peers",
                    "Peers that are known, by how they are reached.",
                    peers.stream().filter(peer -> path(peer) == path).count(),
                    "path",
                    Text.of(path));
        }
        for (PeerStatus peer : peers) {
            String id = peer.id().toString();
            peer.link().ifPresent(link -> describe(families, id, link));
        }
    }

    /** Nothing crosses a link that is not up, whatever path it would take. */
    private static LinkStatus.Path path(PeerStatus peer) {
        return peer.link()
                .filter(link -> link.state() == LinkStatus.State.UP)
                .map(LinkStatus::path)
                .orElse(LinkStatus.Path.NONE);
    }

    private static void describe(Families families, String peer, LinkStatus link) {
        families.gauge(
                "tier6_link_up",
                "Whether frames can cross.",
                link.state() == LinkStatus.State.UP ? 1 : 0,
                "peer",
                peer);
        for (LinkStatus.Path path : LinkStatus.Path.values()) {
            families.gauge(
                    "tier6_link_path",
                    "1 for the way that datagrams take to a peer.",
                    link.path() == path ? 1 : 0,
                    "peer",
                    peer,
                    "path",
                    Text.of(path));
        }
        families.gauge(
                "tier6_link_state_age_seconds",
                "How long a link has been in its state.",
                seconds(link.stateSince()),
                "peer",
                peer);
        link.keyAge()
                .ifPresent(age -> families.gauge(
                        "tier6_link_key_age_seconds", "Age of the key for sending.", seconds(age), "peer", peer));
        link.heard()
                .ifPresent(heard -> families.gauge(
                        "tier6_link_silence_seconds",
                        "Since the last authentic datagram of a peer.",
                        seconds(heard),
                        "peer",
                        peer));
        link.counters().forEach((name, value) -> count(families, "link", name, value, "peer", peer));
    }

    private static void ports(Families families, VirtualSwitch vswitch) {
        vswitch.ports().forEach(port -> {
            families.gauge(
                    "tier6_port_addresses",
                    "Hardware addresses learned on a port.",
                    port.macs(),
                    "port",
                    port.name(),
                    "kind",
                    Text.of(port.kind()));
            port.counters().forEach((name, value) -> count(families, "port", name, value, "port", port.name()));
        });
        vswitch.counters().forEach((name, value) -> {
            count(families, "switch", name, value);
        });
    }

    private static void describe(Families families, CathedralStatus cathedral) {
        String address = Text.of(cathedral.address());
        families.gauge(
                "tier6_cathedral_in_use",
                "Whether the node asks and relays through a cathedral.",
                cathedral.current() ? 1 : 0,
                "cathedral",
                address);
        cathedral
                .heard()
                .ifPresent(heard -> families.gauge(
                        "tier6_cathedral_silence_seconds",
                        "Since the last authentic answer.",
                        seconds(heard),
                        "cathedral",
                        address));
        cathedral
                .roundTrip()
                .ifPresent(time -> families.gauge(
                        "tier6_cathedral_round_trip_seconds",
                        "From question to answer, last measured.",
                        seconds(time),
                        "cathedral",
                        address));
    }

    /** A counter of the shell as a metric: {@code drop-no-key} of a link as {@code tier6_link_drops{reason="no-key"}}. */
    private static void count(Families families, String owner, String name, long value, String... labels) {
        String prefix = "tier6_" + owner + "_";
        String of = " of the " + (labels.length == 0 ? owner : "same " + owner);
        if (GAUGES.contains(name)) {
            families.gauge(prefix + name, "How many there are now" + of + ".", value, labels);
        } else if (name.startsWith(DROP)) {
            families.counter(
                    prefix + "drops", "Dropped" + of + ", by reason.", value, with(labels, "reason", rest(name, DROP)));
        } else if (name.startsWith(NANOS)) {
            families.counter(
                    prefix + "work_seconds",
                    "Time spent" + of + ", measured one time in sixteen, by what for.",
                    value / 1e9,
                    with(labels, "work", rest(name, NANOS)));
        } else if (name.startsWith(BATCH)) {
            String[] parts = rest(name, BATCH).split("-");
            families.counter(
                    prefix + "batches",
                    "Batches" + of + " of at least so many frames and less than twice as many.",
                    value,
                    with(with(labels, "direction", parts[0]), "frames", parts[1]));
        } else if (name.endsWith(IN) || name.endsWith(OUT)) {
            boolean in = name.endsWith(IN);
            String what = name.substring(0, name.lastIndexOf('-'));
            families.counter(
                    prefix + underscored(what),
                    "The counters " + what + IN + " and " + what + OUT + of + ".",
                    value,
                    with(labels, "direction", in ? "in" : "out"));
        } else {
            families.counter(prefix + underscored(name), "The counter " + name + of + ".", value, labels);
        }
    }

    private static String rest(String name, String beginning) {
        return name.substring(beginning.length());
    }

    private static String underscored(String name) {
        return name.replace('-', '_');
    }

    private static String[] with(String[] labels, String name, String value) {
        String[] more = Arrays.copyOf(labels, labels.length + 2);
        more[labels.length] = name;
        more[labels.length + 1] = value;
        return more;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
