package tier6.itest.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.inject.Inject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import tier6.api.node.Node;
import tier6.api.node.SourceStatus;
import tier6.sanctum.ambry.Flock;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.tap.memory.MemoryHost;
import tier6.tap.memory.MemoryTapDriver;

/**
 * Two nodes of which each is told nothing but the directory of its Reliquary; the first one's framework also runs the
 * cathedral, which wears a shroud as those of Reliquaries do. Frames cross real UDP.
 */
@InFelix(nodes = 2)
class ReliquaryTest {
    private static final long FLOCK = 0x00ffee1234567800L;
    private static final String TAP = "mem0";
    /** The nodes share no statics, but system properties. */
    private static final String HOME = "tier6.itest.reliquary";

    @Inject
    private ConfigurationAdmin configurations;

    @Inject
    private MemoryTapDriver driver;

    @Inject
    private BundleContext context;

    private void set(String pid, Map<String, Object> properties) throws Exception {
        int tilde = pid.indexOf('~');
        (tilde < 0
                        ? configurations.getConfiguration(pid, "?")
                        : configurations.getFactoryConfiguration(
                                pid.substring(0, tilde), pid.substring(tilde + 1), "?"))
                .update(new Hashtable<>(properties));
    }

    /** What the owner of the flock, the cathedral and both devices have after the commands were given. */
    private static int makeFiles(Path home) throws Exception {
        int port;
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            port = socket.getLocalPort();
        }
        try (Flock flock = Flock.generate(FLOCK, RandomSource.secure())) {
            flock.bundle(1, System.currentTimeMillis() / 1000, RandomSource.secure())
                    .write(home.resolve("ambry"));
            for (int device = 1; device <= 2; device++) {
                Path reliquary = home.resolve("reliquary" + device);
                Path member = Files.createDirectories(reliquary.resolve("%016x".formatted(FLOCK)));
                try (Identity identity = flock.device(device, 0x0a000000 + device, RandomSource.secure())) {
                    identity.write(member);
                    identity.writeForCathedral(home.resolve("secrets"));
                }
                Files.writeString(member.resolve("cathedral_id"), "0a00000" + device + "\n");
                Files.writeString(member.resolve("device_kek"), "0" + device + "\n");
                Files.writeString(reliquary.resolve("cathedral"), "127.0.0.1:" + port + "\n");
            }
        }
        Files.write(
                home.resolve("settings"),
                List.of(
                        "flock %016x {".formatted(FLOCK),
                        "    allow 0a000001 spi 0x01 0",
                        "    allow 0a000002 spi 0x02 0",
                        "    ambry " + home.resolve("ambry"),
                        "}"));
        return port;
    }

    private void configure(int device) throws Exception {
        Path home = Path.of(System.getProperty(HOME));
        set("tier6.tap.memory", Map.of("addresses", "10.7.0." + device));
        set(
                "tier6.mesh",
                Map.of(
                        "tap.name",
                        TAP,
                        "tap.mac",
                        "06:0" + device + ":0a:00:00:0" + device,
                        "driver.target",
                        "(kind=memory)"));
        set("tier6.vswitch", Map.of("ageing", "60"));
        set(
                "tier6.discovery.reliquary~test",
                Map.of(
                        "flock",
                        "%016x".formatted(FLOCK),
                        "directory",
                        home.resolve("reliquary" + device).toString(),
                        "local",
                        "127.0.0.1"));
    }

    private MemoryHost host() throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            Optional<MemoryHost> host = driver.host(TAP);
            if (host.isPresent()) {
                return host.get();
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the mesh did not open the interface");
    }

    @Test
    @Order(1)
    @InNode(0)
    void aCathedralAndItsFirstNodeBegin() throws Exception {
        Path home = Files.createTempDirectory("tier6-reliquary");
        System.setProperty(HOME, home.toString());
        int port = makeFiles(home);
        set(
                "tier6.cathedral~test",
                Map.of(
                        "local",
                        "127.0.0.1:" + port,
                        "secretdir",
                        home.resolve("secrets").toString(),
                        "settings",
                        home.resolve("settings").toString(),
                        "shroud",
                        true));
        configure(1);
        host();
    }

    @Test
    @Order(2)
    @InNode(1)
    void theSecondReachesTheFirst() throws Exception {
        configure(2);
        MemoryHost host = host();
        InetAddress target = InetAddress.getByName("10.7.0.1");
        for (int i = 0; i < 120; i++) {
            if (host.ping(target, Duration.ofMillis(500)).isPresent()) {
                return;
            }
        }
        throw new AssertionError("no answer");
    }

    @Test
    @Order(3)
    @InNode(1)
    void bothSourcesTellWhatTheyDo() throws Exception {
        List<SourceStatus> sources = node().sources();
        assertEquals(
                List.of("cathedral", "reliquary"),
                sources.stream().map(SourceStatus::name).sorted().toList());
        for (SourceStatus source : sources) {
            boolean announces = source.name().equals("cathedral");
            assertEquals(announces ? 1 : 0, source.peers(), source.toString());
            assertTrue(announces || source.status().contains("ms away, shrouded"), source.toString());
        }
    }

    /** With the Reliquary goes what it configured, and comes back with it. */
    @Test
    @Order(4)
    @InNode(1)
    void theSourceCanBeTakenAway() throws Exception {
        var configuration = configurations.getFactoryConfiguration("tier6.discovery.reliquary", "test", "?");
        var properties = configuration.getProperties();
        configuration.delete();
        awaitSources(0);
        set(
                "tier6.discovery.reliquary~test",
                Map.of(
                        "flock",
                        properties.get("flock"),
                        "directory",
                        properties.get("directory"),
                        "local",
                        "127.0.0.1"));
        awaitSources(2);
    }

    private void awaitSources(int count) throws Exception {
        for (int i = 0; i < 200 && node().sources().size() != count; i++) {
            Thread.sleep(100);
        }
        assertEquals(count, node().sources().size());
    }

    private Node node() {
        return context.getService(context.getServiceReference(Node.class));
    }
}
