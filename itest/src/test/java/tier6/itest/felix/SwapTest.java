package tier6.itest.felix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.inject.Inject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import tier6.api.node.Node;
import tier6.api.node.RoleStatus;
import tier6.api.node.SourceStatus;
import tier6.api.tap.Tap;
import tier6.api.tap.TapConfig;
import tier6.api.tap.TapDriver;
import tier6.api.transport.LinkStatus;
import tier6.itest.net.Jars;
import tier6.tap.memory.MemoryHost;
import tier6.tap.memory.MemoryTapDriver;

/** Every part of a node that can be swapped is, in Felix with the shipped bundles, while pings go to and fro. */
@InFelix(nodes = 2)
class SwapTest {
    private static final String TAP = "mem0";
    private static final String PEER_ADDRESS = "10.6.0.2";
    private static final int LEAK_SWAPS = 12;

    @Inject
    private BundleContext context;

    @Inject
    private MemoryTapDriver driver;

    private StaticNode here() {
        return new StaticNode(context, "swap", 0);
    }

    private void ping(String target) throws Exception {
        here().ping(target);
    }

    private String run(String command) throws Exception {
        return here().run(command);
    }

    private void set(String pid, String... pairs) throws Exception {
        here().set(pid, pairs);
    }

    private Bundle bundle(String name) {
        for (Bundle bundle : context.getBundles()) {
            if (bundle.getSymbolicName().equals(name)) {
                return bundle;
            }
        }
        throw new AssertionError("no bundle " + name);
    }

    /** With a short grace period. */
    private void mesh(String target) throws Exception {
        set("tier6.mesh", "tap.name", TAP, "tap.mac", "06:01:00:00:00:00", "driver.target", target, "grace", "1");
    }

    @Test
    @Order(1)
    @InNode(1)
    void theOtherIsConfigured() throws Exception {
        StaticNode other = new StaticNode(context, "swap", 1);
        other.start();
        other.host();
    }

    @Test
    @Order(2)
    void theOneIsConfiguredAndPings() throws Exception {
        here().start();
        mesh("(kind=memory)");
        ping(PEER_ADDRESS);
        for (String role : List.of("tap", "transport", "switch", "underlay", "discovery")) {
            assertTrue(role(role).serving().isPresent(), run("tier6:swap"));
        }
    }

    private Node node() {
        return context.getService(context.getServiceReference(Node.class));
    }

