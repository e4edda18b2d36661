package tier6.itest.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tier6.itest.net.Mesh.Cast;
import tier6.itest.net.Mesh.Kind;
import tier6.itest.net.TestFlock.Keys;

/**
 * Our programs and the C programs in all combinations, each in a {@link Mesh} of its own, and a table of what came of it. Run by
 * {@code itest/bench/matrix.sh}; needs root and {@code TIER6_REFERENCE}.
 */
public final class Matrix {
    /** A cathedral has told all addresses by then. */
    private static final long DISCLOSED_SECONDS = 22;

    private static final long MESH_SECONDS = 60;

    private Matrix() {}

    /** One combination. */
    record Cell(String cathedral, String nodes, String keys, String way, Cast cast) {
        @Override
        public String toString() {
            return String.format("%-22s %-20s %-8s %-8s", cathedral, nodes, keys, way);
        }

        /**
         * Plays it: relayed, every node pings every other although they have no other way; direct, they still do when there is
         * no cathedral any more.
         */
        void play(Path directory) throws Exception {
            try (Mesh mesh = new Mesh(directory, 1500, 0, cast)) {
                mesh.startAll();
                long started = System.nanoTime();
                mesh.awaitFullMesh(MESH_SECONDS);
                if (cast.relayed()) {
                    Thread.sleep(5_000);
                } else {
                    mesh.awaitDirect();
                    long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
                    Thread.sleep(Math.max(0, TimeUnit.SECONDS.toMillis(DISCLOSED_SECONDS) - passed));
                    mesh.stopCathedral();
                }
                mesh.awaitFullMesh(10);
            }
        }
    }

    /** All cells, the everyday ones first. */
    static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (Kind cathedral : List.of(Kind.OURS, Kind.C)) {
            for (List<Kind> nodes :
                    List.of(List.of(Kind.OURS, Kind.OURS, Kind.C), List.of(Kind.C, Kind.C, Kind.OURS))) {
                for (Keys keys : Keys.values()) {
                    add(cells, cast(nodes, cathedral).with(keys));
                }
            }
        }
        add(cells, cast(List.of(Kind.OURS, Kind.OURS), Kind.OURS, Kind.C));
        add(cells, cast(List.of(Kind.OURS, Kind.C), Kind.OURS, Kind.C));
        add(cells, cast(List.of(Kind.C, Kind.OURS), Kind.OURS, Kind.C));
        for (Kind cathedral : List.of(Kind.OURS, Kind.C)) {
            add(cells, cast(List.of(Kind.OURS, Kind.DAEMON), cathedral));
            add(
                    cells,
                    cast(List.of(Kind.OURS, Kind.OURS, Kind.DAEMON), cathedral).shrouded());
            add(cells, cast(List.of(Kind.OURS, Kind.DAEMON), cathedral).crossing());
        }
        add(cells, cast(List.of(Kind.OURS, Kind.OURS), Kind.OURS, Kind.C).shrouded());
        add(cells, cast(List.of(Kind.OURS, Kind.DAEMON), Kind.OURS).shrouded().crossing());
        return cells;
    }

    private static Cast cast(List<Kind> nodes, Kind... cathedrals) {
        return new Cast(List.of(cathedrals), nodes, Keys.OURS, false, false, false);
    }

    private static void add(List<Cell> cells, Cast cast) {
        String cathedrals =
                names(cast.cathedrals()) + (cast.shroud() ? ", shroud" : "") + (cast.crossed() ? ", crossed" : "");
        String keys = cast.keys().name().toLowerCase(Locale.ROOT);
        cells.add(new Cell(cathedrals, names(cast.nodes()), keys, "relayed", cast.relaying()));
        cells.add(new Cell(cathedrals, names(cast.nodes()), keys, "direct", cast));
    }

    private static String names(List<Kind> kinds) {
        return String.join(" ", kinds.stream().map(Matrix::name).toList());
    }

    private static String name(Kind kind) {
        return switch (kind) {
            case OURS -> "ours";
            case C -> "theirs";
            case DAEMON -> "daemon";
        };
    }

    /** Arguments are words; cells that have all of them in their line are played. */
    public static void main(String[] words) throws Exception {
        if (Mesh.reference() == null || !Files.isExecutable(Mesh.reference().resolve("sanctum"))) {
            System.err.println("TIER6_REFERENCE is not the prefix of the C programs");
            System.exit(2);
        }
        List<String> table = new ArrayList<>();
        boolean failed = false;
        for (Cell cell : cells()) {
            if (!Stream.of(words).allMatch(cell.toString()::contains)) {
                continue;
            }
            long start = System.nanoTime();
            String result = played(cell);
            failed |= !result.equals("ok");
            String line =
                    cell + " " + result + " after " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start) + " s";
            System.out.println(line);
            table.add(line);
        }
        System.out.println();
        System.out.println(String.format("%-22s %-20s %-8s %-8s result", "cathedrals", "nodes", "keys", "way"));
        table.forEach(System.out::println);
        System.exit(failed ? 1 : 0);
    }

    private static String played(Cell cell) throws IOException {
        Path directory = Files.createTempDirectory("tier6-matrix");
        try {
            cell.play(directory);
            return "ok";
        } catch (Exception | AssertionError e) {
            System.err.println(e);
            return "FAILED";
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
