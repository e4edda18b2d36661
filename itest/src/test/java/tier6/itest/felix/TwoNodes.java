package tier6.itest.felix;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import tier6.tap.memory.MemoryHost;
import tier6.tap.memory.MemoryTapDriver;

/** Two nodes that know each other by configuration, each with a TAP without a kernel: frames cross real UDP. */
@InFelix(nodes = 2)
abstract class TwoNodes {
    static final String TAP = "mem0";
    static final int[] PORT = {freePort(), freePort()};

    @Inject
    ConfigurationAdmin configurations;

    @Inject
    MemoryTapDriver driver;

    @Inject
    CommandProcessor shell;

    @Inject
    BundleContext context;

    static int freePort() {
        try (var socket = new java.net.DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            return socket.getLocalPort();
        } catch (java.net.SocketException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The nodes do not share statics: what both must know goes through the file system and system properties. */
    void configure(int self) throws Exception {
        int other = 1 - self;
        Path secret = Path.of(
                System.getProperty("java.io.tmpdir"),
                "tier6-nodes-" + ProcessHandle.current().pid());
        if (!Files.exists(secret)) {
            Files.write(secret, new byte[] {
                1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
                29, 30, 31, 32
            });
            secret.toFile().deleteOnExit();
        }
        set("tier6.tap.memory", "addresses", "10.6.0." + (self + 1) + ", fd06::" + (self + 1));
        set(
                "tier6.mesh",
                "tap.name",
                TAP,
                "tap.mac",
                "06:0" + (self + 1) + ":00:00:00:00",
                "driver.target",
                "(kind=memory)");
        set("tier6.vswitch", "ageing", "60");
        set("tier6.transport.sanctum", "kek.id", "0" + (self + 1), "local", "127.0.0.1", "flock", "0");
        set(
                "tier6.discovery.static~test",
                "flock",
                "0",
                "peers",
                "0" + (other + 1) + " 127.0.0.1:" + port(other) + " " + secret + " " + port(self));
    }

    static int port(int node) {
        String key = "tier6.itest.port." + node;
        if (System.getProperty(key) == null) {
            System.setProperty(key, "" + PORT[node]);
        }
        return Integer.getInteger(key);
    }

    void set(String pid, String... pairs) throws Exception {
        Dictionary<String, Object> properties = new Hashtable<>();
        for (int i = 0; i < pairs.length; i += 2) {
            properties.put(pairs[i], pairs[i + 1]);
        }
        int tilde = pid.indexOf('~');
        var configuration = tilde < 0
                ? configurations.getConfiguration(pid, "?")
                : configurations.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), "?");
        configuration.update(properties);
    }

    MemoryHost host() throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            Optional<MemoryHost> host = driver.host(TAP);
            if (host.isPresent()) {
                return host.get();
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the mesh did not open the interface");
    }

    /** Pings until it is answered, for ten seconds. */
    void ping(String target) throws Exception {
        MemoryHost host = host();
        for (int i = 0; i < 20; i++) {
            if (host.ping(InetAddress.getByName(target), Duration.ofMillis(500)).isPresent()) {
                return;
            }
        }
        throw new AssertionError("no answer from " + target + "; " + run("tier6:peers --json"));
    }

    String run(String command) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CommandSession session =
                shell.createSession(InputStream.nullInputStream(), new PrintStream(out, true), new PrintStream(out))) {
            Object result = session.execute(command);
            if (result != null) {
                out.writeBytes(session.format(result, 0).toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    Bundle bundle(String name) {
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getSymbolicName().equals(name)) {
                return bundle;
            }
        }
        throw new AssertionError("no bundle " + name);
    }
}
