package tier6.itest.net;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A small Ethernet of real hosts on one machine: network namespaces, each with an interface {@code eth0}, on a bridge
 * in a namespace of its own. Nothing leaves the machine; closing it leaves nothing behind.
 */
public final class Lab implements AutoCloseable {
    private final String prefix = "t6i" + ProcessHandle.current().pid() % 100_000;
    private final Path directory;
    private final int mtu;
    private final List<Host> hosts = new ArrayList<>();

    /**
     * Makes the bridge.
     *
     * @param directory for logs and files
     * @param mtu of the Ethernet between the hosts
     */
    public Lab(Path directory, int mtu) throws IOException {
        assumeTrue(isRoot(), "needs root to make network namespaces");
        assumeTrue(Files.exists(Path.of("/dev/net/tun")), "needs /dev/net/tun");
        for (String tool : List.of("ip", "ping")) {
            assumeTrue(has(tool), "needs the program " + tool);
        }
        this.directory = directory;
        this.mtu = mtu;
        Command.run("ip", "netns", "add", bridge());
        Command.run("ip", "-n", bridge(), "link", "add", "br0", "type", "bridge");
        Command.run("ip", "-n", bridge(), "link", "set", "br0", "mtu", "" + mtu, "up");
    }

    /** Whether this process is root. */
    public static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static boolean has(String tool) {
        return Command.tryRun("sh", "-c", "command -v " + tool).ok();
    }

    private String bridge() {
        return prefix + "-br";
    }

    public Path directory() {
        return directory;
    }

    /** Adds a host with this address, a /24. */
    public Host host(String name, String address) throws IOException {
        Host host = bare(name, address);
        String namespace = host.namespace();
        Command.run(
                "ip", "-n", bridge(), "link", "add", "name", name, "type", "veth", "peer", "name", "eth0", "netns",
                namespace);
        Command.run("ip", "-n", bridge(), "link", "set", "dev", name, "master", "br0", "mtu", "" + mtu, "up");
        Command.run("ip", "-n", namespace, "link", "set", "eth0", "mtu", "" + mtu, "up");
        Command.run("ip", "-n", namespace, "addr", "add", address + "/24", "dev", "eth0");
        return host;
    }

    /** Adds a host that is not on the bridge, for whoever connects it to another one. */
    public Host bare(String name, String address) {
        String namespace = prefix + "-" + name;
        Command.run("ip", "netns", "add", namespace);
        Host host = new Host(namespace, name, address, directory);
        hosts.add(host);
        Command.run("ip", "-n", namespace, "link", "set", "lo", "up");
        return host;
    }

    /** All hosts, in the order in which they were added. */
    public List<Host> hosts() {
        return List.copyOf(hosts);
    }

    /** Lets a host speak only with hosts that are not isolated. */
    public void isolate(String name) {
        Command.run("ip", "-n", bridge(), "link", "set", "dev", name, "type", "bridge_slave", "isolated", "on");
    }

    @Override
    public void close() {
        for (Host host : hosts) {
            host.stopAll();
            // A daemon may have let go of the process that we know.
            Command.tryRun("sh", "-c", "ip netns pids " + host.namespace() + " | xargs -r kill -9");
            Command.tryRun("ip", "netns", "del", host.namespace());
        }
        Command.tryRun("ip", "netns", "del", bridge());
    }
}
