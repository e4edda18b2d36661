package tier6.shell.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tier6.api.discovery.CathedralDirectory;
import tier6.api.discovery.CathedralStatus;
import tier6.api.frame.Ethernet;
import tier6.api.node.DeviceNames;
import tier6.api.node.Node;
import tier6.api.node.NodeStatus;
import tier6.api.node.PeerStatus;
import tier6.api.node.RoleStatus;
import tier6.api.node.SourceStatus;
import tier6.api.transport.LinkStatus;
import tier6.api.vswitch.MacEntry;
import tier6.api.vswitch.PortStatus;
import tier6.api.vswitch.VirtualSwitch;
import tier6.json.Counted;
import tier6.json.Json;
import tier6.json.Listed;

/**
 * The commands of scope {@code tier6}. Each returns its text, which Gogo prints, pipes or assigns. Any thread; what a
 * command needs may come and go.
 */
@Component(
        service = Commands.class,
        property = {
            "osgi.command.scope=tier6",
            "osgi.command.function=status",
            "osgi.command.function=peers",
            "osgi.command.function=names",
            "osgi.command.function=macs",
            "osgi.command.function=ports",
            "osgi.command.function=sources",
            "osgi.command.function=cathedrals",
            "osgi.command.function=counters",
            "osgi.command.function=swap",
            "osgi.command.function=help"
        })
public final class Commands {
    private static final String NO_NODE =
            "The node is not running: bundle tier6.mesh is missing or has no configuration. See lb and scr:list.";
    private static final String NO_SWITCH =
            "There is no switch: bundle tier6.vswitch is missing or not started. See lb and scr:list.";
    private static final String NO_NAMES =
            "Devices have no names here: 'tier6 up' and 'tier6 join' give them, where the network has addresses.";
    private static final String NO_CATHEDRALS = "No source here uses a cathedral. See tier6:sources.";

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Node node;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile VirtualSwitch vswitch;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile DeviceNames names;

    @Reference(policy = ReferencePolicy.DYNAMIC)
    volatile List<CathedralDirectory> directories = List.of();

    private volatile BundleContext context;

    @Activate
    void activate(BundleContext here) {
        context = here;
    }

    /** The node as a whole. */
    @Descriptor("the node in a few lines: interface, peers, cathedrals, what is wrong")
    public String status(CommandSession session, @Descriptor("--json, -h") String... arguments) {
        return answer(session, Command.STATUS, arguments, () -> node, NO_NODE, node -> node.status(), (node, all) -> {
            NodeStatus status = node.status();
            Table table = Table.plain(2).row("uptime", Words.duration(status.uptime()));
            table.row(
                    "interface",
                    status.tap()
                            .map(tap -> "%s, %s, MTU %d, driver %s"
                                    .formatted(tap.name(), Ethernet.format(tap.mac()), tap.mtu(), tap.driver()))
                            .orElse("none"));
            table.row("peers", summary(node.peers()));
            Listed.cathedrals(directories).stream()
                    .filter(CathedralStatus::current)
                    .forEach(c -> table.row("cathedral", use(c)));
            status.backends().forEach((role, backend) -> {
                if (!role.equals("tap")) {
                    table.row(role, backend);
                }
            });
            status.problem().ifPresent(problem -> table.row("problem", problem));
            return table;
        });
    }

    /** The peers and their links. */
    @Descriptor("the other nodes: state of the tunnel, path, age of its key, last sign of life")
    public String peers(CommandSession session, @Descriptor("--json, -h") String... arguments) {
        return answer(session, Command.PEERS, arguments, () -> node, NO_NODE, Node::peers, (node, all) -> {
            List<PeerStatus> peers = node.peers();
            Table table = Table.of("PEER", "STATE", ">SINCE", "PATH", "REMOTE", ">KEY", ">HEARD");
            peers.forEach(peer -> table.row(cells(peer)));
            return peers.isEmpty() ? sentence("No source announces a peer yet. See tier6:sources.") : table;
        });
    }

