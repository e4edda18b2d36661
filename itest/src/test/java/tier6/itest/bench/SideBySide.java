package tier6.itest.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tier6.itest.bench.Contender.Arena;
import tier6.itest.bench.Contender.Ends;
import tier6.itest.net.Command;
import tier6.itest.net.Lab;

/**
 * Measures ways to join two hosts side by side: in each round every contender once, in shuffled order, between fresh
 * namespaces. Started by {@code itest/bench/side-by-side.sh}.
 */
public final class SideBySide {
    private static final String HELP = """
            side-by-side.sh [--rounds N] [--seconds N] [--tests T,..] [--only NAME,..] [--out FILE]
                            [--readme yes]

              --rounds N    rounds, 3 unless told; medians and ranges are over the rounds
              --seconds N   length of each TCP run, 5 unless told
              --tests T,..  of fresh,warm,ping,tcp,tcp4,bidir,loaded,udp64,udp1300,memory, in this order; all
                            unless told. fresh: the first pings of all; warm: traffic that is not measured, for
                            what a program does only once
              --only N,..   contenders; all that are there unless told
              --out FILE    JSON, itest/target/bench/side-by-side.json unless told; a table as FILE.md beside it;
                            both are written anew after each contender
              --readme yes  puts the table into README.md, between its two marks
            """;

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final String BEGIN = "<!-- side-by-side: written by itest/bench/side-by-side.sh -->";
    private static final String END = "<!-- side-by-side: end -->";

    private final Map<String, Map<String, List<Double>>> values = Collections.synchronizedMap(new LinkedHashMap<>());
    private final Map<String, String> about = new LinkedHashMap<>();

    private final int rounds;
    private final int seconds;
    private final Path out;

