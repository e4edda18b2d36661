package tier6.itest.net;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tier6.itest.bench.Machine;

/** Swaps every part of a node many times under load and says what it cost. Started by {@code itest/bench/swap.sh}. */
final class SwapBench {
    private static final String HELP = """
            swap.sh [--swaps N] [--rows WORD,..] [--memory N] [--out FILE]

              --swaps N     of each row, 100 unless told
              --rows W,..   rows whose name contains one of the words
              --memory N    instead of the rows: N swaps all over, and memory, threads and class loaders before and after
              --out FILE    the table, itest/target/bench/swap.md unless told; the same as JSON beside it
            """;

    /** What a node can be without; not tier6.control, through which all this is said. */
    static final List<String> OPTIONAL = List.of(
            "tier6.shell",
            "tier6.cathedral",
            "tier6.console",
            "tier6.metrics",
            "tier6.http",
            "tier6.names",
            "tier6.diagnosis",
            "tier6.admission",
            "tier6.discovery.reliquary",
            "tier6.discovery.lan",
            "tier6.discovery.file");

    private final SwapLab lab;

    /** A way to swap; {@code i} counts the swaps. */
    private interface Way {
        void swap(int i) throws Exception;
    }

    /** What is swapped; {@code before} the first swap something may have to be made ready. */
    private record Row(String name, Way before, Way way) {
        Row(String name, Way way) {
            this(name, i -> {}, way);
        }
    }

    /** What came of a row. */
    private record Result(String name, int swaps, int failures, List<SwapLab.Losses> losses) {
        long median(List<Long> values) {
            return values.isEmpty() ? 0 : values.stream().sorted().toList().get(values.size() / 2);
        }

        List<Long> lost() {
            return losses.stream()
                    .map(l -> (long) l.out().lost() + l.in().lost())
                    .toList();
        }

        List<Long> recovery() {
            return losses.stream().map(SwapLab.Losses::recoveredMillis).toList();
        }

        static long worst(List<Long> values) {
            return values.stream().mapToLong(Long::longValue).max().orElse(0);
        }
    }

    private SwapBench(SwapLab lab) {
        this.lab = lab;
    }

    public static void main(String[] args) throws Exception {
        int swaps = 100;
        int memory = 0;
        String[] words = {""};
        Path out = Path.of("itest/target/bench/swap.md");
        for (int i = 0; i < args.length; i += 2) {
            if (args[i].equals("--help") || i + 1 == args.length) {
                System.out.print(HELP);
                return;
            }
            switch (args[i]) {
                case "--swaps" -> swaps = Integer.parseInt(args[i + 1]);
                case "--rows" -> words = args[i + 1].split(",");
                case "--memory" -> memory = Integer.parseInt(args[i + 1]);
                case "--out" -> out = Path.of(args[i + 1]);
                default -> throw new IllegalArgumentException("no option " + args[i] + "\n" + HELP);
            }
        }
        Path directory = Files.createTempDirectory("tier6-swap");
        try (SwapLab lab = new SwapLab(directory)) {
            lab.start();
            SwapBench bench = new SwapBench(lab);
            if (memory > 0) {
                bench.memory(memory);
            } else {
                bench.measure(swaps, words, out);
            }
        } finally {
            Command.tryRun("rm", "-rf", directory.toString());
        }
    }

    private Row update(String name, String role, String bundle) {
        return update(name, role, bundle, i -> {});
    }

    private Row update(String name, String role, String bundle, Way before) {
        return new Row(name, before, i -> {
            String version = "0.1." + (1 + i % 2);
            lab.update(bundle, version);
            if (!role.isEmpty()) {
                lab.awaitServing(role, bundle + " " + version);
            }
        });
    }

    private List<Row> rows() {
        return List.of(
                update("tap, felix:update", "tap", "tier6.tap.linux"),
                new Row("tap, jar in plugins/", i -> {
                    String version = "0.2." + i % 2;
                    lab.drop(lab.jar("tier6.tap.linux", version), "tap.jar");
                    lab.awaitServing("tap", "tier6.tap.linux " + version);
                }),
                update("discovery, felix:update", "", "tier6.discovery.cathedral"),
                update("switch, felix:update", "switch", "tier6.vswitch"),
                new Row(
                        "underlay, tier6:swap",
                        i -> lab.shell().tier6("swap", "underlay", i % 2 == 0 ? "nio" : "back")),
                update(
                        "underlay, felix:update",
                        "underlay",
                        "tier6.underlay.linux",
                        i -> lab.shell().tier6("swap", "underlay", "linux")),
                update("transport, felix:update", "transport", "tier6.transport.sanctum"),
                new Row(
                        "optional bundle, felix:stop, start, update, uninstall, install",
                        i -> lab.replace(OPTIONAL.get(i % OPTIONAL.size()), "0.1." + (1 + i / OPTIONAL.size() % 2))));
    }

