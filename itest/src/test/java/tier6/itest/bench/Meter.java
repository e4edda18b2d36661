package tier6.itest.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tier6.itest.bench.Contender.Ends;
import tier6.itest.net.Command;
import tier6.itest.net.Host;

/** Measures one running contender, with iperf3 and ping, from host A to host B. */
final class Meter {
    private static final Pattern PING_TIME = Pattern.compile("time=([0-9.]+) ms");
    private static final double MOST_LOSS = 0.1; // percent
    private static final double CLOCK_TICKS = 100; // of /proc/PID/stat, a second

    private final Host a;
    private final Host b;
    private final Ends ends;
    private final int seconds;
    private final Map<String, Double> results = new LinkedHashMap<>();

    Meter(Host a, Host b, Ends ends, int seconds) {
        this.a = a;
        this.b = b;
        this.ends = ends;
        this.seconds = seconds;
    }

    /** Values by name; the unit is in the name. */
    Map<String, Double> results() {
        return results;
    }

    void run(List<String> tests) throws Exception {
        for (String test : tests) {
            switch (test) {
                case "tcp" -> tcp();
                case "tcp4" ->
                    results.put(
                            "tcp4 Mbit/s",
                            megabits(iperf("-P", "4").getAsJsonObject("end").getAsJsonObject("sum_received")));
                case "bidir" -> bidirectional();
                case "udp64" -> results.put("udp64 kpps", highestRate(64) / 1e3);
                case "udp1300" -> results.put("udp1300 Mbit/s", highestRate(1300) * 1300 * 8 / 1e6);
                case "fresh" -> results.put("first pings ms", percentile(ping(100, "0.01"), 50));
                case "warm" -> iperf(2 * seconds, "--bidir");
                case "ping" -> results.put("ping ms", percentile(ping(300, "0.01"), 50));
                case "loaded" -> loadedPing();
                case "memory" -> results.put("resident MB", residentMegabytes());
                default -> throw new IllegalArgumentException("unknown test " + test);
            }
        }
    }

    private void tcp() throws Exception {
        double before = cpuSeconds();
        JsonObject end = iperf().getAsJsonObject("end");
        double cpu = cpuSeconds() - before;
        results.put("tcp Mbit/s", megabits(end.getAsJsonObject("sum_received")));
        results.put(
                "cpu s/GB",
                cpu / (end.getAsJsonObject("sum_received").get("bytes").getAsDouble() / 1e9));
    }

    private void bidirectional() throws Exception {
        JsonObject end = iperf("--bidir").getAsJsonObject("end");
        results.put(
                "bidir Mbit/s",
                megabits(end.getAsJsonObject("sum_received"))
                        + megabits(end.getAsJsonObject("sum_received_bidir_reverse")));
    }

    private void loadedPing() throws Exception {
        List<JsonObject> load = new ArrayList<>();
        Thread traffic = new Thread(() -> {
            try {
                load.add(iperf());
            } catch (Exception e) {
                // The ping below then shows an idle path; the missing load is checked for.
            }
        });
        traffic.start();
        Thread.sleep(1000);
        results.put("loaded ping p99 ms", percentile(ping((seconds - 2) * 100, "0.01"), 99));
        traffic.join();
        if (load.isEmpty()) {
            results.remove("loaded ping p99 ms");
        }
    }

    /** Datagrams a second at the highest offered rate of which at most {@value #MOST_LOSS} % are lost. */
    private double highestRate(int bytes) throws Exception {
        double good = 0;
        double rate = 10_000;
        double bad = 0;
        while (bad == 0 && rate < 3_000_000) {
            double carried = carried(bytes, rate);
            if (carried == 0) {
                carried = carried(bytes, rate); // the machine may have been doing something else
            }
            if (carried > 0) {
                good = carried;
                if (carried < 0.9 * rate) {
                    return good; // The generator, not the tunnel, is at its limit.
                }
                rate *= 2;
            } else {
                bad = rate;
            }
        }
        for (int i = 0; i < 4 && bad > 0; i++) {
            double middle = (Math.max(good, bad / 2) + bad) / 2;
            double carried = carried(bytes, middle);
            if (carried > 0) {
                good = carried;
            } else {
                bad = middle;
            }
        }
        return good;
    }

