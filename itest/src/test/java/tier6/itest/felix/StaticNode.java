package tier6.itest.felix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Optional;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import tier6.tap.memory.MemoryHost;
import tier6.tap.memory.MemoryTapDriver;

/**
 * One of two nodes in Felix that know each other by configuration, with a TAP without a kernel. Nodes do not share statics:
 * what both must know goes through the file system and system properties.
 */
final class StaticNode {
    private static final String TAP = "mem0";

    private final BundleContext context;
    private final String name;
    private final int self;

    /**
     * Looks at a node.
     *
     * @param name of the pair, for its secret and its ports
     * @param self 0 or 1
     */
    StaticNode(BundleContext context, String name, int self) {
        this.context = context;
        this.name = name;
        this.self = self;
    }

    /** The file that both share. */
    Path secret() {
        return Path.of(
                System.getProperty("java.io.tmpdir"),
                "tier6-" + name + "-" + ProcessHandle.current().pid());
    }

    /** Configures it. */
    void start() throws Exception {
        int other = 1 - self;
        if (!Files.exists(secret())) {
            Files.write(secret(), new byte[32]);
            secret().toFile().deleteOnExit();
        }
        set("tier6.tap.memory", "addresses", "10.6.0." + (self + 1) + ", fd06::" + (self + 1));
        admit("(kind=memory)");
        set("tier6.vswitch", "ageing", "60");
        set("tier6.transport.sanctum", "kek.id", "0" + (self + 1), "local", "127.0.0.1", "flock", "0");
        set(
                "tier6.discovery.static~test",
                "flock",
                "0",
                "peers",
                "0" + (other + 1) + " 127.0.0.1:" + port(other) + " " + secret() + " " + port(self));
    }

    /** Says which TAP drivers may serve. */
    void admit(String drivers) throws Exception {
        set("tier6.mesh", "tap.name", TAP, "tap.mac", "06:0" + (self + 1) + ":00:00:00:00", "driver.target", drivers);
    }

    private int port(int node) throws IOException {
        String key = "tier6.itest." + name + "." + node;
        if (System.getProperty(key) == null) {
            try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
                System.setProperty(key, "" + socket.getLocalPort());
            }
        }
        return Integer.getInteger(key);
    }

    /** Changes a configuration. */
    void set(String pid, String... pairs) throws Exception {
        Dictionary<String, Object> properties = new Hashtable<>();
        for (int i = 0; i < pairs.length; i += 2) {
            properties.put(pairs[i], pairs[i + 1]);
        }
        ConfigurationAdmin configurations = service(ConfigurationAdmin.class);
        int tilde = pid.indexOf('~');
        (tilde < 0
                        ? configurations.getConfiguration(pid, "?")
                        : configurations.getFactoryConfiguration(
                                pid.substring(0, tilde), pid.substring(tilde + 1), "?"))
                .update(properties);
    }

    private <T> T service(Class<T> type) throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            var reference = context.getServiceReference(type);
            T service = reference == null ? null : context.getService(reference);
            if (service != null) {
                return service;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no service " + type);
    }

    /** The host behind its interface. */
    MemoryHost host() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            Optional<MemoryHost> host = service(MemoryTapDriver.class).host(TAP);
            if (host.isPresent()) {
                return host.get();
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the mesh did not open the interface");
    }

    /** Pings until it is answered, for twenty seconds. */
    void ping(String target) throws Exception {
        MemoryHost host = host();
        for (int i = 0; i < 40; i++) {
            if (host.ping(InetAddress.getByName(target), Duration.ofMillis(500)).isPresent()) {
                return;
            }
        }
        throw new AssertionError("no answer from " + target + "; " + run("tier6:peers --json"));
    }

    /** What a command of the shell says. */
    String run(String command) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CommandSession session = service(CommandProcessor.class)
                .createSession(InputStream.nullInputStream(), new PrintStream(out, true), new PrintStream(out))) {
            Object result = session.execute(command);
            if (result != null) {
                out.writeBytes(session.format(result, 0).toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
