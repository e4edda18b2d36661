package tier6.itest.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import tier6.itest.felix.Distribution;

/** A flock in a {@link Lab}: a cathedral and nodes, each ours or the C program. */
final class Mesh implements AutoCloseable {
    /** Who plays a part. */
    enum Kind {
        OURS,
        C
    }

    static final String TAP = "t6tap";
    private static final long DIRECT_SECONDS = 40;

    private final Lab lab;
    private final TestFlock flock;
    private final Host cathedral;
    private final Kind cathedralKind;
    private final List<Host> nodes = new ArrayList<>();
    private final List<Kind> kinds = new ArrayList<>();
    private final int tapMtu;

    /**
     * Writes keys and configurations and adds the hosts; starts nothing.
     *
     * @param underlayMtu of the Ethernet between the hosts
     * @param tapMtu of the interfaces; 0 leaves it to our nodes
     */
    Mesh(Path directory, int underlayMtu, int tapMtu, Kind cathedralKind, Kind... nodeKinds) throws IOException {
        this.lab = new Lab(directory, underlayMtu);
        this.tapMtu = tapMtu;
        this.cathedralKind = cathedralKind;
        this.cathedral = lab.host("cath", "10.66.0.254");
        this.flock = new TestFlock(directory, nodeKinds.length, cathedral.address());
        for (int n = 1; n <= nodeKinds.length; n++) {
            nodes.add(lab.host("n" + n, "10.66.0." + n));
            kinds.add(nodeKinds[n - 1]);
        }
    }

    /** Where the C programs are, if the machine has them: {@code TIER6_REFERENCE} names their prefix. */
    static Path reference() {
        String prefix = System.getenv("TIER6_REFERENCE");
        return prefix == null ? null : Path.of(prefix, "bin");
    }

    Host cathedral() {
        return cathedral;
    }

    /** Node {@code n}, counted from 1. */
    Host node(int n) {
        return nodes.get(n - 1);
    }

    int size() {
        return nodes.size();
    }

    void startAll() throws Exception {
        startCathedral();
        for (int n = 1; n <= nodes.size(); n++) {
            startNode(n);
        }
    }

    void startCathedral() throws IOException {
        if (cathedralKind == Kind.OURS) {
            cathedral.start(
                    "cathedral",
                    Map.of(),
                    launcher(),
                    "cathedral",
                    flock.cathedralConf().toString());
        } else {
            cathedral.start(
                    "cathedral",
                    Map.of(),
                    reference().resolve("sanctum").toString(),
                    "-c",
                    flock.cathedralConf().toString());
        }
    }

    void stopCathedral() {
        cathedral.stop("cathedral", true);
    }

    /** Starts a node and gives its interface addresses, 10.77.0.N/24 and fd77::N/64. */
    void startNode(int n) throws Exception {
        Host host = node(n);
        String conf = flock.nodeConf(n, kinds.get(n - 1) == Kind.OURS && tapMtu != 0 ? "mtu " + tapMtu : "")
                .toString();
        if (kinds.get(n - 1) == Kind.OURS) {
            host.start("node", Map.of(), launcher(), conf);
        } else {
            host.start("node", Map.of(), reference().resolve("tier6").toString(), conf);
        }
        await(
                host.namespace() + " has an interface",
                20,
                () -> host.tryRun("ip", "link", "show", TAP).output().contains("UP"));
        if (kinds.get(n - 1) == Kind.C) {
            host.run("ip", "link", "set", TAP, "mtu", "1404");
        }
        host.run("ip", "addr", "replace", v4(n) + "/24", "dev", TAP);
        host.run("ip", "-6", "addr", "replace", v6(n) + "/64", "dev", TAP, "nodad");
    }

    void killNode(int n) {
        node(n).stop("node", true);
    }

    static String v4(int n) {
        return "10.77.0." + n;
    }

    static String v6(int n) {
        return "fd77::" + n;
    }

    /** Waits until every node pings every other, for {@code seconds} at most. */
    void awaitFullMesh(long seconds) throws Exception {
        await("every node pings every other", seconds, this::fullMesh);
    }

    boolean fullMesh() {
        for (int a = 1; a <= nodes.size(); a++) {
            for (int b = 1; b <= nodes.size(); b++) {
                if (a != b && !node(a).pings(v4(b))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Waits until every node of ours says that its way to every other is direct. */
    void awaitDirect() throws Exception {
        for (int a = 1; a <= nodes.size(); a++) {
            if (kinds.get(a - 1) == Kind.OURS) {
                Host host = node(a);
                int others = nodes.size() - 1;
                await("node " + a + " is direct to all", DIRECT_SECONDS, () -> directPaths(host) >= others);
            }
        }
    }

    private static long directPaths(Host host) {
        try {
            return host.logText("node")
                    .lines()
                    .filter(line -> line.contains("direct to"))
                    .map(line -> line.replaceAll(".*peer (\\S+):.*", "$1"))
                    .distinct()
                    .count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Runs {@link UdpTool} in a node. */
    void startTool(int n, String what, String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        node(n).start(
                        what,
                        Map.of(),
                        Stream.concat(
                                        Stream.of(java, "-Xmx64m", "-cp", testClasses(), UdpTool.class.getName()),
                                        Stream.of(arguments))
                                .toArray(String[]::new));
    }

    private static String testClasses() {
        try {
            return Path.of(UdpTool.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String launcher() {
        return Distribution.directory().resolve("bin/tier6").toAbsolutePath().toString();
    }

    void await(String what, long seconds, BooleanSupplier condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited " + seconds + " s in vain: " + what + logs());
            }
            Thread.sleep(200);
        }
    }

    /** The last lines of every log, to be read when something failed. */
    private String logs() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(lab.directory())) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".log")).sorted().toList()) {
                List<String> lines = Files.readAllLines(file);
                all.append("\n--- ").append(file.getFileName()).append('\n');
                lines.subList(Math.max(0, lines.size() - 25), lines.size())
                        .forEach(line -> all.append(line).append('\n'));
            }
        }
        return all.toString();
    }

    @Override
    public void close() {
        lab.close();
    }
}
