package tier6.itest.net;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cathedral and two nodes on real interfaces, with streams between the nodes: 1,000 datagrams a second each way, and a
 * TCP transfer. What node 1 consists of is swapped meanwhile. It runs as nobody, from an installation of its own.
 */
final class SwapLab implements AutoCloseable {
    static final int RATE = 1000;
    private static final int BYTES = 200;
    private static final long UNDER_WAY = 250_000_000L; // until what was sent is in the log of the other end
    private static final long CALM = 300_000_000L;
    private static final int LONGEST_SECONDS = 4 * 3600;
    private static final Pattern DONE = Pattern.compile("done (\\d+) (\\p{XDigit}+)");

    private final Path directory;
    private final Mesh mesh;
    private final Path home;
    private final Map<String, Path> jars = new LinkedHashMap<>();

    SwapLab(Path directory) throws IOException {
        this.directory = directory;
        mesh = new Mesh(directory, 1500, 0, Mesh.Kind.OURS, Mesh.Kind.OURS, Mesh.Kind.OURS);
        home = mesh.install(1);
    }

    Mesh mesh() {
        return mesh;
    }

    NodeShell shell() {
        return new NodeShell(mesh.socket(1));
    }

    Path plugins() {
        return home.resolve("plugins");
    }

    Path etc() {
        return home.resolve("etc");
    }

    String log() throws IOException {
        return mesh.node(1).logText("node");
    }

    /** Starts everybody and the streams; returns when all flows and the paths are direct. */
    void start() throws Exception {
        mesh.startAll();
        mesh.awaitFullMesh(30);
        mesh.awaitDirect();
        for (int n = 1; n <= 2; n++) {
            mesh.startTool(n, "receiver", "receive", "5000", "600", udpLog("received", n));
            mesh.startTool(TcpTool.class, n, "taker", "receive", "5001");
            int node = n;
            mesh.await(
                    "receivers",
                    20,
                    () -> text(node, "receiver").contains("ready")
                            && text(node, "taker").contains("ready"));
        }
        for (int n = 1; n <= 2; n++) {
            String peer = Mesh.v4(3 - n);
            mesh.startTool(
                    n, "sender", "send", peer, "5000", "" + RATE, "" + BYTES, "" + LONGEST_SECONDS, udpLog("sent", n));
            mesh.startTool(
                    TcpTool.class, n, "giver", "send", peer, "5001", stopFile().toString());
            int node = n;
            mesh.await("traffic from node " + n, 10, () -> Files.exists(Path.of(udpLog("sent", node))));
        }
        Thread.sleep(1_000);
    }

    private Path stopFile() {
        return directory.resolve("stop");
    }

    private String udpLog(String what, int n) {
        return directory.resolve(what + n).toString();
    }

    private String text(int n, String what) {
        try {
            return mesh.node(n).logText(what);
        } catch (IOException e) {
            return "";
        }
    }

    /** What node 1 sent and what it was sent. */
    record Losses(UdpLog.Loss out, UdpLog.Loss in) {
        int worst() {
            return Math.max(out.lost(), in.lost());
        }

        long recoveredMillis() {
            return Math.max(out.recoveredMillis(), in.recoveredMillis());
        }

        @Override
        public String toString() {
            return "lost " + out.lost() + " of " + out.sent() + " out, " + in.lost() + " of " + in.sent()
                    + " in; all there again after " + recoveredMillis() + " ms";
        }
    }

    /** What was lost between two times of {@link System#nanoTime}. */
    Losses losses(long from, long to) throws IOException {
        return new Losses(
                UdpLog.read(Path.of(udpLog("sent", 1)), Path.of(udpLog("received", 2)))
                        .between(from, to),
                UdpLog.read(Path.of(udpLog("sent", 2)), Path.of(udpLog("received", 1)))
                        .between(from, to));
    }

    /** Something that is done to node 1. */
    interface Action {
        void run() throws Exception;
    }

