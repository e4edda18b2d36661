package tier6.itest.net;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tier6.control.Places;
import tier6.itest.felix.Distribution;

/** A flock in a {@link Lab}: a cathedral and nodes, each ours or the C program. */
final class Mesh implements AutoCloseable {
    /** Who plays a part. */
    enum Kind {
        OURS,
        C,
        /** A sanctum daemon with a TAP and one tunnel, to node 1. Nodes only. */
        DAEMON
    }

    /**
     * Who plays, and how.
     *
     * @param cathedrals federated if there are several
     * @param nodes each at the next of the cathedrals
     * @param keys who makes them
     * @param shroud whether all wear one
     * @param relayed whether nodes can reach each other through cathedrals only
     * @param crossed whether daemons are in another flock
     */
    record Cast(
            List<Kind> cathedrals,
            List<Kind> nodes,
            TestFlock.Keys keys,
            boolean shroud,
            boolean relayed,
            boolean crossed) {
        static Cast of(Kind cathedral, Kind... nodes) {
            return new Cast(List.of(cathedral), List.of(nodes), TestFlock.Keys.OURS, false, false, false);
        }

        Cast with(TestFlock.Keys other) {
            return new Cast(cathedrals, nodes, other, shroud, relayed, crossed);
        }

        Cast shrouded() {
            return new Cast(cathedrals, nodes, keys, true, relayed, crossed);
        }

        Cast relaying() {
            return new Cast(cathedrals, nodes, keys, shroud, true, crossed);
        }

        Cast crossing() {
            return new Cast(cathedrals, nodes, keys, shroud, relayed, true);
        }
    }

    static final String TAP = "t6tap";
    private static final long DIRECT_SECONDS = 40;

    private final Lab lab;
    private final TestFlock flock;
    private final Cast cast;
    private final List<Host> cathedrals = new ArrayList<>();
    private final List<Host> nodes = new ArrayList<>();
    private final int tapMtu;
    private final Map<Integer, Path> installations = new HashMap<>();

    /**
     * Writes keys and configurations and adds the hosts; starts nothing.
     *
     * @param underlayMtu of the Ethernet between the hosts
     * @param tapMtu of the interfaces; 0 leaves it to our nodes
     */
    Mesh(Path directory, int underlayMtu, int tapMtu, Kind cathedralKind, Kind... nodeKinds) throws IOException {
        this(directory, underlayMtu, tapMtu, Cast.of(cathedralKind, nodeKinds));
    }

    /** As the other one, for any cast. */
    Mesh(Path directory, int underlayMtu, int tapMtu, Cast cast) throws IOException {
        this.lab = new Lab(directory, underlayMtu);
        this.tapMtu = tapMtu;
        this.cast = cast;
        try {
            for (int c = 1; c <= cast.cathedrals().size(); c++) {
                cathedrals.add(lab.host("cath" + c, "10.66.0." + (255 - c)));
            }
            this.flock = new TestFlock(
                    directory,
                    new TestFlock.Plan(
                            cast.nodes().size(),
                            strangers(),
                            cathedrals.stream().map(Host::address).toList(),
                            cast.shroud(),
                            cast.relayed(),
                            cast.keys(),
                            cast.keys() == TestFlock.Keys.OURS
                                    ? null
                                    : reference().resolve("ambry")));
            for (int n = 1; n <= cast.nodes().size(); n++) {
                nodes.add(lab.host("n" + n, "10.66.0." + n));
                if (cast.relayed()) {
                    lab.isolate("n" + n);
                }
            }
        } catch (IOException | RuntimeException | Error e) {
            lab.close();
            throw e;
        }
    }

    private Set<Integer> strangers() {
        return IntStream.rangeClosed(1, cast.nodes().size())
                .filter(n -> cast.crossed() && kind(n) == Kind.DAEMON)
                .boxed()
                .collect(Collectors.toSet());
    }

    /** Where the C programs are, if the machine has them: {@code TIER6_REFERENCE} names their prefix. */
    static Path reference() {
        String prefix = System.getenv("TIER6_REFERENCE");
        return prefix == null ? null : Path.of(prefix, "bin");
    }

    /** The first one. */
    Host cathedral() {
        return cathedrals.get(0);
    }

