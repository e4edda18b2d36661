package tier6.itest.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tier6.itest.bench.Contender.Arena;
import tier6.itest.bench.Contender.Ends;
import tier6.itest.net.Command;
import tier6.itest.net.Host;

/**
 * Tells where an idle round trip spends its time, in our nodes and in those of C: perf notes every system call of both
 * nodes while host A pings host B. Started by {@code itest/bench/round-trip.sh}.
 */
public final class RoundTrip {
    private static final int PINGS = 300;
    private static final double APART = 3_000; // microseconds: what is farther apart belongs to different pings

    // System calls of x86-64.
    private static final Set<Integer> WAIT = Set.of(7, 232, 271, 281); // poll, epoll_wait, ppoll, epoll_pwait
    private static final Set<Integer> SEND = Set.of(44, 46, 307); // sendto, sendmsg, sendmmsg
    private static final Set<Integer> WRITE = Set.of(1);

    private static final Pattern LINE = Pattern.compile(
            "\\s*.+?\\s+(\\d+)/(\\d+)\\s+([\\d.]+):\\s+raw_syscalls:sys_(enter|exit): NR (\\d+)(?: = (-?\\d+))?.*");

    /** Entry to or return from a system call. */
    private record Event(double micros, long process, boolean enters, int call, long result) {}

    /** One of the things that happen to each ping in turn. */
    private record Step(String name, boolean onA, boolean enters, Set<Integer> calls) {
        boolean is(Event event, long a, long b) {
            return event.process == (onA ? a : b)
                    && event.enters == enters
                    && calls.contains(event.call)
                    && (enters || event.result > 0);
        }
    }

    private static final List<Step> STEPS = List.of(
            new Step("", true, false, WAIT),
            new Step("A: woken by its interface, sends", true, true, SEND),
            new Step("to B's waking", false, false, WAIT),
            new Step("B: woken by a datagram, writes", false, true, WRITE),
            new Step("to B's waking by the answer", false, false, WAIT),
            new Step("B: woken by its interface, sends", false, true, SEND),
            new Step("to A's waking", true, false, WAIT),
            new Step("A: woken by a datagram, writes", true, true, WRITE));

    private RoundTrip() {}

    /** Measures the contenders that are named, all of tier6 and the C node unless there are some. */
    public static void main(String[] args) throws Exception {
        List<String> names = Arrays.asList(args);
        if (names.contains("--help") || !Command.tryRun("perf", "--version").ok()) {
            System.out.println(
                    "round-trip.sh [NAME...]: a contender of side-by-side.sh, such as tier6-jdk25 or c-tier6;"
                            + " needs root and perf (apt-get install linux-perf)");
            System.exit(names.contains("--help") ? 0 : 2);
        }
        List<String> titles = new ArrayList<>();
        List<double[]> columns = new ArrayList<>();
        for (Contender contender : Contenders.all()) {
            String name = contender.name();
            if (names.isEmpty() ? name.matches("tier6-jdk\\d+|c-tier6") : names.contains(name)) {
                SideBySide.join(contender, (arena, ends, seconds) -> {
                    columns.add(medians(arena, ends));
                    titles.add(name);
                });
            }
        }
        System.out.println(Machine.date() + ", " + Machine.description() + ", medians of " + PINGS
                + " pings every 20 ms, microseconds, about 15 of which are perf's\n");
        row("", titles);
        row("---", titles.stream().map(title -> "---:").toList());
        for (int i = 1; i <= STEPS.size(); i++) {
            int step = i;
            row(
                    i < STEPS.size() ? STEPS.get(i).name : "all",
                    columns.stream()
                            .map(column -> String.format(Locale.ROOT, "%.0f", column[step]))
                            .toList());
        }
        System.exit(0);
    }

    private static void row(String name, List<String> cells) {
        System.out.println("| " + name + " | " + String.join(" | ", cells) + " |");
    }

    /** For each step, the time since the one before it; in the last place that of all together. */
    private static double[] medians(Arena arena, Ends ends) {
        Meter meter = new Meter(arena.a(), arena.b(), ends, 5);
        try {
            meter.run(List.of("warm"));
        } catch (Exception e) {
            throw new IllegalStateException("no traffic to warm up with", e);
        }
        long a = process(arena.a(), ends.a());
        long b = process(arena.b(), ends.b());
        Path data = arena.directory().resolve("perf.data");
        arena.a()
                .run(
                        "perf",
                        "record",
                        "-q",
                        "-o",
                        data.toString(),
                        "-e",
                        "raw_syscalls:sys_enter",
                        "-e",
                        "raw_syscalls:sys_exit",
                        "-p",
                        a + "," + b,
                        "--",
                        "ping",
                        "-q",
                        "-i",
                        "0.02",
                        "-c",
                        "" + PINGS,
                        ends.target());
        String text = Command.run("perf", "script", "-i", data.toString(), "-F", "comm,pid,tid,time,event,trace");
        List<double[]> pings = pings(text, a, b);
        double[] medians = new double[STEPS.size() + 1];
        for (int i = 1; i < medians.length; i++) {
            int step = i;
            double[] sorted =
                    pings.stream().mapToDouble(ping -> ping[step]).sorted().toArray();
            medians[i] = sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
        }
        return medians;
    }

    /** The one that has the network: a child of what was started, or that itself. */
    private static long process(Host host, List<String> programs) {
        List<ProcessHandle> all = host.processes(programs.get(0));
        return all.get(all.size() - 1).pid();
    }

    private static List<double[]> pings(String text, long a, long b) {
        List<double[]> pings = new ArrayList<>();
        double[] times = new double[STEPS.size()];
        int next = 0;
        for (String line : text.split("\n")) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                continue;
            }
            Event event = new Event(
                    Double.parseDouble(matcher.group(3)) * 1e6,
                    Long.parseLong(matcher.group(1)),
                    matcher.group(4).equals("enter"),
                    Integer.parseInt(matcher.group(5)),
                    matcher.group(6) == null ? 0 : Long.parseLong(matcher.group(6)));
            if (next > 0 && event.micros - times[next - 1] > APART) {
                next = 0;
            }
            if (STEPS.get(next).is(event, a, b)) {
                times[next++] = event.micros;
                if (next == STEPS.size()) {
                    double[] ping = new double[STEPS.size() + 1];
                    for (int i = 1; i < next; i++) {
                        ping[i] = times[i] - times[i - 1];
                    }
                    ping[next] = times[next - 1] - times[0];
                    pings.add(ping);
                    next = 0;
                }
            }
        }
        return pings;
    }
}