    /** Does something and waits until the streams flow again; says what they suffered. */
    Losses during(Action action) throws Exception {
        long from = System.nanoTime();
        action.run();
        long done = System.nanoTime();
        mesh.await("both streams to flow", 30, () -> flows(done));
        return losses(from, System.nanoTime() - UNDER_WAY);
    }

    /** Whether a while of what was sent after that time was all received. */
    private boolean flows(long since) {
        try {
            long to = System.nanoTime() - UNDER_WAY;
            long from = to - CALM;
            Losses calm = losses(from, to);
            return from - since > 0
                    && calm.worst() == 0
                    && calm.out().sent() > 0
                    && calm.in().sent() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** A shipped bundle as another version. */
    Path jar(String bundle, String version) throws IOException {
        String name = bundle + "-" + version + ".jar";
        Path jar = jars.get(name);
        if (jar == null) {
            jar = Jars.version(Jars.shipped(bundle), version, directory.resolve(name));
            jars.put(name, jar);
        }
        return jar;
    }

    /** Updates a bundle by Felix's command. */
    void update(String bundle, String version) throws Exception {
        String number = "" + shell().bundle(bundle);
        String said = tell("felix:update " + number + " " + jar(bundle, version).toUri());
        mesh.await(bundle + " to be updated: " + said, 10, () -> isActive(bundle + " (" + version + ")"));
    }

    /** Stops, starts and updates a bundle, takes it away, and brings it back. */
    void replace(String bundle, String version) throws Exception {
        String number = "" + shell().bundle(bundle);
        tell("felix:stop " + number + "; felix:start " + number);
        mesh.await(bundle + " to run again", 10, () -> isActive(bundle));
        update(bundle, version);
        String jar = jar(bundle, version).toUri().toString();
        tell("felix:uninstall " + number + "; felix:start " + jar);
        mesh.await(bundle + " to be back", 10, () -> isActive(bundle));
    }

    /** Runs a line that may cost the shell itself. */
    private String tell(String line) {
        try {
            return shell().line(line);
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private boolean isActive(String bundle) {
        return tell("felix:lb -s").lines().anyMatch(line -> line.contains(bundle) && line.contains("Active"));
    }

    /** Copies a jar into {@code plugins}, in one move. */
    void drop(Path jar, String as) throws IOException {
        Path copy = Files.copy(jar, plugins().resolve(as + ".part"));
        Files.move(copy, plugins().resolve(as), ATOMIC_MOVE);
    }

    /** Waits until a role is served by who is meant. */
    void awaitServing(String role, String part) throws Exception {
        mesh.await(role + " to be served by " + part, 20, () -> {
            try {
                return shell().serving(role).contains(part);
            } catch (IOException e) {
                return false;
            }
        });
    }

    /** How often the interface of node 1 lost or got its carrier. */
    int carrierChanges() {
        return Integer.parseInt(mesh.node(1)
                .run("cat", "/sys/class/net/" + Mesh.TAP + "/carrier_changes")
                .strip());
    }

    /** Addresses and routes of the interface of node 1. */
    List<String> addressesAndRoutes() {
        String text = mesh.node(1).run("ip", "-o", "addr", "show", "dev", Mesh.TAP)
                + mesh.node(1).run("ip", "route", "show", "dev", Mesh.TAP);
        return text.lines().map(line -> line.replaceAll("\\s+", " ").strip()).toList();
    }

    /** Ends the TCP transfers; what both ends of that from node {@code n} printed. */
    List<String> endTransfer(int n) throws Exception {
        if (!Files.exists(stopFile())) {
            Files.createFile(stopFile());
        }
        mesh.await(
                "the transfer from node " + n,
                30,
                () -> done(n, "giver").isPresent() && done(3 - n, "taker").isPresent());
        return List.of(done(n, "giver").orElseThrow(), done(3 - n, "taker").orElseThrow());
    }

    private Optional<String> done(int n, String what) {
        Matcher matcher = DONE.matcher(text(n, what));
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    @Override
    public void close() {
        mesh.close();
        Command.tryRun("rm", "-rf", mesh.socket(1).getParent().toString());
    }
}
