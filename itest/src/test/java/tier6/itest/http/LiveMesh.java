package tier6.itest.http;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import tier6.admission.FlockHome;
import tier6.api.node.Node;
import tier6.api.transport.LinkStatus;
import tier6.cathedral.CathedralConf;
import tier6.cathedral.CathedralHome;
import tier6.config.Tier6Conf;
import tier6.itest.felix.Distribution;
import tier6.launcher.NodeFramework;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;
import tier6.tap.memory.MemoryHost;
import tier6.tap.memory.MemoryTapDriver;

/**
 * A cathedral and nodes as the distribution ships them, each in a framework of its own, with hosts in memory that ping each
 * other over real UDP. Node 1 serves HTTP.
 */
final class LiveMesh implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private static final String SHARED = Stream.of(
                            "counter",
                            "discovery",
                            "event",
                            "frame",
                            "node",
                            "peer",
                            "tap",
                            "transport",
                            "underlay",
                            "vswitch")
                    .map(name -> "tier6.api." + name + ";version=0.1.0")
                    .collect(Collectors.joining(","))
            + ",tier6.tap.memory;version=0.1.0";

    private final Path directory;
    private final CathedralHome home;
    private final InetSocketAddress cathedral;
    private final NodeFramework cathedralFramework;
    private final Map<Integer, NodeFramework> nodes = new TreeMap<>();
    private final ScheduledExecutorService traffic = Executors.newScheduledThreadPool(2, task -> {
        Thread thread = new Thread(task, "traffic");
        thread.setDaemon(true);
        return thread;
    });
    private final int port;

    /**
     * Makes keys and starts the cathedral, no node yet.
     *
     * @param devices how many nodes there may be
     */
    LiveMesh(Path directory, int devices) throws Exception {
        this.directory = directory;
        cathedral = freePair();
        home = CathedralHome.create(
                directory.resolve("flock"),
                0xc0ffee1234567800L,
                devices,
                cathedral,
                cathedral.getPort() + 1,
                RandomSource.secure(),
                Instant.now().getEpochSecond());
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        cathedralFramework = NodeFramework.start(
                settings("cathedral").with(CathedralConf.PROPERTY, home.conf().toString()));
    }

    /** Two UDP ports in a row, as a cathedral needs them. */
    private static InetSocketAddress freePair() throws IOException {
        while (true) {
            try (DatagramSocket first = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
                    DatagramSocket second =
                            new DatagramSocket(new InetSocketAddress("127.0.0.1", first.getLocalPort() + 1))) {
                return new InetSocketAddress("127.0.0.1", second.getLocalPort() - 1);
            } catch (java.net.BindException e) {
                // The second is taken; another pair.
            }
        }
    }

    private NodeFramework.Settings settings(String name) {
        return new NodeFramework.Settings(
                Distribution.directory().resolve("bundle"),
                directory.resolve("cache-" + name),
                Map.of(
                        "gosh.args",
                        "--nointeractive",
                        "felix.fileinstall.dir",
                        etc(name).toString(),
                        "felix.fileinstall.poll",
                        "250",
                        "felix.fileinstall.enableConfigSave",
                        "false",
                        "felix.fileinstall.tmpdir",
                        directory.resolve("tmp-" + name).toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        SHARED));
    }

    private Path etc(String name) {
        return directory.resolve("etc-" + name);
    }

    /** Makes node 1 the keeper of a flock besides, as {@code tier6 up} would. */
    void keepFlock(String name) throws IOException {
        Path owner = directory.resolve("owner");
        InetSocketAddress local = freePair();
        FlockHome home = FlockHome.create(
                owner,
                new FlockHome.Plan(
                        name, local.getPort(), local.getPort() + 1, List.of(local), false, false, Optional.empty()),
                RandomSource.secure(),
                flock -> 0);
        home.admit(Ed25519.publicKey(Ed25519.generate(RandomSource.secure())), "keeper");
        Files.createDirectories(etc("node1"));
        Path cfg = directory.resolve("tier6.admission.cfg");
        Files.writeString(cfg, "directory = " + owner + "\nlocal = 127.0.0.1:" + local.getPort() + "\n");
        Files.move(cfg, etc("node1").resolve("tier6.admission.cfg"));
    }

    /** Starts a node, counted from 1; returns when its interface is there. */
    void start(int number) throws Exception {
        CathedralHome.Device device = home.devices().get(number - 1);
        Path conf = directory.resolve("node" + number + ".conf");
        Files.writeString(conf, """
                runas -
                flock %016x
                cs-id %08x
                kek-id %02x
                cs-path %s
                cosk-path %s
                kek-path %s
                cathedral 127.0.0.1:%d
                local 127.0.0.%d
                tapname mem%d
                tap memory
                """.formatted(
                        home.flock(),
                        device.csId(),
                        device.kekId(),
                        device.cs(),
                        device.cosk(),
                        device.kek(),
                        cathedral.getPort(),
                        10 + number,
                        number));
        if (number == 1) {
            Files.writeString(
                    conf,
                    "http 127.0.0.1:%d\nhttp-token %s\n".formatted(port, tokenFile()),
                    java.nio.file.StandardOpenOption.APPEND);
        }
        NodeFramework node = NodeFramework.start(settings("node" + number).with(Tier6Conf.PROPERTY, conf.toString()));
        nodes.put(number, node);
        waitUntil("the interface of node " + number, () -> host(number) != null);
        host(number).addresses(List.of(address(number)));
    }

    private static InetAddress address(int number) {
        try {
            return InetAddress.getByName("10.6.0." + number);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops one. */
    void stop(int number) {
        nodes.remove(number).close();
    }

    /** Pings from every node to every other, again and again. */
    void makeTraffic() {
        traffic.scheduleWithFixedDelay(
                () -> {
                    for (int from : List.copyOf(nodes.keySet())) {
                        for (int to : List.copyOf(nodes.keySet())) {
                            if (from != to) {
                                ping(from, to);
                            }
                        }
                    }
                },
                0,
                50,
                TimeUnit.MILLISECONDS);
    }

    private void ping(int from, int to) {
        try {
            MemoryHost host = host(from);
            if (host != null) {
                host.ping(address(to), Duration.ofMillis(300));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private MemoryHost host(int number) {
        return service(number, MemoryTapDriver.class) == null
                ? null
                : service(number, MemoryTapDriver.class).host("mem" + number).orElse(null);
    }

    /** A service of a node, or null. */
    <T> T service(int number, Class<T> type) {
        NodeFramework framework = nodes.get(number);
        BundleContext context = framework == null ? null : framework.context();
        ServiceReference<T> reference = context == null ? null : context.getServiceReference(type);
        return reference == null ? null : context.getService(reference);
    }

    /** Waits until node 1 has tunnels to so many peers. */
    void awaitTunnels(int peers) throws InterruptedException {
        waitUntil(
                peers + " tunnels",
                () -> service(1, Node.class).peers().stream()
                                .flatMap(peer -> peer.link().stream())
                                .filter(link -> link.state() == LinkStatus.State.UP)
                                .count()
                        == peers);
    }

    static void waitUntil(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited in vain for " + what);
            }
            Thread.sleep(50);
        }
    }

    NodeFramework framework(int number) {
        return nodes.get(number);
    }

    /** Where node 1 serves. */
    String address() {
        return "http://127.0.0.1:" + port;
    }

    Path tokenFile() {
        return directory.resolve("secrets").resolve("http-token");
    }

    String token() throws IOException {
        return Files.readString(tokenFile()).strip();
    }

    @Override
    public void close() {
        traffic.shutdownNow();
        nodes.values().forEach(NodeFramework::close);
        cathedralFramework.close();
    }
}
