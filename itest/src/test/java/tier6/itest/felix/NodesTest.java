package tier6.itest.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
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
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import tier6.tap.memory.MemoryHost;
import tier6.tap.memory.MemoryTapDriver;

/** Two nodes that know each other by configuration, each with a TAP without a kernel: frames cross real UDP. */
@InFelix(nodes = 2)
class NodesTest {
    private static final String TAP = "mem0";
    private static final int[] PORT = {freePort(), freePort()};

    @Inject
    private ConfigurationAdmin configurations;

    @Inject
    private MemoryTapDriver driver;

    @Inject
    private CommandProcessor shell;

    @Inject
    private BundleContext context;

    private static int freePort() {
        try (var socket = new java.net.DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
            return socket.getLocalPort();
        } catch (java.net.SocketException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The nodes do not share statics: what both must know goes through the file system and system properties. */
    private void configure(int self) throws Exception {
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

    private static int port(int node) {
        String key = "tier6.itest.port." + node;
        if (System.getProperty(key) == null) {
            System.setProperty(key, "" + PORT[node]);
        }
        return Integer.getInteger(key);
    }

    private void set(String pid, String... pairs) throws Exception {
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

    private MemoryHost host() throws InterruptedException {
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
    private void ping(String target) throws Exception {
        MemoryHost host = host();
        for (int i = 0; i < 20; i++) {
            if (host.ping(InetAddress.getByName(target), Duration.ofMillis(500)).isPresent()) {
                return;
            }
        }
        throw new AssertionError("no answer from " + target + "; " + run("tier6:peers --json"));
    }

    private String run(String command) throws Exception {
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

    @Test
    @Order(1)
    @InNode(0)
    void oneIsConfigured() throws Exception {
        configure(0);
        host();
    }

    @Test
    @Order(2)
    @InNode(1)
    void theOtherIsConfiguredAndPings() throws Exception {
        configure(1);
        ping("10.6.0.1");
        ping("fd06::1");
    }

    @Test
    @Order(3)
    @InNode(0)
    void theFirstPingsBack() throws Exception {
        ping("10.6.0.2");
        ping("fd06::2");
    }

    @Test
    @Order(4)
    @InNode(0)
    void theShellShowsIt() throws Exception {
        for (String command : new String[] {"status", "peers", "macs", "ports", "sources", "cathedrals", "counters"}) {
            String table = run("tier6:" + command);
            assertTrue(table.lines().allMatch(line -> line.length() <= 80), command + " in 80 columns:\n" + table);
            JsonElement json = JsonParser.parseString(run("tier6:" + command + " --json"));
            assertTrue(json.isJsonObject() || json.isJsonArray(), command);
            assertTrue(run("tier6:" + command + " --help").contains(command), command);
        }
        assertTrue(run("tier6:macs").contains("06:02:00:00:00:00"));
    }

    @Test
    @Order(5)
    @InNode(0)
    void aPortThatTheSwitchLosesComesBackWithIt() throws Exception {
        Bundle vswitch = bundle("tier6.vswitch");
        vswitch.stop();
        vswitch.start();
        ping("10.6.0.2");
    }

    @Test
    @Order(6)
    @InNode(0)
    void theTransportComesBackAndConnectsAgain() throws Exception {
        Bundle transport = bundle("tier6.transport.sanctum");
        transport.stop();
        transport.start();
        ping("10.6.0.2");
    }

    @Test
    @Order(7)
    @InNode(0)
    void thePeerOutlivesItsSource() throws Exception {
        Bundle discovery = bundle("tier6.discovery.static");
        discovery.stop();
        ping("10.6.0.2");
        discovery.start();
        ping("10.6.0.2");
        assertEquals(
                1,
                JsonParser.parseString(run("tier6:sources --json"))
                        .getAsJsonArray()
                        .size());
    }

    private Bundle bundle(String name) {
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getSymbolicName().equals(name)) {
                return bundle;
            }
        }
        throw new AssertionError("no bundle " + name);
    }
}
