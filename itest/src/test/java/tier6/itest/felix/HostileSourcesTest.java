package tier6.itest.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URL;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Plug-ins that do harm are installed one after the other in a node whose traffic goes on. */
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

    @Test
    @Order(3)
    @InNode(0)
    void oneThatThrows() throws Exception {
        suffer(Hostile.Kind.THROWS, "start failed: java.lang.NoClassDefFoundError: what/is/not/there", "");
    }

    @Test
    @Order(4)
    @InNode(0)
    void oneThatBlocks() throws Exception {
        suffer(Hostile.Kind.BLOCKS, "start has not returned for", "does not return from stop");
    }

    @Test
    @Order(5)
    @InNode(0)
    void oneThatFloods() throws Exception {
        suffer(Hostile.Kind.FLOODS, "changes its mind too often", "left 1 thread behind: hostile thread");
    }

    @Test
    @Order(6)
    @InNode(0)
    void oneThatLeaksThreads() throws Exception {
        suffer(Hostile.Kind.LEAKS, "as good as gold", "left 20 threads behind: hostile thread");
    }

    /**
     * Installs one, waits until the node names it, takes it away again, and pings the other node all the while.
     *
     * @param reason what {@code tier6:sources} says of it meanwhile
     * @param remains what it says afterwards, if anything is left; with threads that do not end it stays to be seen
     */
    private void suffer(Hostile.Kind kind, String reason, String remains) throws Exception {
        StaticNode node = new StaticNode(context, SECRET_FILE, 0);
        System.clearProperty(Hostile.END);
        String name = "hostile." + kind.name().toLowerCase(java.util.Locale.ROOT);
        try (Traffic traffic = new Traffic(node)) {
            traffic.flows();
            Bundle bundle =
                    context.installBundle(name, jar(name, kind, node.secret().toString()));
            bundle.start();
            await(node, name, line -> line.contains(reason));
            traffic.flows();
            bundle.uninstall();
            if (!remains.isEmpty()) {
                await(node, name, line -> line.contains(remains));
                traffic.flows();
            }
            System.setProperty(Hostile.END, "true");
            traffic.flows();
            assertEquals(0, traffic.lost.get(), "of " + traffic.sent.get() + " pings");
        } finally {
            System.setProperty(Hostile.END, "true");
        }
    }

    private static void await(StaticNode node, String name, Predicate<String> condition) throws Exception {
        String said = "";
        for (int i = 0; i < 300; i++) {
            said = node.run("tier6:sources --json");
            for (var source : com.google.gson.JsonParser.parseString(said).getAsJsonArray()) {
                if (source.toString().contains(name) && condition.test(source.toString())) {
                    return;
                }
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the node says of " + name + " only: " + said);
    }

    /** A bundle with the class {@link Hostile} and what is inside it. */
    private InputStream jar(String name, Hostile.Kind kind, String secret) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", name);
        headers.putValue("Bundle-Version", "6.6.6");
        headers.putValue("Bundle-Activator", Hostile.class.getName());
        headers.putValue("Import-Package", "org.osgi.framework,tier6.api.discovery,tier6.api.peer");
        headers.putValue(Hostile.KIND, kind.name());
        headers.putValue("Hostile-Secret", secret);
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
