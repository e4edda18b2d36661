package tier6.itest.bench;

import com.google.gson.GsonBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks of the pieces of the data path. Started by {@code itest/bench/jmh.sh}. */
public final class Jmh {
    private static final String ALLOCATED = "gc.alloc.rate.norm";
    private static final Path JSON = Path.of("itest/target/bench/jmh.json");

    private Jmh() {}

    /** A row of the table. */
    private record Row(String benchmark, String parameters, double nanos, double error, double bytes) {}

    /** Runs what matches the regular expression that is the only argument, or all. */
    public static void main(String[] args) throws Exception {
        String which = args.length == 0 ? "." : args[0];
        Options options = new OptionsBuilder()
                .include(which)
                .shouldFailOnError(true)
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(1)
                .warmupIterations(3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .jvmArgs(
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--sun-misc-unsafe-memory-access=allow")
                .build();
        List<Row> rows = rows(new Runner(options).run());
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("date", Machine.date());
        root.put("machine", Machine.description());
        root.put("java", System.getProperty("java.vm.version"));
        root.put("rows", rows);
        Files.createDirectories(JSON.getParent());
        Files.writeString(JSON, new GsonBuilder().setPrettyPrinting().create().toJson(root) + "\n");
        String table = table(rows);
        Files.writeString(Path.of(JSON + ".md"), table);
        System.out.println("\n" + table);
    }

    private static List<Row> rows(Collection<RunResult> results) {
        List<Row> rows = new ArrayList<>();
        for (RunResult result : results) {
            String[] name = result.getParams().getBenchmark().split("\\.");
            String parameters = result.getParams().getParamsKeys().stream()
                    .map(key -> key + " " + result.getParams().getParam(key))
                    .collect(Collectors.joining(", "));
            Result<?> time = result.getPrimaryResult();
            rows.add(new Row(
                    name[name.length - 2].replace("Benchmark", "") + "." + name[name.length - 1],
                    parameters,
                    time.getScore(),
                    time.getScoreError(),
                    allocated(result)));
        }
        return rows;
    }

    private static double allocated(RunResult result) {
        for (String label : result.getSecondaryResults().keySet()) {
            if (label.endsWith(ALLOCATED)) {
                return result.getSecondaryResults().get(label).getScore();
            }
        }
        return Double.NaN;
    }

    private static String table(List<Row> rows) {
        StringBuilder text = new StringBuilder(Machine.date() + ", " + Machine.description() + ", Java "
                + System.getProperty("java.vm.version")
                + "; an operation is a frame. What sealByCipherAlone allocates, the JDK's AES-GCM does.\n\n"
                + "| benchmark | with | ns/op | bytes/op |\n| --- | --- | ---: | ---: |\n");
        for (Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %.1f ± %.1f | %.1f |%n",
                    row.benchmark,
                    row.parameters,
                    row.nanos,
                    row.error,
                    row.bytes));
        }
        return text.toString();
    }
}