    private SideBySide(int rounds, int seconds, Path out) {
        this.rounds = rounds;
        this.seconds = seconds;
        this.out = out;
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        int rounds = 3;
        int seconds = 5;
        List<String> tests =
                List.of("fresh", "warm", "ping", "tcp", "tcp4", "bidir", "loaded", "udp64", "udp1300", "memory");
        Set<String> only = Set.of();
        Path out = Path.of("itest/target/bench/side-by-side.json");
        boolean readme = false;
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                System.out.print(HELP);
                System.exit(args[i].equals("--help") ? 0 : 2);
            }
            String value = args[i + 1];
            switch (args[i]) {
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--seconds" -> seconds = Integer.parseInt(value);
                case "--tests" -> tests = Arrays.asList(value.split(","));
                case "--only" -> only = new LinkedHashSet<>(Arrays.asList(value.split(",")));
                case "--out" -> out = Path.of(value);
                case "--readme" -> readme = value.equals("yes");
                default -> {
                    System.err.println("unknown option " + args[i] + "\n" + HELP);
                    System.exit(2);
                }
            }
        }
        SideBySide bench = new SideBySide(rounds, seconds, out);
        bench.run(tests, only);
        System.out.println(bench.table());
        if (readme) {
            bench.paste(Path.of("README.md"));
        }
        System.exit(0); // a contender that hung may have left a thread
    }

    private void run(List<String> tests, Set<String> only) throws Exception {
        List<Contender> contenders = new ArrayList<>();
        for (Contender contender : Contenders.all()) {
            List<String> missing = contender.needs().stream()
                    .filter(program ->
                            !Command.tryRun("sh", "-c", "command -v " + program).ok())
                    .toList();
            if (!only.isEmpty() && !only.contains(contender.name())) {
                continue;
            }
            if (missing.isEmpty()) {
                contenders.add(contender);
                about.put(contender.name(), contender.about());
                values.put(contender.name(), Collections.synchronizedMap(new LinkedHashMap<>()));
            } else {
                System.err.println("left out: " + contender.name() + " needs " + missing);
            }
        }
        long seed = System.nanoTime();
        System.err.println("order of the rounds: seed " + seed);
        Random random = new Random(seed);
        for (int round = 1; round <= rounds; round++) {
            List<Contender> order = new ArrayList<>(contenders);
            Collections.shuffle(order, random);
            for (Contender contender : order) {
                System.err.print("round " + round + "/" + rounds + " " + contender.name() + " ... ");
                try {
                    within(LIMIT, () -> measure(contender, tests));
                    System.err.println("done");
                } catch (TimeoutException e) {
                    System.err.println("given up after " + LIMIT.toSeconds() + " s");
                } catch (ExecutionException e) {
                    System.err.println("failed: " + e.getCause().getMessage());
                }
                save();
            }
        }
    }

    private interface Measurement {
        void take() throws Exception;
    }

    /** A contender that hangs must not end the sitting. */
    private static void within(Duration limit, Measurement measurement)
            throws InterruptedException, ExecutionException, TimeoutException {
        FutureTask<Void> task = new FutureTask<>(() -> {
            measurement.take();
            return null;
        });
        Thread thread = new Thread(task, "measurement");
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(limit.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            thread.join(GRACE.toMillis());
            throw e;
        }
    }

    private void save() throws IOException {
        Files.createDirectories(out.toAbsolutePath().getParent());
        Files.writeString(out, json());
        Files.writeString(Path.of(out + ".md"), table());
    }

    private void paste(Path readme) throws IOException {
        String text = Files.readString(readme);
        int from = text.indexOf(BEGIN);
        int to = text.indexOf(END);
        if (from < 0 || to < from) {
            throw new IOException(readme + " lacks the lines " + BEGIN + " and " + END);
        }
        Files.writeString(
                readme, text.substring(0, from + BEGIN.length()) + "\n\n" + table() + "\n" + text.substring(to));
    }

    private void measure(Contender contender, List<String> tests) throws Exception {
        join(contender, (arena, ends, seconds) -> {
            record(contender, "start s", seconds);
            Meter meter = new Meter(arena.a(), arena.b(), ends, this.seconds);
            try {
                meter.run(tests);
            } finally {
                meter.results().forEach((name, value) -> record(contender, name, value));
            }
        });
    }

    /** What is done between two hosts that are joined. */
    interface Use {
        /**
         * @param seconds from the start of the programs to the first ping that was answered
         */
        void of(Arena arena, Ends ends, double seconds) throws Exception;
    }

    /** Joins two hosts, directly, for as long as {@code use} takes. */
    static void join(Contender contender, Use use) throws Exception {
        Path directory = Files.createTempDirectory("tier6-bench");
        directory.toFile().setReadable(true, false);
        directory.toFile().setExecutable(true, false);
        try (Lab lab = new Lab(directory, 1500)) {
            Arena arena = new Arena(
                    lab.host("a", "10.66.0.1"), lab.host("b", "10.66.0.2"), lab.host("c", "10.66.0.254"), directory);
            long start = System.nanoTime();
            Ends ends = contender.start().start(arena);
            while (!arena.a().pings(ends.target())) {
                if (System.nanoTime() - start > 60e9) {
                    throw new IllegalStateException("no ping within 60 s");
                }
            }
            // What was installed before, and the keys that were made, are not its doing; A is started first.
            double seconds = (System.nanoTime() - arena.a().busySince(start)) / 1e9;
            awaitDirectPath(contender, arena);
            use.of(arena, ends, seconds);
        } finally {
            try (var files = Files.walk(directory)) {
                files.sorted(Collections.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    /** A cathedral discloses addresses 15 s after both nodes started; until then it relays. */
    private static void awaitDirectPath(Contender contender, Arena arena) throws Exception {
        if (!contender.name().contains("tier6")) {
            Thread.sleep(2_000);
            return;
        }
        String program = contender.name().startsWith("c-") ? "c" : "tier6";
        for (int i = 0; i < 400; i++) {
            if (isDirect(arena.a().logText(program)) && isDirect(arena.b().logText(program))) {
                return;
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("the path did not become direct");
    }

    private static boolean isDirect(String log) {
        return log.contains("direct to") || log.contains("p2p discovery");
    }

    private void record(Contender contender, String name, double value) {
        values.get(contender.name())
                .computeIfAbsent(name, key -> new ArrayList<>())
                .add(value);
    }

    private static double median(List<Double> all) {
        List<Double> sorted = all.stream().sorted().toList();
        int n = sorted.size();
        return n % 2 == 1 ? sorted.get(n / 2) : (sorted.get(n / 2 - 1) + sorted.get(n / 2)) / 2;
    }

    private String json() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("date", Machine.date());
        root.put("machine", Machine.description());
        root.put("rounds", rounds);
        root.put("seconds", seconds);
        root.put("values", values);
        Gson gson = new GsonBuilder().setPrettyPrinting().create();
        return gson.toJson(root) + "\n";
    }

    /** Medians, ranges, and ratios to the C node where it took part. */
    private String table() {
        Set<String> columns = new LinkedHashSet<>();
        values.values().forEach(row -> columns.addAll(row.keySet()));
        StringBuilder text = new StringBuilder();
        text.append(Machine.date())
                .append(", ")
                .append(Machine.description())
                .append(", medians of ")
                .append(rounds)
                .append(" shuffled rounds (range), TCP runs of ")
                .append(seconds)
                .append(" s; ×: ratio to c-tier6\n\n| |");
        columns.forEach(column -> text.append(' ').append(column).append(" |"));
        text.append("\n| --- |").append(" ---: |".repeat(columns.size())).append('\n');
        values.forEach((name, row) -> {
            text.append("| ").append(name).append(" (").append(about.get(name)).append(") |");
            for (String column : columns) {
                text.append(' ')
                        .append(cell(row.get(column), reference(column)))
                        .append(" |");
            }
            text.append('\n');
        });
        return text.toString();
    }

    private List<Double> reference(String column) {
        return values.getOrDefault("c-tier6", Map.of()).get(column);
    }

    private static String cell(List<Double> all, List<Double> reference) {
        if (all == null) {
            return "–";
        }
        String text = format(median(all));
        if (all.size() > 1) {
            text += " (" + format(Collections.min(all)) + "–" + format(Collections.max(all)) + ")";
        }
        return reference == null || reference == all
                ? text
                : text + " ×" + String.format(Locale.ROOT, "%.2f", median(all) / median(reference));
    }

    private static String format(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
    }
}