    private RoleStatus role(String name) {
        return node().roles().stream()
                .filter(role -> role.role().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private String serving(String role) {
        return role(role).serving().map(RoleStatus.Backend::name).orElse("none");
    }

    private LinkStatus link() {
        return node().peers().get(0).link().orElseThrow();
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 400; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("waited in vain for " + what);
    }

    /** Pings without a pause while something is done; returns how many were not answered. */
    private int unansweredDuring(Action action) throws Exception {
        MemoryHost host = here().host();
        InetAddress peer = InetAddress.getByName(PEER_ADDRESS);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger unanswered = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        Thread pinger = new Thread(() -> {
            while (!done.get() || answered.get() == 0) {
                try {
                    boolean answer = host.ping(peer, Duration.ofSeconds(2)).isPresent();
                    (answer ? answered : unanswered).incrementAndGet();
                } catch (InterruptedException e) {
                    unanswered.incrementAndGet();
                }
            }
        });
        pinger.start();
        try {
            action.run();
            Thread.sleep(300);
        } finally {
            done.set(true);
            pinger.join();
        }
        return unanswered.get();
    }

    private interface Action {
        void run() throws Exception;
    }

    /** As {@code felix:update} with the same jar. */
    private void update(String name) throws Exception {
        Bundle bundle = bundle(name);
        try (InputStream jar = URI.create(bundle.getLocation()).toURL().openStream()) {
            bundle.update(jar);
        }
    }

    private void assertSameSession(Duration linkAge) {
        assertEquals(LinkStatus.State.UP, link().state());
        assertTrue(link().stateSince().compareTo(linkAge) >= 0, "the tunnel is as old as before, and older");
    }

    /** Opens what the shipped driver opens. */
    private TapDriver other(String kind, boolean works) {
        return new TapDriver() {
            @Override
            public String kind() {
                return kind;
            }

            @Override
            public Tap open(TapConfig config) throws IOException {
                if (!works) {
                    throw new IOException("it is not meant to work");
                }
                return driver.open(config);
            }
        };
    }

    private ServiceRegistration<TapDriver> register(TapDriver other) {
        return context.registerService(TapDriver.class, other, new Hashtable<>(Map.of("kind", other.kind())));
    }

    @Test
    @Order(3)
    void aTapDriverIsSwappedByTheShellByConfigurationAndByItsBundle() throws Exception {
        Duration linkAge = link().stateSince();
        ServiceRegistration<TapDriver> other = register(other("other", true));
        assertEquals("memory", serving("tap"), "what the configuration does not admit waits");

        String shown = run("tier6:swap tap other");
        assertEquals("other", serving("tap"), shown);
        assertTrue(shown.contains("memory*"), shown);
        ping(PEER_ADDRESS);
        run("tier6:swap tap back");
        assertEquals("memory", serving("tap"));

        mesh("(kind=other)");
        await("the other by configuration", () -> serving("tap").equals("other"));
        ping(PEER_ADDRESS);

        mesh("(|(kind=other)(kind=memory))");
        other.unregister();
        assertEquals("other", serving("tap"), "its interface outlives it");
        await("the shipped one", () -> serving("tap").equals("memory"));
        ping(PEER_ADDRESS);
        assertSameSession(linkAge);
    }

    @Test
    @Order(4)
    void aDriverThatCannotOpenLeavesTheOldOneInPlaceAndItIsSaid() throws Exception {
        ServiceRegistration<TapDriver> broken = register(other("broken", false));
        int unanswered = unansweredDuring(() -> {
            try {
                node().swap("tap", "broken");
                throw new AssertionError("it was swapped");
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("not meant to work"), e.getMessage());
                assertTrue(e.getMessage().contains("memory serves on"), e.getMessage());
            }
        });
        assertEquals(0, unanswered);
        JsonObject tap = JsonParser.parseString(run("tier6:swap tap --json"))
                .getAsJsonObject()
                .getAsJsonArray("roles")
                .get(0)
                .getAsJsonObject();
        assertTrue(tap.get("problem").getAsString().contains("not meant to work"), tap.toString());
        assertEquals("memory", serving("tap"));
        broken.unregister();
    }

    @Test
    @Order(5)
    void aSourceIsUpdatedStoppedAndStarted() throws Exception {
        Duration linkAge = link().stateSince();
        assertEquals(0, unansweredDuring(() -> update("tier6.discovery.static")));
        assertEquals(0, unansweredDuring(() -> {
            bundle("tier6.discovery.static").stop();
            bundle("tier6.discovery.static").start();
        }));
        await("the source", () -> node().sources().stream().anyMatch(source -> source.peers() == 1));
        Thread.sleep(1_200); // what was said by those that have gone ends now
        assertEquals(1, node().peers().size());
        assertSameSession(linkAge);
    }

    /** As when somebody drops the next version beside the one that is there: two that ask one cathedral get no answers. */
    @Test
    @Order(6)
    void ofTwoVersionsOfASourceTheNewestServesWhileItIsThere() throws Exception {
        Duration linkAge = link().stateSince();
        Path jar = Jars.version(
                Jars.shipped("tier6.discovery.static"), "0.9.0", Files.createTempFile("tier6-discovery", ".jar"));
        String shipped = sourcesThatServe().get(0);
        assertEquals(0, unansweredDuring(() -> {
            Bundle newer = context.installBundle(jar.toUri().toString());
            newer.start();
            await("the newer one", () -> sourcesThatServe().equals(List.of("tier6.discovery.static 0.9.0")));
            assertTrue(run("tier6:sources").contains("0.9.0 serves instead"), run("tier6:sources"));
            newer.uninstall();
            await("the shipped one", () -> sourcesThatServe().equals(List.of(shipped)));
        }));
        Files.delete(jar);
        Thread.sleep(1_200); // what was said by those that have gone ends now
        assertEquals(1, node().peers().size());
        assertSameSession(linkAge);
    }

    /** Bundles of the sources that announce somebody. */
    private List<String> sourcesThatServe() {
        return node().sources().stream()
                .filter(source -> source.peers() > 0)
                .map(SourceStatus::bundle)
                .toList();
    }

    @Test
    @Order(7)
    void aSwitchIsUpdatedAndTheNextOneKnowsTheAddresses() throws Exception {
        Duration linkAge = link().stateSince();
        assertTrue(unansweredDuring(() -> update("tier6.vswitch")) <= 1);
        assertTrue(run("tier6:macs").contains("06:02:00:00:00:00"));
        assertTrue(role("switch").since().compareTo(linkAge) < 0, "it is another one");
        assertEquals("0", run("tier6:counters --json").replaceAll("(?s).*\"switch.frames-flooded\": (\\d+).*", "$1"));
        assertSameSession(linkAge);
    }

    @Test
    @Order(8)
    void theUnderlayIsSwappedByTheShellByConfigurationAndByItsBundle() throws Exception {
        Duration linkAge = link().stateSince();
        String first = serving("underlay");
        if (!first.equals("nio")) {
            run("tier6:swap underlay nio");
            assertEquals("nio", serving("underlay"));
            ping(PEER_ADDRESS);
            run("tier6:swap underlay back");
            assertEquals(first, serving("underlay"));
            ping(PEER_ADDRESS);
            update("tier6.underlay." + first);
            await("the updated one", () -> role("underlay").problem().isEmpty());
            assertEquals(first, serving("underlay"));
        }
        set(
                "tier6.transport.sanctum",
                "kek.id",
                "01",
                "local",
                "127.0.0.1",
                "flock",
                "0",
                "underlay.target",
                "(kind=nio)");
        await("nio by configuration", () -> serving("underlay").equals("nio"));
        ping(PEER_ADDRESS);
        assertSameSession(linkAge);
    }

    @Test
    @Order(9)
    void optionalBundlesAreNotMissed() throws Exception {
        List<String> optional = List.of(
                "tier6.shell",
                "tier6.cathedral",
                "tier6.console",
                "tier6.metrics",
                "tier6.http",
                "tier6.names",
                "tier6.control",
                "tier6.diagnosis",
                "tier6.admission",
                "tier6.discovery.reliquary",
                "tier6.discovery.lan",
                "tier6.discovery.file",
                "tier6.config");
        assertEquals(0, unansweredDuring(() -> {
            for (String name : optional) {
                bundle(name).stop();
                bundle(name).start();
                update(name);
                String jar = bundle(name).getLocation();
                bundle(name).uninstall();
                context.installBundle(jar).start();
            }
        }));
        for (String name : optional) {
            assertEquals(Bundle.ACTIVE, bundle(name).getState(), name);
        }
    }

    @Test
    @Order(10)
    void theTransportIsUpdatedAndTheMeshConnectsAgain() throws Exception {
        Duration interfaceAge = role("tap").since();
        update("tier6.transport.sanctum");
        ping(PEER_ADDRESS);
        assertTrue(role("tap").since().compareTo(interfaceAge) >= 0, "the interface is the same");
    }

    /** What drivers share is not swapped with them: who uses it begins again, with the new one. */
    @Test
    @Order(11)
    void whatDriversShareIsUpdated() throws Exception {
        Bundle libc = bundle("tier6.libc");
        update("tier6.libc");
        context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
                .adapt(FrameworkWiring.class)
                .refreshBundles(List.of(libc));
        for (String driver : List.of("tier6.tap.linux", "tier6.underlay.linux")) {
            await(driver + " with the new one", () -> runsOn(bundle(driver), libc));
        }
        ping(PEER_ADDRESS);
    }

    private static boolean runsOn(Bundle bundle, Bundle library) {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        return bundle.getState() == Bundle.ACTIVE
                && wiring != null
                && wiring.getRequiredWires(null).stream()
                        .anyMatch(wire -> wire.getProviderWiring().equals(library.adapt(BundleWiring.class)));
    }

    /** Whatever was swapped often leaves no class loader and no thread behind. */
    @Test
    @Order(12)
    void nothingIsLeftBehind() throws Exception {
        List<String> swapped = List.of(
                "tier6.vswitch",
                "tier6.discovery.static",
                "tier6.underlay.nio",
                "tier6.underlay.linux",
                "tier6.tap.linux",
                "tier6.transport.sanctum",
                "tier6.shell");
        set("tier6.transport.sanctum", "kek.id", "01", "local", "127.0.0.1", "flock", "0");
        for (String name : swapped) {
            update(name);
        }
        ping(PEER_ADDRESS);
        Thread.sleep(2_500); // what the grace period kept goes
        Map<String, Integer> threads = threads();
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < LEAK_SWAPS; i++) {
            for (String name : swapped) {
                loaders.add(new WeakReference<>(
                        bundle(name).adapt(BundleWiring.class).getClassLoader()));
                update(name);
            }
        }
        ping(PEER_ADDRESS);
        await("the old class loaders to go", () -> {
            System.gc();
            return loaders.stream().allMatch(loader -> loader.refersTo(null));
        });
        await(
                "the threads to be as before, " + threads + ", now " + threads(),
                () -> threads().equals(threads));
        assertFalse(threads.isEmpty());
    }

    /** How many threads of tier6 there are, by name. */
    private static Map<String, Integer> threads() {
        Map<String, Integer> threads = new TreeMap<>();
        Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("tier6"))
                .forEach(name -> threads.merge(name, 1, Integer::sum));
        return threads;
    }
}