    private void measure(int swaps, String[] words, Path out) throws Exception {
        int carrier = lab.carrierChanges();
        List<Result> results = new ArrayList<>();
        for (Row row : rows()) {
            boolean wanted = false;
            for (String word : words) {
                wanted |= row.name().contains(word);
            }
            if (wanted) {
                results.add(play(row, swaps));
                write(results, lab.carrierChanges() - carrier, out); // so that an end before the end leaves something
            }
        }
        System.out.print(Files.readString(out));
    }

    private static void write(List<Result> results, int carrierChanges, Path out) throws IOException {
        String table = table(results) + "\nThe carrier of the interface changed " + carrierChanges
                + " times. Two nodes in namespaces of one machine, " + SwapLab.RATE
                + " datagrams a second and a TCP transfer each way; " + Machine.description() + ", Java "
                + Runtime.version().feature() + ", " + Machine.date() + ".\n";
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, table);
        Files.writeString(
                out.resolveSibling(out.getFileName().toString().replaceFirst("(\\.md)?$", ".json")), json(results));
    }

    private Result play(Row row, int swaps) throws Exception {
        row.before().swap(0);
        List<SwapLab.Losses> losses = new ArrayList<>();
        int failures = 0;
        for (int i = 0; i < swaps; i++) {
            int number = i;
            try {
                losses.add(lab.during(() -> row.way().swap(number)));
            } catch (Exception | AssertionError e) {
                failures++;
                System.err.println(row.name() + ", swap " + i + ": " + e.getMessage());
            }
        }
        System.err.println(row.name() + ": " + losses.size() + " done, " + failures + " failed");
        return new Result(row.name(), swaps, failures, losses);
    }

    private static String table(List<Result> results) {
        StringBuilder table = new StringBuilder("""
                | swapped | swaps | failures | frames lost, median | worst | recovered after, median | worst |
                | --- | ---: | ---: | ---: | ---: | ---: | ---: |
                """);
        for (Result r : results) {
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %d | %d | %d ms | %d ms |%n",
                    r.name(),
                    r.swaps(),
                    r.failures(),
                    r.median(r.lost()),
                    Result.worst(r.lost()),
                    r.median(r.recovery()),
                    Result.worst(r.recovery())));
        }
        return table.toString();
    }

    private static String json(List<Result> results) {
        JsonArray all = new JsonArray();
        for (Result r : results) {
            JsonObject one = new JsonObject();
            one.addProperty("row", r.name());
            one.addProperty("swaps", r.swaps());
            one.addProperty("failures", r.failures());
            one.addProperty("lostMedian", r.median(r.lost()));
            one.addProperty("lostWorst", Result.worst(r.lost()));
            one.addProperty("recoveryMillisMedian", r.median(r.recovery()));
            one.addProperty("recoveryMillisWorst", Result.worst(r.recovery()));
            all.add(one);
        }
        return new GsonBuilder().setPrettyPrinting().create().toJson(all) + "\n";
    }

    /** Memory, threads and class loaders of node 1 before and after many swaps of everything that has a role. */
    private void memory(int swaps) throws Exception {
        List<Row> rows =
                rows().stream().filter(row -> row.name().contains("felix:")).toList();
        for (Row row : rows) {
            row.before().swap(0);
        }
        for (int i = 0; i < 2 * rows.size(); i++) {
            rows.get(i % rows.size()).way().swap(i / rows.size());
        }
        String before = remains();
        System.out.println("before: " + before);
        int failures = 0;
        for (int i = 0; i < swaps; i++) {
            try {
                rows.get(i % rows.size()).way().swap(i / rows.size());
            } catch (Exception | AssertionError e) {
                failures++;
                System.err.println("swap " + i + ": " + e.getMessage());
            }
            if (i % 100 == 99) {
                System.err.println(i + 1 + " swaps: " + remains());
            }
        }
        Thread.sleep(70_000); // what the grace period kept goes
        System.out.println("after " + swaps + " swaps, " + failures + " failures: " + remains());
        System.out.println("before: " + before);
    }

    private String remains() throws IOException {
        long pid = lab.mesh().node(1).processes("node").stream()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElseThrow()
                .pid();
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        String histogram = Command.run(jcmd, "" + pid, "GC.class_histogram");
        String status = Files.readString(Path.of("/proc/" + pid + "/status"));
        return number(histogram, "(\\d+) +\\d+ +org.apache.felix.framework.BundleWiringImpl.BundleClassLoader\\b")
                + " class loaders of bundles, " + number(histogram, "Total +\\d+ +(\\d+)") / 1024
                + " kB of live objects, "
                + number(status, "VmRSS:\\s+(\\d+)") + " kB resident, " + number(status, "Threads:\\s+(\\d+)")
                + " threads";
    }

    private static long number(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern.replace("BundleWiringImpl.", "BundleWiringImpl\\$"))
                .matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
