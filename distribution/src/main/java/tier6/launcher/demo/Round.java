package tier6.launcher.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import tier6.api.transport.LinkStatus;
import tier6.launcher.demo.Hosts.Family;

/** Pings between all pairs of nodes, once around. */
final class Round {
    private static final int NODES_IN_WORDS = 5;

    /** A ping. */
    private record Trip(DemoNode from, DemoNode to, Family family) {
        @Override
        public String toString() {
            return from.name() + " to " + to.name() + " over " + family;
        }
    }

    private final List<DemoNode> nodes;
    private final Hosts hosts;
    private final Map<Trip, Optional<Duration>> trips = new LinkedHashMap<>();

    private Round(List<DemoNode> nodes, Hosts hosts) {
        this.nodes = nodes;
        this.hosts = hosts;
    }

    /** Goes around, as many pings at a time as {@code pool} has threads. A ping without an answer is tried again. */
    static Round go(List<DemoNode> nodes, Hosts hosts, ExecutorService pool, int tries) throws Exception {
        Round round = new Round(nodes, hosts);
        Map<Trip, Future<Optional<Duration>>> pending = new LinkedHashMap<>();
        for (Family family : hosts.families()) {
            for (DemoNode from : nodes) {
                for (DemoNode to : nodes) {
                    if (from != to) {
                        Trip trip = new Trip(from, to, family);
                        pending.put(trip, pool.submit(() -> ping(hosts, trip, tries)));
                    }
                }
            }
        }
        for (Map.Entry<Trip, Future<Optional<Duration>>> trip : pending.entrySet()) {
            try {
                round.trips.put(trip.getKey(), trip.getValue().get());
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
        return round;
    }

    private static Optional<Duration> ping(Hosts hosts, Trip trip, int tries) throws Exception {
        Optional<Duration> time = Optional.empty();
        for (int i = 0; i < tries && time.isEmpty(); i++) {
            time = hosts.ping(trip.from(), trip.to(), trip.family());
        }
        return time;
    }

    /** Whether every ping was answered. */
    boolean isComplete() {
        return trips.values().stream().allMatch(Optional::isPresent);
    }

    /** What was not answered, for people. */
    String failures() {
        List<String> lost = new ArrayList<>();
        trips.forEach((trip, time) -> {
            if (time.isEmpty()) {
                lost.add(trip.toString());
            }
        });
        int most = 6;
        return String.join(", ", lost.subList(0, Math.min(most, lost.size())))
                + (lost.size() > most ? " and " + (lost.size() - most) + " more" : "");
    }

    /** One line. */
    String summary() {
        List<Duration> times =
                trips.values().stream().flatMap(Optional::stream).sorted().toList();
        String answered = times.size() + " of " + trips.size() + " pings answered";
        return times.isEmpty()
                ? answered
                : answered + " in " + millis(times.get(0)) + " to " + millis(times.get(times.size() - 1)) + " ms";
    }

    /** A table for each protocol, with times and how frames go now. */
    String table() {
        boolean words = nodes.size() <= NODES_IN_WORDS;
        StringBuilder text = new StringBuilder();
        for (Family family : hosts.families()) {
            text.append("\nPing over ").append(family).append(", milliseconds");
            text.append(words ? "" : " (r: relayed, d: direct)").append('\n');
            List<List<String>> rows = new ArrayList<>();
            List<String> head = new ArrayList<>(List.of("from \\ to"));
            nodes.forEach(node -> head.add(words ? node.name() : Integer.toString(node.number())));
            rows.add(head);
            for (DemoNode from : nodes) {
                List<String> row = new ArrayList<>(List.of(from.name()));
                nodes.forEach(to -> row.add(from == to ? "-" : cell(new Trip(from, to, family), words)));
                rows.add(row);
            }
            append(text, rows);
        }
        return text.toString();
    }

    private String cell(Trip trip, boolean words) {
        Optional<Duration> time = trips.get(trip);
        if (time.isEmpty()) {
            return "lost";
        }
        LinkStatus.Path path = trip.from().link(trip.to()).map(LinkStatus::path).orElse(LinkStatus.Path.NONE);
        String how = path.name().toLowerCase(Locale.ROOT);
        return millis(time.get()) + (words ? " " + how : how.substring(0, 1));
    }

    private static String millis(Duration time) {
        double millis = time.toNanos() / 1e6;
        return String.format(Locale.ROOT, millis < 10 ? "%.2f" : "%.0f", millis);
    }

    private static void append(StringBuilder text, List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String cell = row.get(column);
                line.append("  ").append(cell).append(" ".repeat(widths[column] - cell.length()));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
    }
}
