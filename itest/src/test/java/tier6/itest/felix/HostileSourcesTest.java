package tier6.itest.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
import tier6.api.node.Node;
import tier6.api.node.RoleStatus;
import tier6.api.tap.TapDriver;
import tier6.api.transport.Transport;
import tier6.api.underlay.Underlay;
import tier6.api.vswitch.VirtualSwitch;

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
    @Order(6)
    @InNode(0)
    void pluginsThatDoHarmAreNamedAndTrafficGoesOn() throws Exception {
        StaticNode node = new StaticNode(context, SECRET_FILE, 0);
        System.clearProperty(Hostile.END);
        try (Traffic traffic = new Traffic(node)) {
            traffic.flows();
            List<Bundle> bundles = new ArrayList<>();
            for (Hostile.Kind kind : Hostile.Kind.values()) {
                Bundle bundle = context.installBundle(
                        name(kind),
                        jar(
                                name(kind),
                                Hostile.class,
                                kind,
                                Map.of("Hostile-Secret", node.secret().toString())));
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

    /** As below, with backends of each role that rank higher than who serves: none of them ever does. */
    @Test
    @Order(3)
    @InNode(0)
    void backendsThatDoHarmDoNotServe() throws Exception {
        StaticNode node = new StaticNode(context, SECRET_FILE, 0);
        System.clearProperty(Hostile.END);
        Map<String, Class<?>> roles = Map.of(
                "tap", TapDriver.class,
                "switch", VirtualSwitch.class,
                "transport", Transport.class,
                "underlay", Underlay.class);
        node.admit("(|(kind=memory)(kind=hostile))");
        try (Traffic traffic = new Traffic(node)) {
            for (Hostile.Kind kind : List.of(Hostile.Kind.THROWS, Hostile.Kind.BLOCKS)) {
                String reason = kind == Hostile.Kind.THROWS ? "what/is/not/there" : "did not answer";
                for (Map.Entry<String, Class<?>> role : roles.entrySet()) {
                    String name = "hostile." + role.getKey();
                    RoleStatus before = role(role.getKey());
                    Bundle bundle = context.installBundle(
                            name + kind,
                            jar(
                                    name,
                                    HostileBackend.class,
                                    kind,
                                    Map.of(
                                            HostileBackend.INTERFACE,
                                            role.getValue().getName())));
                    bundle.start();
                    String problem = "";
                    for (int i = 0; i < 150 && !problem.contains(reason); i++) {
                        Thread.sleep(100);
                        problem = role(role.getKey()).problem().orElse("");
                    }
                    assertTrue(problem.startsWith("hostile of " + name + " 6.6.6 cannot serve: "), name + problem);
                    assertTrue(problem.contains(reason), problem);
                    assertTrue(node.run("tier6:swap").replaceAll("\\s+", " ").contains(problem), problem);
                    bundle.uninstall();
                    assertEquals(before.serving(), role(role.getKey()).serving());
                    assertTrue(role(role.getKey()).since().compareTo(before.since()) >= 0, "all the time");
                }
            }
            traffic.flows();
            assertEquals(0, traffic.lost.get(), "of " + traffic.sent.get() + " pings");
        } finally {
            System.setProperty(Hostile.END, "true");
        }
    }

    /** A backend, who works for it, and the methods that go wrong. */
    private record Late(String role, Class<?> type, String worker, String methods) {}

    /** As below, with backends that served well until something in them went wrong: who was there before serves again. */
    @Test
    @Order(4)
    @InNode(0)
    void backendsThatDoHarmLaterGiveWay() throws Exception {
        StaticNode node = new StaticNode(context, SECRET_FILE, 0);
        for (Late late : List.of(
                new Late("tap", TapDriver.class, "memory", "read"),
                new Late("tap", TapDriver.class, "memory", "write close"),
                new Late("tap", TapDriver.class, "memory", "read write park wakeup close counters name mtu"),
                new Late("underlay", Underlay.class, "nio", "poll"),
                new Late("underlay", Underlay.class, "nio", "send"),
                new Late("underlay", Underlay.class, "nio", "poll send wakeup local counters open"),
                new Late("transport", Transport.class, "sanctum", "send"),
                new Late("transport", Transport.class, "sanctum", "send update status connect counters mtu"))) {
            RoleStatus.Backend before = role(late.role()).serving().orElseThrow();
            Bundle bundle = install(late);
            try {
                awaitRole(node, late, "hostile", "");
                node.ping("10.6.0.2");
                System.setProperty(HostileLater.HARM, "THROWS " + late.methods());
                awaitRole(node, late, before.name(), "hostile of hostile." + late.role() + " 6.6.6 fails: ");
                node.ping("10.6.0.2");
                String shown = node.run("tier6:swap").replaceAll("\\s+", " ");
                assertTrue(shown.contains("hostile." + late.role() + " 6.6.6 fails: "), shown);
                assertTrue(node.run("tier6:peers").contains("up"), node.run("tier6:peers"));
            } finally {
                System.clearProperty(HostileLater.HARM);
                bundle.uninstall();
            }
        }
        try (Traffic traffic = new Traffic(node)) {
            traffic.flows();
            assertEquals(0, traffic.lost.get(), "of " + traffic.sent.get() + " pings");
        }
    }

    /** As above, but they do not return from close. */
    @Test
    @Order(5)
    @InNode(0)
    void backendsThatDoNotCloseAreLeftBehind() throws Exception {
        StaticNode node = new StaticNode(context, SECRET_FILE, 0);
        System.clearProperty(Hostile.END);
        try {
            for (Late late : List.of(
                    new Late("tap", TapDriver.class, "memory", "close"),
                    new Late("underlay", Underlay.class, "nio", "close"),
                    new Late("transport", Transport.class, "sanctum", "close"))) {
                RoleStatus.Backend before = role(late.role()).serving().orElseThrow();
                Bundle bundle = install(late);
                awaitRole(node, late, "hostile", "");
                System.setProperty(HostileLater.HARM, "BLOCKS " + late.methods());
                context.getService(context.getServiceReference(Node.class)).swap(late.role(), before.name());
                assertEquals(
                        before.name(), role(late.role()).serving().orElseThrow().name());
                System.setProperty(Hostile.END, "true");
                System.clearProperty(HostileLater.HARM);
                bundle.uninstall();
                node.ping("10.6.0.2");
                System.clearProperty(Hostile.END);
            }
        } finally {
            System.clearProperty(HostileLater.HARM);
            System.setProperty(Hostile.END, "true");
        }
    }

    private Bundle install(Late late) throws Exception {
        Bundle bundle = context.installBundle(
                "late." + late.role(),
                jar(
                        "hostile." + late.role(),
                        HostileLater.class,
                        Hostile.Kind.THROWS,
                        Map.of(HostileBackend.INTERFACE, late.type().getName(), HostileLater.WORKER, late.worker())));
        bundle.start();
        return bundle;
    }

    /** Frames flow all the while, as nothing goes wrong without. */
    private void awaitRole(StaticNode node, Late late, String serving, String problem) throws Exception {
        for (int i = 0; i < 400; i++) {
            RoleStatus now = role(late.role());
            if (now.serving().map(RoleStatus.Backend::name).orElse("none").equals(serving)
                    && now.problem().orElse("").startsWith(problem)) {
                return;
            }
            node.host().ping(InetAddress.getByName("10.6.0.2"), Duration.ofMillis(100));
            Thread.sleep(20);
        }
        throw new AssertionError(late + " instead of " + serving + " " + problem + ": " + role(late.role()));
    }

    private RoleStatus role(String name) {
        return context.getService(context.getServiceReference(Node.class)).roles().stream()
                .filter(role -> role.role().equals(name))
                .findFirst()
                .orElseThrow();
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

    /** A bundle with the hostile classes. */
    private InputStream jar(String name, Class<?> activator, Hostile.Kind kind, Map<String, String> more)
            throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", name);
        headers.putValue("Bundle-Version", "6.6.6");
        headers.putValue("Bundle-Activator", activator.getName());
        headers.putValue("Import-Package", "org.osgi.framework,tier6.api.discovery,tier6.api.peer");
        headers.putValue("DynamicImport-Package", "tier6.api.*");
        headers.putValue(Hostile.KIND, kind.name());
        more.forEach(headers::putValue);
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