    /** Its keys. */
    TestFlock flock() {
        return flock;
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
        for (int c = 1; c <= cathedrals.size(); c++) {
            String conf = flock.cathedralConf(c).toString();
            if (cast.cathedrals().get(c - 1) == Kind.OURS) {
                cathedrals.get(c - 1).start("cathedral", Map.of(), launcher(), "cathedral", conf);
            } else {
                cathedrals
                        .get(c - 1)
                        .start(
                                "cathedral",
                                Map.of(),
                                reference().resolve("sanctum").toString(),
                                "-c",
                                conf);
            }
        }
    }

    void stopCathedral() {
        cathedrals.forEach(cathedral -> cathedral.stop("cathedral", true));
    }

    /** Starts a node and gives its interface addresses, 10.77.0.N/24 and fd77::N/64. */
    void startNode(int n) throws Exception {
        Host host = node(n);
        switch (kind(n)) {
            case OURS -> host.start("node", Map.of(), launcher(n), conf(n).toString());
            case C ->
                host.start(
                        "node",
                        Map.of(),
                        reference().resolve("tier6").toString(),
                        flock.nodeConf(n, "").toString());
            case DAEMON ->
                host.start(
                        "node",
                        Map.of(),
                        reference().resolve("sanctum").toString(),
                        "-c",
                        flock.daemonConf(n, 1).toString());
        }
        await(
                host.namespace() + " has an interface",
                45,
                () -> host.tryRun("ip", "link", "show", TAP).output().contains("UP"));
        if (kind(n) == Kind.C) {
            host.run("ip", "link", "set", TAP, "mtu", "1404");
        }
        host.run("ip", "addr", "replace", v4(n) + "/24", "dev", TAP);
        host.run("ip", "-6", "addr", "replace", v6(n) + "/64", "dev", TAP, "nodad");
    }

    private Kind kind(int n) {
        return cast.nodes().get(n - 1);
    }

    private String extra(int n) {
        StringBuilder extra = new StringBuilder();
        if (tapMtu != 0) {
            extra.append("mtu ").append(tapMtu).append('\n');
        }
        if (cast.shroud()) {
            extra.append("shroud yes\n");
        }
        for (int other = 1; n == 1 && other <= size(); other++) {
            if (kind(other) == Kind.DAEMON) {
                extra.append("tunnel ").append(flock.tunnelTo(other)).append('\n');
            }
        }
        return extra.toString();
    }

    /** Whether two nodes have a tunnel: a daemon has one only, and that to node 1. */
    private boolean connected(int a, int b) {
        return a != b && (a == 1 || b == 1 || kind(a) != Kind.DAEMON && kind(b) != Kind.DAEMON);
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
                if (connected(a, b) && !node(a).pings(v4(b))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Waits until every node of ours says that its way to every other is direct. */
    void awaitDirect() throws Exception {
        for (int a = 1; a <= nodes.size(); a++) {
            if (kind(a) == Kind.OURS) {
                Host host = node(a);
                int self = a;
                long others = IntStream.rangeClosed(1, size())
                        .filter(b -> connected(self, b))
                        .count();
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
        startTool(UdpTool.class, n, what, arguments);
    }

    /** Runs a program of this package in a node. */
    void startTool(Class<?> program, int n, String what, String... arguments) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        node(n).start(
                        what,
                        Map.of(),
                        Stream.concat(
                                        Stream.of(java, "-Xmx64m", "-cp", testClasses(), program.getName()),
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

    /**
     * Gives a node an installation of its own, with {@code plugins} and {@code etc} of its own, and a name of its own for
     * its control socket.
     */
    Path install(int n) throws IOException {
        Path home = lab.directory().resolve("installation" + n);
        Command.run("cp", "-a", Distribution.directory().toString(), home.toString());
        installations.put(n, home);
        return home;
    }

    /** Where a node that was installed listens for commands. */
    Path socket(int n) {
        return Places.socket(node(n).namespace());
    }

    private Path conf(int n) throws IOException {
        Path conf = flock.nodeConf(n, extra(n));
        return installations.containsKey(n)
                ? Files.move(conf, conf.resolveSibling(node(n).namespace() + ".conf"), REPLACE_EXISTING)
                : conf;
    }

    private String launcher(int n) {
        Path home = installations.get(n);
        return home == null ? launcher() : home.resolve("bin/tier6").toString();
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
