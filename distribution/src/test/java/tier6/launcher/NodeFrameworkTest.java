package tier6.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import tier6.config.Tier6Conf;

class NodeFrameworkTest {
    @TempDir
    Path dir;

    private Path bundles;

    /** What it takes to turn a configuration file into configurations. */
    @BeforeEach
    void gatherBundles() throws Exception {
        bundles = Files.createDirectory(dir.resolve("bundle"));
        List<String> wanted = List.of(
                "org.apache.felix.scr",
                "org.apache.felix.configadmin",
                "org.osgi.service.component",
                "org.osgi.util.promise",
                "org.osgi.util.function",
                "gson",
                "tier6.api",
                "tier6.json",
                "tier6.config");
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path jar = Path.of(entry);
            String name = jar.getFileName().toString();
            if (wanted.stream().anyMatch(bundle -> name.startsWith(bundle + "-"))
                    && name.endsWith(".jar")
                    && !name.endsWith("-tests.jar")) {
                Files.copy(jar, bundles.resolve(name));
            }
        }
        try (var jars = Files.list(bundles)) {
            assumeTrue(
                    jars.count() == wanted.size(), "bundles are jars only from the phase package on: run mvn verify");
        }
    }

    @Test
    void nodesOfOneProcessHaveConfigurationsOfTheirOwn() throws Exception {
        try (NodeFramework one = NodeFramework.start(settings("one", 1));
                NodeFramework two = NodeFramework.start(settings("two", 2))) {
            assertNotSame(one.context(), two.context());
            assertEquals("06:01:00:00:00:00", configurations(one).get("tier6.mesh"));
            assertEquals("06:02:00:00:00:00", configurations(two).get("tier6.mesh"));
            assertEquals(
                    Set.of("tier6.mesh", "tier6.vswitch", "tier6.transport.sanctum", "tier6.discovery.static~main"),
                    configurations(one).keySet());
            for (Bundle bundle : one.context().getBundles()) {
                assertEquals(Bundle.ACTIVE, bundle.getState(), bundle.getSymbolicName());
            }
        }
    }

    @Test
    void startsAgainOverWhatTheLastOneLeft() throws Exception {
        for (int round = 0; round < 2; round++) {
            try (NodeFramework node = NodeFramework.start(settings("same", 1))) {
                assertEquals(4, configurations(node).size());
            }
        }
    }

    @Test
    void leavesOutWhatDoesNotResolveOrIsBroken() throws Exception {
        Files.delete(bundles.resolve(name("org.apache.felix.configadmin")));
        try (NodeFramework node = NodeFramework.start(settings("poor", 1))) {
            assertEquals(
                    Set.of("tier6.config"),
                    new TreeSet<>(Arrays.stream(node.context().getBundles())
                            .filter(bundle -> bundle.getState() == Bundle.INSTALLED)
                            .map(Bundle::getSymbolicName)
                            .toList()));
        }
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Thread stopped;
        try (NodeFramework node = NodeFramework.start(settings("brief", 1))) {
            stopped = new Thread(() -> {
                try {
                    node.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            stopped.start();
        }
        stopped.join(10_000);
        assertFalse(stopped.isAlive());
        Set<Thread> left = Thread.getAllStackTraces().keySet();
        left.removeAll(before);
        left.removeIf(Thread::isDaemon);
        for (Thread thread : left) {
            thread.join(10_000);
            assertFalse(thread.isAlive(), thread.getName());
        }
    }

    private String name(String bundle) throws Exception {
        try (var jars = Files.list(bundles)) {
            return jars.map(jar -> jar.getFileName().toString())
                    .filter(jar -> jar.startsWith(bundle + "-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private NodeFramework.Settings settings(String name, int kekId) throws Exception {
        Path secret = Files.write(dir.resolve("secret"), new byte[32]);
        Path conf = Files.writeString(dir.resolve(name + ".conf"), """
                runas -
                kek-id %02x
                tapname t6
                peer 0a 192.0.2.1:4500 %s
                """.formatted(kekId, secret));
        return new NodeFramework.Settings(bundles, dir.resolve("cache-" + name), Map.of())
                .with(Tier6Conf.PROPERTY, conf.toString());
    }

    /** PIDs and what they say about the hardware address; by reflection, the service's classes being of the node's own. */
    private static Map<String, String> configurations(NodeFramework node) throws Exception {
        ServiceReference<?> reference =
                node.context().getAllServiceReferences("org.osgi.service.cm.ConfigurationAdmin", null)[0];
        Object admin = node.context().getService(reference);
        Class<?> type = admin.getClass().getClassLoader().loadClass("org.osgi.service.cm.ConfigurationAdmin");
        Object[] all =
                (Object[]) type.getMethod("listConfigurations", String.class).invoke(admin, (String) null);
        Map<String, String> macs = new TreeMap<>();
        for (Object configuration : all) {
            Class<?> api = type.getClassLoader().loadClass("org.osgi.service.cm.Configuration");
            var properties = (Dictionary<?, ?>) api.getMethod("getProperties").invoke(configuration);
            macs.put((String) api.getMethod("getPid").invoke(configuration), (String) properties.get("tap.mac"));
        }
        assertTrue(macs.size() > 0);
        return macs;
    }
}
