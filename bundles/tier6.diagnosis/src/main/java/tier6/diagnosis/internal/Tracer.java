package tier6.diagnosis.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tier6.api.frame.Ethernet;
import tier6.api.node.DeviceNames;
import tier6.api.node.Node;
import tier6.api.node.NodeStatus;
import tier6.api.node.PeerStatus;
import tier6.api.transport.LinkStatus;
import tier6.api.vswitch.MacEntry;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.PortStatus;
import tier6.api.vswitch.SwitchRules;
import tier6.api.vswitch.VirtualSwitch;
import tier6.diagnosis.Way;
import tier6.diagnosis.Way.End;
import tier6.json.Text;

/** Follows a frame from this host to an address, through what the node knows now. Sends no frame to it. */
final class Tracer {
    private final Node node;
    private final VirtualSwitch vswitch;
    private final DeviceNames names;
    private final List<String> steps = new ArrayList<>();
    private String target;
    private Optional<String> mac = Optional.empty();

    /** @param names null if devices have none here */
    Tracer(Node node, VirtualSwitch vswitch, DeviceNames names) {
        this.node = node;
        this.vswitch = vswitch;
        this.names = names;
    }

    /**
     * Follows a frame.
     *
     * @param to a hardware address, an IP address, or the name of a device
     * @param etherType of the frame, or -1 for that of IP
     * @throws IllegalArgumentException if {@code to} is none of these
     */
    Way follow(String to, int etherType) throws IOException, InterruptedException {
        target = to;
        Optional<NodeStatus.TapStatus> tap = node.status().tap();
        if (to.matches("[0-9a-fA-F]{2}([:-][0-9a-fA-F]{2}){5}")) {
            return from(tap, Ethernet.parse(to.toLowerCase(Locale.ROOT).replace('-', ':')), etherType);
        }
        Optional<DeviceNames.Device> device = Peers.find(names, to);
        if (device.isPresent()) {
            // Whoever has a name has an IPv6 address, but a host that has another way to the IPv4 network has none
            // there.
            String address = last(device.get().addresses()).getHostAddress();
            steps.add(device.get().fullName()
                    + " is device %02x and has ".formatted(device.get().id().device())
                    + address);
            return toIp(tap, address, etherType);
        }
        if (!to.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException("\"" + to + "\" is no hardware address such as 06:02:0a:00:00:01,"
                    + " no IP address, and no name that tier6:names knows");
        }
        return toIp(tap, to, etherType);
    }

    private static InetAddress last(List<InetAddress> addresses) {
        return addresses.get(addresses.size() - 1);
    }

