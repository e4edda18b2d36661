package tier6.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A node's configuration, read and checked. Paths are absolute.
 *
 * @param runas user to become when everything privileged is open; empty: stay
 * @param kekId own device number, 1 to 254
 * @param csId identity at the cathedral, 32 bits; 0 without a cathedral
 * @param flock 64 bits with the domain; 0 without a cathedral unless given
 * @param tapName name of the TAP interface
 * @param tap kind of TAP driver, {@code linux} or {@code memory}; empty: the best for this system
 * @param mtu bytes of an IP packet on the TAP, or {@code auto}
 * @param local address that tunnels are bound to; empty: any
 * @param macAgeing seconds until an idle hardware address is forgotten
 * @param unknownUnicast {@code flood} or {@code drop}
 * @param ethertypes {@code all}, {@code compatible} or four-digit hexadecimal numbers with commas
 * @param shroud whether everything between nodes and cathedrals wears a shroud
 * @param cathedral where peers are announced; empty: only static peers
 * @param peers peers known beforehand
 * @param sources where else peers come from
 * @param http where the HTTP server listens; empty: there is none
 * @param addresses IP addresses of the interface, with the length of their prefixes
 * @param keeper if this node keeps its flock: where, and where it serves it
 * @param names the file that tells what this node and its flock are called; empty: nobody is told
 */
public record Tier6Conf(
        String runas,
        int kekId,
        int csId,
        long flock,
        String tapName,
        String tap,
        String mtu,
        Optional<InetAddress> local,
        int macAgeing,
        String unknownUnicast,
        String ethertypes,
        boolean shroud,
        Optional<Cathedral> cathedral,
        List<StaticPeer> peers,
        Sources sources,
        Optional<Http> http,
        List<String> addresses,
        Optional<Keeper> keeper,
        Optional<Path> names) {

    /** The framework property that names the file for the bundle of this package. */
    public static final String PROPERTY = "tier6.conf";

    /**
     * The framework property that names a kind of TAP driver to use whatever the file says, with the rights that the process
     * has: to try a configuration without its interface.
     */
    public static final String TAP_PROPERTY = "tier6.conf.tap";

    /**
     * What is needed to speak to a cathedral: own keys, where to remember other cathedrals, and either its
     * {@code address:port} (IPv4 or a name) or the directory of a Reliquary, which names cathedrals; then the address is
     * empty. And the liturgy group, whether other hidden nodes are of no interest, and {@code flock kek-id} of devices that
     * are not announced.
     */
    public record Cathedral(
            String address,
            Path csPath,
            Path coskPath,
            Path kekPath,
            Optional<Path> remembrance,
            Optional<Path> reliquary,
            int group,
            boolean hidden,
            List<String> tunnels) {
        public Cathedral {
            tunnels = List.copyOf(tunnels);
        }
    }

    /**
     * A peer without a cathedral: its device number, {@code address:port}, the file of the shared secret and, if not 0, the
     * own port for it.
     */
    public record StaticPeer(int kekId, String address, Path secret, int localPort) {}

    /** Where peers come from without a cathedral: a file that is looked at again and again, the name service, the segment. */
    public record Sources(Optional<Path> file, Optional<Dns> dns, Optional<Lan> lan) {
        /** Nowhere. */
        public static final Sources NONE = new Sources(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Peers that the name service knows below a domain, and the directory with a secret for each, named by its kek-id. */
    public record Dns(String domain, Path secrets) {}

    /** The file of the secret of all nodes on the segment, and the port before the first one that tunnels use. */
    public record Lan(Path secret, int port) {}

    /**
     * What a node needs that keeps its flock.
     *
     * @param directory of the flock, as {@code tier6 up} makes it
     * @param serve {@code address:port}: TCP for who joins, UDP for its cathedral
     * @param cathedral the cathedral in this node; empty: the flock has another
     */
    public record Keeper(Path directory, String serve, Optional<OwnCathedral> cathedral) {}

    /** A cathedral in this node: its second UDP port, and its {@code address:port} as others know it. */
    public record OwnCathedral(int natPort, String announced) {}

    /**
     * The HTTP server: {@code address:port}, whether other hosts may reach it, the file of its token (empty: the usual place)
     * and the names by which browsers may call it.
     */
    public record Http(String listen, boolean remote, Optional<Path> token, List<String> names) {
        public Http {
            names = List.copyOf(names);
        }
    }

    public Tier6Conf {
        peers = List.copyOf(peers);
        addresses = List.copyOf(addresses);
    }

    /**
     * Reads a file and looks at everything that it names.
     *
     * @throws ConfigException with all that is wrong
     */
    public static Tier6Conf parse(Path file) throws ConfigException {
        return new Tier6ConfParser(file, Host.local()).parse();
    }

    /** The hardware address of the TAP, {@code 06:<kek-id>:<cs-id>} (specification 17.1), as hexadecimal with colons. */
    public String mac() {
        return "06:%02x:%02x:%02x:%02x:%02x"
                .formatted(kekId, csId >>> 24, csId >>> 16 & 0xff, csId >>> 8 & 0xff, csId & 0xff);
    }
}
