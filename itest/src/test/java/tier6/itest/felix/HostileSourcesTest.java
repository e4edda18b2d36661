package tier6.itest.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Plug-ins that do harm, one of each kind, in a node whose traffic goes on. */
@InFelix(nodes = 2)
class HostileSourcesTest {
    private static final String SECRET_FILE = "hostile";

    @Inject
    private BundleContext context;

    @Test
    @Order(1)
    @InNode(0)
    void oneNodeIsThere() throws Exception {
        new StaticNode(context, SECRET_FILE, 0).start();
    }

    @Test
    @Order(2)
    @InNode(1)
    void andTheOther() throws Exception {
        StaticNode node = new StaticNode(context, SECRET_FILE, 1);
        node.start();
        node.ping("10.6.0.1");
    }

    /**
     * Installs one of each kind, waits until the node names each with the reason, takes them away again, and pings the other
     * node all the while. What is left of them, such as threads that do not end, stays to be seen.
     */
    @Test
    @Order(3)
    @InNode(0)
    void pluginsThatDoHarmAreNamedAndTrafficGoesOn() throws Exception {
        StaticNode node = new StaticNode(context, SECRET_FILE, 0);
        System.clearProperty(Hostile.END);
        try (Traffic traffic = new Traffic(node)) {
            traffic.flows();
            List<Bundle> bundles = new ArrayList<>();
            for (Hostile.Kind kind : Hostile.Kind.values()) {
                Bundle bundle = context.installBundle(name(kind), jar(kind, node.secret()));
                bundle.start();
                bundles.add(bundle);
            }
            await(node, Hostile.Kind.THROWS, "start failed: java.lang.NoClassDefFoundError: what/is/not/there");
            await(node, Hostile.Kind.BLOCKS, "start has not returned for");
            await(node, Hostile.Kind.FLOODS, "announces more than 256 peers");
            await(node, Hostile.Kind.FLOODS, "changes its mind too often");
            await(node, Hostile.Kind.LEAKS, "as good as gold");
            traffic.flows();
            for (Bundle bundle : bundles) {
                bundle.uninstall();
            }
            await(node, Hostile.Kind.BLOCKS, "does not return from stop");
            await(node, Hostile.Kind.FLOODS, "left 1 thread behind: hostile thread");
            await(node, Hostile.Kind.LEAKS, "left 20 threads behind: hostile thread");
            traffic.flows();
            assertEquals(0, traffic.lost.get(), "of " + traffic.sent.get() + " pings");
        } finally {
            System.setProperty(Hostile.END, "true");
        }
    }

    private static String name(Hostile.Kind kind) {
        return "hostile." + kind.name().toLowerCase(Locale.ROOT);
    }

    private static void await(StaticNode node, Hostile.Kind kind, String words) throws Exception {
        String said = "";
        for (int i = 0; i < 300; i++) {
            said = node.run("tier6:sources --json");
            // Before the first answer of the mesh the command has a sentence instead.
            JsonElement sources = said.startsWith("[") ? JsonParser.parseString(said) : new JsonArray();
            for (JsonElement source : sources.getAsJsonArray()) {
                if (source.toString().contains(name(kind) + " 6.6.6")
                        && source.toString().contains(words)) {
                    return;
                }
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the node does not say of " + name(kind) + ": " + words + ", but " + said);
    }

    /** A bundle with the class {@link Hostile} and what is inside it. */
    private InputStream jar(Hostile.Kind kind, Path secret) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", name(kind));
        headers.putValue("Bundle-Version", "6.6.6");
        headers.putValue("Bundle-Activator", Hostile.class.getName());
        headers.putValue("Import-Package", "org.osgi.framework,tier6.api.discovery,tier6.api.peer");
        headers.putValue(Hostile.KIND, kind.name());
        headers.putValue("Hostile-Secret", secret.toString());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            String directory = Hostile.class.getPackageName().replace('.', '/');
            for (URL entry : Collections.list(context.getBundle().findEntries(directory, "Hostile*.class", false))) {
                if (!entry.getPath().contains("Test")) {
                    jar.putNextEntry(new JarEntry(entry.getPath().substring(1)));
                    try (InputStream in = entry.openStream()) {
                        in.transferTo(jar);
                    }
                    jar.closeEntry();
                }
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    /** Pings the other node, again and again. */
    private static final class Traffic implements AutoCloseable {
        private static final Duration PATIENCE = Duration.ofSeconds(2);

        final AtomicInteger sent = new AtomicInteger();
        final AtomicInteger lost = new AtomicInteger();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final Thread thread;

        Traffic(StaticNode node) throws Exception {
            node.ping("10.6.0.2");
            var host = node.host();
            InetAddress target = InetAddress.getByName("10.6.0.2");
            thread = new Thread(
                    () -> {
                        while (!stop.get()) {
                            try {
                                if (host.ping(target, PATIENCE).isEmpty()) {
                                    lost.incrementAndGet();
                                }
                                sent.incrementAndGet();
                            } catch (InterruptedException e) {
                                return;
                            }
                        }
                    },
                    "traffic");
            thread.start();
        }

        /** Waits for another two hundred pings. */
        void flows() throws InterruptedException {
            int enough = sent.get() + 200;
            while (sent.get() < enough && thread.isAlive()) {
                Thread.sleep(10);
            }
        }

        @Override
        public void close() {
            stop.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
