package tier6.shell.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tier6.api.discovery.CathedralDirectory;
import tier6.api.discovery.CathedralStatus;
import tier6.api.node.DeviceNames;
import tier6.api.node.Node;
import tier6.api.node.NodeStatus;
import tier6.api.node.PeerStatus;
import tier6.api.node.RoleStatus;
import tier6.api.node.RoleStatus.Backend;
import tier6.api.node.SourceStatus;
import tier6.api.peer.PeerId;
import tier6.api.transport.LinkStatus;
import tier6.api.vswitch.Egress;
import tier6.api.vswitch.MacEntry;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.PortStatus;
import tier6.api.vswitch.SwitchPort;
import tier6.api.vswitch.VirtualSwitch;

/** A node, a switch and cathedrals that say things as long as they get. */
final class Sample {
    static final long FLOCK = 0xc0ffee1234567800L;
    static final PeerId UP = new PeerId(FLOCK, 2);
    static final PeerId UNLINKED = new PeerId(FLOCK, 0xfe);
    static final InetSocketAddress LONG_ADDRESS =
            new InetSocketAddress("2001:db8:1234:5678:9abc:def0:1234:5678", 65535);
    static final String PROBLEM =
            "there is no transport for peers without a secret: install one that can, or give the peer a secret file";

    private Sample() {}

    static Node node() {
        LinkStatus link = new LinkStatus(
                UP,
                LinkStatus.State.UP,
                LinkStatus.Path.DIRECT,
                Optional.of(LONG_ADDRESS),
                Optional.of(new InetSocketAddress("203.0.113.255", 65535)),
                Duration.ofHours(100),
                Optional.of(Duration.ofMinutes(59).plusSeconds(9)),
                Optional.of(Duration.ofMillis(250)),
                Map.of("frames-in", Long.MAX_VALUE, "drop-replayed", 0L));
        NodeStatus status = new NodeStatus(
                Duration.ofSeconds(192),
                Optional.of(new NodeStatus.TapStatus("linux", "tier6", 0x06010a000001L, 1408)),
                Optional.of(PROBLEM),
                Map.of("tap", "linux", "transport", "sanctum", "switch", "tier6.vswitch"),
                Map.of("tap.frames-in", 7L, "transport.drop-malformed", 0L));
        return new Node() {
            @Override
            public NodeStatus status() {
                return status;
            }

            @Override
            public List<PeerStatus> peers() {
                return List.of(
                        new PeerStatus(UP, UP.toString(), List.of("cathedral"), Optional.of(link), Optional.empty()),
                        new PeerStatus(
                                UNLINKED,
                                UNLINKED.toString(),
                                List.of("static"),
                                Optional.empty(),
                                Optional.of(PROBLEM)));
            }

            @Override
            public List<SourceStatus> sources() {
                return List.of(new SourceStatus(
                        "cathedral",
                        "tier6.discovery.cathedral 0.1.0.SNAPSHOT",
                        253,
                        "asks 203.0.113.255:65535, which \"answered\" 4s ago, and keeps 253 peers"));
            }

            @Override
            public List<RoleStatus> roles() {
                Backend memory = new Backend("memory", "tier6.tap.memory 0.1.0.SNAPSHOT");
                return List.of(
                        new RoleStatus(
                                "tap",
                                Optional.of(new Backend("linux@0.1.0.SNAPSHOT", "tier6.tap.linux 0.1.0.SNAPSHOT")),
                                Duration.ofMinutes(7),
                                List.of(new Backend("linux@0.2.0", "tier6.tap.linux 0.2.0"), memory),
                                Optional.of(memory),
                                Optional.of(PROBLEM)),
                        new RoleStatus(
                                "underlay",
                                Optional.empty(),
                                Duration.ZERO,
                                List.of(),
                                Optional.empty(),
                                Optional.empty()));
            }

            @Override
            public void swap(String role, String backend) throws IOException {
                if (!role.equals("tap")) {
                    throw new IllegalArgumentException("there is no role \"" + role + "\"");
                }
                if (!backend.equals(BACK)) {
                    throw new IOException(PROBLEM);
                }
            }
        };
    }

    static VirtualSwitch vswitch() {
        return new VirtualSwitch() {
            @Override
            public SwitchPort attach(String name, PortKind kind, Egress egress) {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<PortStatus> ports() {
                return List.of(
                        new PortStatus("local", PortKind.LOCAL, 1, Map.of("frames-in", 12L, "bytes-in", 1234L)),
                        new PortStatus(
                                UP.toString(),
                                PortKind.TUNNEL,
                                4096,
                                Map.of(
                                        "frames-in", 12_345_678_901L,
                                        "frames-out", 12_345_678_901L,
                                        "bytes-in", 9_999_949_999L,
                                        "bytes-out", Long.MAX_VALUE,
                                        "drop-own", 40L,
                                        "drop-type", 2L)));
            }

            @Override
            public List<MacEntry> macs() {
                return List.of(
                        new MacEntry(0x06020a000001L, UP.toString(), Duration.ofSeconds(299)),
                        new MacEntry(0x06010a000001L, "local", Duration.ofMillis(12)));
            }

            @Override
            public Optional<String> lookup(long mac) {
                throw new UnsupportedOperationException();
            }

            @Override
            public Map<String, Long> counters() {
                return Map.of("flooded", 3L);
            }
        };
    }

    static DeviceNames names() {
        return () -> List.of(new DeviceNames.Device(
                UP,
                "laptop",
                "laptop.home.t6",
                List.of(new InetSocketAddress("100.64.7.2", 0).getAddress(), LONG_ADDRESS.getAddress())));
    }

    static CathedralDirectory cathedrals() {
        return () -> List.of(
                new CathedralStatus(
                        LONG_ADDRESS, true, Optional.of(Duration.ofSeconds(4)), Optional.of(Duration.ofNanos(349_000))),
                new CathedralStatus(
                        new InetSocketAddress("127.0.0.1", 4501), false, Optional.empty(), Optional.empty()));
    }

    static Commands commands() {
        Commands commands = new Commands();
        commands.node = node();
        commands.vswitch = vswitch();
        commands.names = names();
        commands.directories = List.of(cathedrals());
        return commands;
    }
}