    private static String[] cells(PeerStatus peer) {
        return peer.link()
                .map(link -> new String[] {
                    peer.id().toString(),
                    Words.constant(link.state()),
                    Words.duration(link.stateSince()),
                    Words.constant(link.path()),
                    Words.address(link.remote()),
                    Words.duration(link.keyAge()),
                    Words.duration(link.heard())
                })
                .orElseGet(() -> new String[] {
                    peer.id().toString(), "no link", "", "", peer.problem().orElse(Words.NONE), "", ""
                });
    }

    /** What the devices are called. */
    @Descriptor("the devices of the network that were heard of: their names and addresses")
    public String names(CommandSession session, @Descriptor("--json, -h") String... arguments) {
        return answer(session, Command.NAMES, arguments, () -> names, NO_NAMES, DeviceNames::devices, (names, all) -> {
            Table table = Table.of("NO", "DEVICE", "ADDRESSES");
            names.devices()
                    .forEach(device -> table.row(
                            "%02x".formatted(device.id().device()),
                            device.fullName(),
                            device.addresses().stream()
                                    .map(InetAddress::getHostAddress)
                                    .collect(Collectors.joining(" "))));
            return table;
        });
    }

    /** The addresses that the switch has learned. */
    @Descriptor("the addresses that the switch has learned, and behind which port")
    public String macs(CommandSession session, @Descriptor("--json, -h") String... arguments) {
        return answer(session, Command.MACS, arguments, () -> vswitch, NO_SWITCH, Listed::macs, (vswitch, all) -> {
            List<MacEntry> macs = Listed.macs(vswitch);
            Table table = Table.of("MAC", "PORT", ">IDLE");
            macs.forEach(mac -> table.row(Ethernet.format(mac.mac()), mac.port(), Words.duration(mac.idle())));
            return macs.isEmpty() ? sentence("No address is learned.") : table;
        });
    }

    /** The switch's ports. */
    @Descriptor("the ports of the switch, with their traffic")
    public String ports(CommandSession session, @Descriptor("--json, -h") String... arguments) {
        return answer(
                session, Command.PORTS, arguments, () -> vswitch, NO_SWITCH, VirtualSwitch::ports, (vswitch, all) -> {
                    List<PortStatus> ports = vswitch.ports();
                    Table table =
                            Table.of("PORT", "KIND", ">MACS", ">FRAMES IN", ">OUT", ">BYTES IN", ">OUT", ">DROPPED");
                    for (PortStatus port : ports) {
                        Map<String, Long> counters = port.counters();
                        table.row(
                                port.name(),
                                Words.constant(port.kind()),
                                Integer.toString(port.macs()),
                                Long.toString(counters.getOrDefault("frames-in", 0L)),
                                Long.toString(counters.getOrDefault("frames-out", 0L)),
                                Words.bytes(counters.getOrDefault("bytes-in", 0L)),
                                Words.bytes(counters.getOrDefault("bytes-out", 0L)),
                                Long.toString(dropped(counters)));
                    }
                    return ports.isEmpty() ? sentence("The switch has no port yet. See tier6:status.") : table;
                });
    }