    private Way toIp(Optional<NodeStatus.TapStatus> tap, String to, int etherType)
            throws IOException, InterruptedException {
        InetAddress address = address(to);
        int type = etherType >= 0 ? etherType : address.getAddress().length == 4 ? Ethernet.IPV4 : Ethernet.IPV6;
        if (Neighbours.isOwn(address)) {
            return end(End.HERE, null, to + " is an address of this host");
        }
        if (tap.isEmpty()) {
            return end(
                    End.DROP,
                    null,
                    "the node has no interface: " + node.status().problem().orElse("see its log"));
        }
        String device = tap.get().name();
        String next = to;
        Optional<Neighbours.Route> route = Neighbours.route(to);
        if (route.isPresent() && !route.get().device().equals(device)) {
            return end(
                    End.ELSEWHERE,
                    null,
                    "the kernel sends packets to " + to + " out of "
                            + route.get().device() + ", not of " + device + ": give " + device
                            + " an address in the same network, or a route");
        }
        if (route.isPresent() && route.get().router().isPresent()) {
            next = route.get().router().get();
            steps.add("packets to " + to + " go to the router " + next);
        }
        Optional<Long> neighbour = Neighbours.known(next, device);
        if (neighbour.isPresent()) {
            steps.add(next + " is " + Ethernet.format(neighbour.get()) + ", says the neighbour table of the kernel");
        } else {
            neighbour = Neighbours.ask(next, device);
            if (neighbour.isEmpty()) {
                return end(
                        End.DROP,
                        null,
                        "nobody on " + device + " says that it has " + next
                                + ": the kernel asked (ARP, neighbour discovery) and got no answer."
                                + " Is the address right, the host up, its tunnel up (tier6:peers)?");
            }
            steps.add(next + " is " + Ethernet.format(neighbour.get()) + ", as the kernel was told when it asked");
        }
        return from(tap, neighbour.get(), type);
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not an IP address", e);
        }
    }

    private Way from(Optional<NodeStatus.TapStatus> tap, long to, int etherType) {
        mac = Optional.of(Ethernet.format(to));
        if (tap.isEmpty()) {
            return end(
                    End.DROP,
                    null,
                    "the node has no interface: " + node.status().problem().orElse("see its log"));
        }
        if (to == 0) {
            return end(End.DROP, null, "nobody has the address zero");
        }
        if (to == tap.get().mac()) {
            return end(End.HERE, null, "this is the address of " + tap.get().name() + ", the interface of this node");
        }
        Optional<SwitchRules> rules = vswitch.rules();
        if (etherType >= 0 && rules.isPresent() && !passes(rules.get().etherTypes(), etherType)) {
            return end(
                    End.DROP,
                    null,
                    "the switch lets only EtherTypes %s pass, not %04x: see the option ethertypes"
                            .formatted(rules.get().etherTypes(), etherType));
        }
        if (Ethernet.isGroup(to)) {
            steps.add("a group address: the switch copies the frame to every tunnel");
            return flood();
        }
        Optional<String> port = vswitch.lookup(to);
        if (port.isEmpty()) {
            steps.add("the switch has not seen this address"
                    + rules.map(r -> " for " + Said.duration(r.ageing())).orElse(""));
            if (rules.isPresent() && !rules.get().floodUnknown()) {
                return end(End.DROP, null, "and drops frames to unknown addresses: see the option unknown-unicast");
            }
            steps.add("so it copies the frame to every tunnel, until the owner answers");
            return flood();
        }
        return through(port.get(), to);
    }

    private static boolean passes(String etherTypes, int type) {
        return etherTypes.equals("all") || List.of(etherTypes.split(",")).contains("%04x".formatted(type));
    }

    private Way through(String port, long to) {
        Optional<MacEntry> entry =
                vswitch.macs().stream().filter(e -> e.mac() == to).findFirst();
        steps.add("the switch has learned it on port " + port
                + entry.map(e -> ", from a frame " + Said.duration(e.idle()) + " ago")
                        .orElse(""));
        boolean local = vswitch.ports().stream().anyMatch(p -> p.name().equals(port) && p.kind() == PortKind.LOCAL);
        if (local) {
            return end(
                    End.HERE,
                    port,
                    "it lives on this host's side of the interface, behind a bridge or as another"
                            + " address of it: a frame from here to it never reaches a tunnel");
        }
        Optional<PeerStatus> peer =
                node.peers().stream().filter(p -> p.port().equals(port)).findFirst();
        if (peer.isEmpty()) {
            return end(End.DROP, port, "but no peer is behind that port any more");
        }
        String obstacle = Peers.obstacle(peer.get());
        if (obstacle != null) {
            return end(
                    End.DROP,
                    port,
                    "dropped at the tunnel to peer " + peer.get().id() + ": " + obstacle);
        }
        return end(End.TUNNEL, port, "through the tunnel to peer " + peer.get().id() + ", " + state(peer.get()));
    }

    private static String state(PeerStatus peer) {
        LinkStatus link = peer.link().orElseThrow();
        return Text.of(link.path())
                + link.remote().map(remote -> " to " + Text.of(remote)).orElse("")
                + link.keyAge()
                        .map(age -> ", key " + Said.duration(age) + " old")
                        .orElse("")
                + link.heard()
                        .map(heard -> ", heard " + Said.duration(heard) + " ago")
                        .orElse(", never heard");
    }

    private Way flood() {
        boolean any = false;
        for (PortStatus port : vswitch.ports()) {
            if (port.kind() == PortKind.TUNNEL) {
                Optional<PeerStatus> peer = node.peers().stream()
                        .filter(p -> p.port().equals(port.name()))
                        .findFirst();
                String obstacle = peer.isPresent() ? Peers.obstacle(peer.get()) : "no peer is behind it";
                steps.add(port.name() + ": " + (obstacle == null ? state(peer.orElseThrow()) : "dropped, " + obstacle));
                any |= obstacle == null;
            }
        }
        return any
                ? end(End.FLOOD, null, "to every peer whose tunnel is up")
                : end(End.DROP, null, "dropped: no tunnel is up, see tier6:peers");
    }

    private Way end(End end, String port, String last) {
        steps.add(last);
        return new Way(target, mac, end, Optional.ofNullable(port), List.copyOf(steps));
    }
}
