package tier6.itest.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tier6.itest.net.Mesh.Cast;
import tier6.itest.net.Mesh.Kind;

/**
 * Mixed {@link Traffic} through every combination of offloads, ours to ours and ours to the C node, and a table of what was
 * lost, corrupted, duplicated or reordered. Run by {@code itest/bench/soak.sh}; needs root.
 */
public final class Soak {
    private static final List<String> TAP = List.of("auto", "csum", "csum,tso4,tso6", "csum,uso4,uso6", "off");
    private static final List<String> UDP = List.of("auto", "gso", "gro", "off");
    private static final int TAP_MTU = 1404;
    private static final int JUMBO_MTU = 8904;
    private static final int TOTAL_SECONDS = 600;
    private static final Pattern UDP_LINE =
            Pattern.compile("udp \\d+ sent (\\d+) lost (-?\\d+) corrupted (\\d+) duplicated (\\d+) reordered (\\d+)");
    private static final Pattern TCP_LINE = Pattern.compile("tcp bytes (\\d+) bad (\\d+)( cut)?");

    private Soak() {}

    /**
     * One combination.
     *
     * @param nodes {@code ours-ours} or {@code ours-C}
     * @param mtu of the network below
     * @param tap value of {@code offload} of the TAP driver
     * @param udp value of {@code offload} of the underlay
     */
    record Cell(String nodes, int mtu, String tap, String udp) {
        Map<String, Map<String, String>> components() {
            return Map.of("tier6.tap.linux", Map.of("offload", tap), "tier6.underlay.linux", Map.of("offload", udp));
        }

        @Override
        public String toString() {
            return String.format("%-10s %5d  tap %-15s udp %-5s", nodes, mtu, tap, udp);
        }
    }

    /** What both ends say of what came in. */
    record Result(long sent, long lost, long corrupted, long duplicated, long reordered, long tcpBytes, boolean whole) {
        static final String HEADING = String.format(
                "%10s %8s %9s %10s %9s %8s", "datagrams", "lost", "corrupted", "duplicated", "reordered", "TCP MB");

        static Result of(String text) {
            long[] udp = new long[5];
            UDP_LINE.matcher(text).results().forEach(line -> {
                for (int i = 0; i < udp.length; i++) {
                    udp[i] += Long.parseLong(line.group(i + 1));
                }
            });
            long bytes = 0;
            long bad = 0;
            Matcher tcp = TCP_LINE.matcher(text);
            while (tcp.find()) {
                bytes += Long.parseLong(tcp.group(1));
                bad += Long.parseLong(tcp.group(2)) + (tcp.group(3) == null ? 0 : 1);
            }
            boolean whole = text.split("\ncomplete", -1).length == 3 && !text.contains("failed");
            return new Result(udp[0], udp[1], udp[2] + bad, udp[3], udp[4], bytes, whole);
        }

        /** Whether nothing arrived that should not, and all flows came to their end. */
        boolean sound() {
            return whole && corrupted == 0 && duplicated == 0 && reordered == 0;
        }

        @Override
        public String toString() {
            return String.format(
                    "%10d %8d %9d %10d %9d %8d  %s",
                    sent, lost, corrupted, duplicated, reordered, tcpBytes / 1_000_000, sound() ? "ok" : "BAD");
        }
    }

    /** Plays those combinations whose line has all words. */
    public static void main(String[] args) throws Exception {
        if (Arrays.asList(args).contains("--help")) {
            System.out.println("soak.sh [SECONDS] [WORD...]: SECONDS for all combinations together, " + TOTAL_SECONDS
                    + " unless told; only those with all WORDs, such as: soak.sh 60 ours-C auto");
            return;
        }
        boolean timed = args.length > 0 && args[0].matches("\\d+");
        int total = timed ? Integer.parseInt(args[0]) : TOTAL_SECONDS;
        List<String> words = Arrays.asList(args).subList(timed ? 1 : 0, args.length);
        List<Cell> cells = cells().stream()
                .filter(cell -> Arrays.asList(cell.toString().split("\\s+")).containsAll(words))
                .toList();
        if (cells.isEmpty()) {
            System.err.println("no combination has all of " + words);
            System.exit(2);
        }
        int seconds = Math.max(2, total / cells.size());
        System.out.println("each combination for " + seconds + " s: TCP and UDP, IPv4 and IPv6, both ways at once");
        System.out.printf("%-45s %s%n", "nodes        MTU", Result.HEADING);
        int bad = 0;
        for (Cell cell : cells) {
            Path directory = Files.createTempDirectory("tier6-soak");
            try {
                Result result = play(cell, directory, seconds, "both", Map.of());
                System.out.printf("%-45s %s%n", cell, result);
                bad += result.sound() ? 0 : 1;
            } catch (Exception | AssertionError e) {
                System.out.printf("%-45s failed: %s%n", cell, e.getMessage());
                bad++;
            } finally {
                try (Stream<Path> files = Files.walk(directory)) {
                    files.sorted(Comparator.reverseOrder())
                            .forEach(file -> file.toFile().delete());
                }
            }
        }
        System.out.println(bad == 0 ? "all " + cells.size() + " are sound" : bad + " are not sound");
        System.exit(bad == 0 ? 0 : 1);
    }