    private static long dropped(Map<String, Long> counters) {
        return counters.entrySet().stream()
                .filter(counter -> counter.getKey().startsWith("drop"))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The discovery sources. */
    @Descriptor("where the knowledge about peers comes from")
    public String sources(CommandSession session, @Descriptor("--json, -h") String... arguments) {
        return answer(session, Command.SOURCES, arguments, () -> node, NO_NODE, Node::sources, (node, all) -> {
            List<SourceStatus> sources = node.sources();
            Table table = Table.of("SOURCE", ">PEERS", "BUNDLE", "STATUS");
            sources.forEach(source ->
                    table.row(source.name(), Integer.toString(source.peers()), source.bundle(), source.status()));
            return sources.isEmpty() ? sentence("There is no discovery source: no peer will be found.") : table;
        });
    }

    /** The cathedrals. */
    @Descriptor("the cathedrals known, and which one is in use")
    public String cathedrals(CommandSession session, @Descriptor("--json, -h") String... arguments) {
        return answer(
                session,
                Command.CATHEDRALS,
                arguments,
                () -> directories.isEmpty() ? null : directories,
                NO_CATHEDRALS,
                Listed::cathedrals,
                (directories, all) -> {
                    List<CathedralStatus> cathedrals = Listed.cathedrals(directories);
                    Table table = Table.of("CATHEDRAL", "IN USE", ">HEARD", ">ROUND TRIP");
                    cathedrals.forEach(cathedral -> table.row(
                            Words.address(cathedral.address()),
                            cathedral.current() ? "yes" : "no",
                            Words.duration(cathedral.heard()),
                            Words.roundTrip(cathedral.roundTrip())));
                    return cathedrals.isEmpty() ? sentence("No cathedral is known. See tier6:sources.") : table;
                });
    }

    /** All counters of everything. */
    @Descriptor("every counter that is not zero: of the interface, transport, links, switch and its ports")
    public String counters(CommandSession session, @Descriptor("--json, -a, -h") String... arguments) {
        return answer(
                session,
                Command.COUNTERS,
                arguments,
                () -> node == null && vswitch == null ? null : this,
                NO_NODE,
                here -> here.allCounters(),
                (here, all) -> {
                    Table table = Table.of("COUNTER", ">VALUE");
                    Map<String, Long> counters = here.allCounters();
                    counters.values().removeIf(value -> value == 0 && !all);
                    counters.forEach((name, value) -> table.row(name, Long.toString(value)));
                    return counters.isEmpty() ? sentence("Nothing has been counted yet.") : table;
                });
    }

    private Map<String, Long> allCounters() {
        return Counted.all(node, vswitch);
    }

    /** The roles, and who has them; gives one away. */
    @Descriptor("what serves in each role and since when; gives a role to another backend")
    public String swap(CommandSession session, @Descriptor("--json, -h, ROLE, BACKEND") String... arguments)
            throws IOException {
        List<String> words = Stream.of(arguments)
                .filter(argument -> !argument.startsWith("-"))
                .toList();
        String[] options = Stream.of(arguments)
                .filter(argument -> argument.startsWith("-"))
                .toArray(String[]::new);
        if (words.size() > 2) {
            throw new BadArgument(
                    "swap takes a role and a backend, not also \"%s\". See tier6:swap --help".formatted(words.get(2)));
        }
        Node present = node;
        boolean meant = !Options.parse("swap", Command.SWAP.options(), options).help() && present != null;
        if (meant && !words.isEmpty()) {
            requireRole(present, words.get(0));
        }
        if (meant && words.size() == 2) {
            present.swap(words.get(0), words.get(1));
        }
        Predicate<RoleStatus> asked = role -> words.isEmpty() || words.get(0).equals(role.role());
        return answer(
                session,
                Command.SWAP,
                options,
                () -> node,
                NO_NODE,
                node -> Map.of("roles", roles(node, asked), "failed", failed()),
                (node, all) -> {
                    Table table = Table.of("ROLE", "SERVES", ">SINCE", "BUNDLE", "ALTERNATIVES");
                    roles(node, asked).forEach(role -> table.row(cells(role)));
                    return table;
                },
                node -> Stream.concat(roles(node, asked).stream().flatMap(Commands::trouble), failed().stream())
                        .toList());
    }

    private static void requireRole(Node node, String word) {
        List<String> roles =
                node.roles().stream().map(RoleStatus::role).distinct().toList();
        if (!roles.contains(word)) {
            throw new BadArgument("swap knows no role \"%s\". There are %s. See tier6:swap --help"
                    .formatted(word, String.join(", ", roles)));
        }
    }

    private static List<RoleStatus> roles(Node node, Predicate<RoleStatus> asked) {
        return node.roles().stream().filter(asked).toList();
    }

    private static String[] cells(RoleStatus role) {
        String alternatives = role.alternatives().stream()
                .map(other -> other.name() + (role.former().equals(Optional.of(other)) ? "*" : ""))
                .collect(Collectors.joining(", "));
        return new String[] {
            role.role(),
            role.serving().map(RoleStatus.Backend::name).orElse("nobody"),
            Words.duration(role.since()),
            role.serving().map(RoleStatus.Backend::bundle).orElse(Words.NONE),
            alternatives.isEmpty() ? Words.NONE : alternatives
        };
    }

    private static Stream<String> trouble(RoleStatus role) {
        return role.problem().map(problem -> role.role() + ": " + problem).stream();
    }

    /** Bundles that ought to run and do not. */
    private List<String> failed() {
        BundleContext here = context;
        return here == null
                ? List.of()
                : Stream.of(here.getBundles())
                        .filter(bundle -> bundle.adapt(BundleRevision.class) != null
                                && bundle.adapt(BundleRevision.class).getTypes() != BundleRevision.TYPE_FRAGMENT
                                && bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()
                                && (bundle.getState() & (Bundle.INSTALLED | Bundle.RESOLVED)) != 0)
                        .map(bundle -> "bundle %s %s does not run: %s; the log says more"
                                .formatted(
                                        bundle.getSymbolicName(),
                                        bundle.getVersion(),
                                        bundle.getState() == Bundle.INSTALLED
                                                ? "what it imports is not all there"
                                                : "its start failed"))
                        .toList();
    }

    /** All commands. */
    @Descriptor("these commands")
    public String help(CommandSession session, @Descriptor("-h, or a command") String... arguments) {
        if (arguments.length == 1 && !arguments[0].startsWith("-")) {
            return Command.named(arguments[0]).help();
        }
        if (Options.parse("help", List.of("-h", "--help"), arguments).help()) {
            return Command.HELP.help();
        }
        Table table = Table.plain(2);
        for (Command command : Command.values()) {
            table.row("tier6:" + command.word(), command.summary());
        }
        others(session).forEach(name -> table.row(name, "from another bundle: " + name + " --help"));
        return table.render(Table.width(session))
                + "\n\nEach takes --help, and all but this one --json. The scope may be left out.";
    }

    /** The commands of scope tier6 that are not of this bundle. */
    private static List<String> others(CommandSession session) {
        Set<String> own = Stream.of(Command.values())
                .map(command -> "tier6:" + command.word())
                .collect(Collectors.toSet());
        return session.get(".commands") instanceof Collection<?> all
                ? all.stream()
                        .map(Object::toString)
                        .filter(name -> name.startsWith("tier6:") && !own.contains(name))
                        .sorted()
                        .toList()
                : List.of();
    }

    private static String use(CathedralStatus cathedral) {
        return Words.address(cathedral.address())
                + cathedral
                        .heard()
                        .map(heard -> ", heard " + Words.duration(heard) + " ago")
                        .orElse(", not heard yet");
    }

    private static String summary(List<PeerStatus> peers) {
        List<LinkStatus> up = peers.stream()
                .flatMap(peer -> peer.link().stream())
                .filter(link -> link.state() == LinkStatus.State.UP)
                .toList();
        long direct = up.stream()
                .filter(link -> link.path() == LinkStatus.Path.DIRECT)
                .count();
        long relayed =
                up.stream().filter(link -> link.path() == LinkStatus.Path.RELAY).count();
        return peers.isEmpty()
                ? "none"
                : "%d known, %d up: %d direct, %d relayed".formatted(peers.size(), up.size(), direct, relayed);
    }

    private static Table sentence(String sentence) {
        return Table.plain(1).row(sentence);
    }

    /** What people see; the flag says whether to leave nothing out. */
    private interface View<T> {
        Table of(T service, boolean all);
    }

    /** The frame of every command: arguments, help, a service that may be missing, two ways to show what it says. */
    private static <T> String answer(
            CommandSession session,
            Command command,
            String[] arguments,
            Supplier<T> service,
            String missing,
            Function<T, Object> json,
            View<T> view) {
        return answer(session, command, arguments, service, missing, json, view, present -> List.of());
    }

    /** As the other one, with sentences below the table. */
    private static <T> String answer(
            CommandSession session,
            Command command,
            String[] arguments,
            Supplier<T> service,
            String missing,
            Function<T, Object> json,
            View<T> view,
            Function<T, List<String>> below) {
        Options options = Options.parse(command.word(), command.options(), arguments);
        if (options.help()) {
            return command.help();
        }
        T present = service.get();
        if (present == null) {
            return options.json() ? Json.write(Map.of("problem", missing)) : missing;
        }
        if (options.json()) {
            return Json.write(json.apply(present));
        }
        int width = Table.width(session);
        String table = view.of(present, options.all()).render(width);
        return Stream.concat(
                        Stream.of(table),
                        below.apply(present).stream().flatMap(line -> Table.wrap(line, width).stream()))
                .collect(Collectors.joining("\n"));
    }
}