    /** Rate that arrived, or 0 if too much was lost. */
    private double carried(int bytes, double rate) throws Exception {
        JsonObject sum = iperf(2, "-u", "-l", "" + bytes, "-b", "" + (long) (rate * bytes * 8), "-w", "4M")
                .getAsJsonObject("end")
                .getAsJsonObject("sum");
        double packets = sum.get("packets").getAsDouble();
        double lost = sum.get("lost_packets").getAsDouble();
        return packets == 0 || 100 * lost / packets > MOST_LOSS
                ? 0
                : (packets - lost) / sum.get("seconds").getAsDouble();
    }

    private JsonObject iperf(String... options) throws Exception {
        return iperf(seconds, options);
    }

    private JsonObject iperf(int duration, String... options) throws Exception {
        b.start("iperf3", Map.of(), "iperf3", "-s", "-1");
        for (int i = 0;
                i < 50 && !b.tryRun("ss", "-Hltn", "sport = :5201").output().contains("5201");
                i++) {
            Thread.sleep(20);
        }
        List<String> words =
                new ArrayList<>(List.of("timeout", "" + (duration + 15), "iperf3", "-J", "-t", "" + duration));
        words.addAll(List.of("-c", ends.target()));
        words.addAll(Arrays.asList(options));
        Command.Result result = a.tryRun(words.toArray(String[]::new));
        b.stop("iperf3", true);
        JsonObject json = JsonParser.parseString(result.output()).getAsJsonObject();
        if (!result.ok() || json.has("error")) {
            throw new IOException("iperf3 " + String.join(" ", options) + ": "
                    + (json.has("error") ? json.get("error").getAsString() : "status " + result.status()));
        }
        return json;
    }

    private static double megabits(JsonObject sum) {
        return sum.get("bits_per_second").getAsDouble() / 1e6;
    }

    private double[] ping(int count, String interval) {
        Matcher times = PING_TIME.matcher(a.run("ping", "-i", interval, "-c", "" + count, "-W", "1", ends.target()));
        return times.results()
                .mapToDouble(match -> Double.parseDouble(match.group(1)))
                .toArray();
    }

    private static double percentile(double[] values, double percent) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1, Math.ceil(percent / 100 * sorted.length) - 1)];
    }

    private double cpuSeconds() {
        return sum(handle -> {
            String[] fields = Files.readString(Path.of("/proc/" + handle.pid() + "/stat"))
                    .replaceFirst(".*\\) ", "")
                    .split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / CLOCK_TICKS;
        });
    }

    /** Of the larger end. */
    private double residentMegabytes() {
        return Math.max(resident(a, ends.a()), resident(b, ends.b()));
    }

    private double resident(Host host, List<String> programs) {
        return sum(host, programs, handle -> {
            Matcher line = Pattern.compile("VmRSS:\\s+(\\d+) kB")
                    .matcher(Files.readString(Path.of("/proc/" + handle.pid() + "/status")));
            return line.find() ? Double.parseDouble(line.group(1)) / 1000 : 0;
        });
    }

    @FunctionalInterface
    private interface Reading {
        double of(ProcessHandle process) throws IOException;
    }

    private double sum(Reading reading) {
        return sum(a, ends.a(), reading) + sum(b, ends.b(), reading);
    }

    private static double sum(Host host, List<String> programs, Reading reading) {
        double sum = 0;
        for (String program : programs) {
            for (ProcessHandle process : host.processes(program)) {
                try {
                    sum += reading.of(process);
                } catch (IOException e) {
                    // It has ended: nothing to add.
                }
            }
        }
        return sum;
    }
}