    private static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (String tap : TAP) {
            for (String udp : UDP) {
                cells.add(new Cell("ours-ours", 1500, tap, udp));
            }
        }
        cells.add(new Cell("ours-ours", 9000, "auto", "auto"));
        cells.add(new Cell("ours-ours", 9000, "off", "off"));
        if (Mesh.reference() == null) {
            System.out.println("without the C node: TIER6_REFERENCE is not set");
        } else {
            for (String tap : List.of("auto", "off")) {
                for (String udp : List.of("auto", "off")) {
                    cells.add(new Cell("ours-C", 1500, tap, udp));
                }
            }
        }
        return cells;
    }

    /**
     * Plays a combination.
     *
     * @param what {@code tcp}, {@code udp} or {@code both}
     * @param environment of our nodes
     */
    static Result play(Cell cell, Path directory, int seconds, String what, Map<String, String> environment)
            throws Exception {
        Files.setPosixFilePermissions(directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        if (cell.nodes.equals("ours-ours")) {
            try (Pair pair = new Pair(directory, cell.mtu, cell.mtu == 9000 ? JUMBO_MTU : TAP_MTU)) {
                pair.start(cell.components(), environment);
                return exchange(List.of(pair.host(1), pair.host(2)), seconds, what);
            }
        }
        try (Mesh mesh = new Mesh(directory, cell.mtu, 0, Cast.of(Kind.C, Kind.OURS, Kind.C))) {
            Pair.configure(mesh.install(1), cell.components());
            mesh.startAll();
            mesh.awaitFullMesh(60);
            mesh.awaitDirect();
            return exchange(List.of(mesh.node(1), mesh.node(2)), seconds, what);
        }
    }

    private static Result exchange(List<Host> hosts, int seconds, String what) throws Exception {
        Map<Host, List<String>> commands = new LinkedHashMap<>();
        for (int n = 1; n <= 2; n++) {
            Host host = hosts.get(n - 1);
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Traffic.class.getName(),
                    "" + seconds,
                    what,
                    Mesh.v4(3 - n),
                    Mesh.v6(3 - n)));
            if (vlan(host, n)) {
                command.add("10.78.0." + (3 - n));
            }
            commands.put(host, command);
        }
        if (commands.values().stream().mapToInt(List::size).distinct().count() != 1) {
            throw new IOException("VLAN devices on one host only");
        }
        for (Map.Entry<Host, List<String>> entry : commands.entrySet()) {
            entry.getKey().start("traffic", Map.of(), entry.getValue().toArray(String[]::new));
        }
        StringBuilder text = new StringBuilder();
        for (Host host : hosts) {
            host.await("traffic", seconds + 60);
            text.append(host.logText("traffic"));
        }
        if (!text.toString().contains("complete")) {
            throw new IOException("the traffic came to nothing: " + text);
        }
        return Result.of(text.toString());
    }

    /** Adds an interface with VLAN tags, where the kernel has such. */
    private static boolean vlan(Host host, int n) {
        boolean has = host.tryRun("ip", "link", "add", "link", Mesh.TAP, "name", "v7", "type", "vlan", "id", "7")
                .ok();
        if (has) {
            host.run("ip", "addr", "add", "10.78.0." + n + "/24", "dev", "v7");
            host.run("ip", "link", "set", "v7", "up");
        }
        return has;
    }
}
