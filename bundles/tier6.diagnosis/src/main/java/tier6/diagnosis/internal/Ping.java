package tier6.diagnosis.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tier6.api.node.DeviceNames;
import tier6.api.node.Node;
import tier6.api.node.PeerStatus;
import tier6.json.Json;
import tier6.json.Text;

/** {@code tier6 ping}. */
@Component(
        service = Ping.class,
        property = {"osgi.command.scope=tier6", "osgi.command.function=ping"})
public final class Ping {
    static final String SYNTAX = "PEER [-c COUNT] [-i SECONDS] [-s BYTES] [-W SECONDS] [--json]";

    private static final String HELP = """
            measures the way to a peer and back, inside the tunnel and below the interface

              PEER        as tier6:peers shows it, the device alone, or its name
              -c COUNT    how many probes, 5 unless told; 0: until stopped
              -i SECONDS  between two probes, 1 unless told
              -s BYTES    of a probe, 623 unless told; as large as a frame may be
                          (MTU + 18) it tells whether full frames get through
              -W SECONDS  how long to wait for an answer, 2 unless told
              --json      the result as JSON, times in milliseconds

            Nodes of ours and sanctum daemons answer. The C tier6 does not: to it, use ping
            through the interface.""";

    /** Smaller probes a sanctum daemon ignores (specification section 5.3). */
    private static final int LEAST_BYTES = 623;

    /** By so many bytes sizes go up and down, so that a late answer is not taken for the next one. */
    private static final int SIZES = 8;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Node node;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile DeviceNames names;

    /** Sends probes until all are sent, or the thread is interrupted. */
    @Descriptor("measures the way to a peer and back, inside the tunnel")
    public void ping(CommandSession session, String... arguments) throws IOException {
        Line line = Line.read("ping", SYNTAX, arguments);
        PrintStream out = session.getConsole();
        if (line.help()) {
            out.println(Line.help("ping", SYNTAX, HELP));
            return;
        }
        Node here = node;
        if (here == null) {
            throw new IOException("the node is not running: see tier6 status");
        }
        PeerStatus peer = Peers.named(here, names, line.text("PEER", ""));
        String obstacle = Peers.obstacle(peer);
        if (obstacle != null) {
            throw new IOException("peer " + peer.id() + ": " + obstacle);
        }
        Series series = new Series(here, peer, line, line.has("--json") ? silent() : out);
        series.run();
        if (line.has("--json")) {
            out.println(Json.write(series.result()));
        }
        session.put("exit.status", series.times.isEmpty() ? 1 : 0);
    }

    private static PrintStream silent() {
        return new PrintStream(OutputStream.nullOutputStream());
    }

    /** The probes of one call. */
    private static final class Series {
        private final Node node;
        private final PeerStatus peer;
        private final PrintStream out;
        private final long count;
        private final long intervalMillis;
        private final long patienceMillis;
        private final int bytes;
        private final List<Double> times = new ArrayList<>();
        private long sent;

        Series(Node node, PeerStatus peer, Line line, PrintStream out) {
            this.node = node;
            this.peer = peer;
            this.out = out;
            this.count = (long) line.number("-c", 0, 1_000_000, 5);
            this.intervalMillis = (long) (1000 * line.number("-i", 0.01, 3600, 1));
            this.patienceMillis = (long) (1000 * line.number("-W", 0.01, 60, 2));
            this.bytes = (int) line.number("-s", 4, 65_000, LEAST_BYTES);
        }

        void run() throws IOException {
            out.println("probing peer %s, %d bytes, %s".formatted(peer.id(), bytes, way()));
            try {
                while (count == 0 || sent < count) {
                    if (sent > 0) {
                        Thread.sleep(intervalMillis);
                    }
                    probe();
                }
            } catch (InterruptedException e) {
                // Whoever asked has had enough, and gets the sum.
            }
            out.println(summary());
        }

        private String way() {
            return peer.link()
                    .map(link -> Text.of(link.path())
                            + link.remote().map(to -> " to " + Text.of(to)).orElse(""))
                    .orElse("no link");
        }

        private void probe() throws IOException, InterruptedException {
            // Never above what was asked for, which may be the most that gets through.
            int size = bytes > LEAST_BYTES + SIZES ? bytes - (int) (sent % SIZES) : bytes + (int) (sent % SIZES);
            sent++;
            CompletableFuture<Duration> answer = node.probe(peer.id(), size);
            try {
                double millis =
                        answer.get(patienceMillis, TimeUnit.MILLISECONDS).toNanos() / 1e6;
                times.add(millis);
                out.println("answer %d: %d bytes, %s ms".formatted(sent, size, Said.millis(millis)));
            } catch (TimeoutException e) {
                out.println(
                        "%d: no answer within %s".formatted(sent, Said.duration(Duration.ofMillis(patienceMillis))));
            } catch (ExecutionException e) {
                throw new IOException("peer " + peer.id() + ": " + e.getCause().getMessage(), e);
            } finally {
                answer.cancel(false);
            }
        }

        private String summary() {
            String head = "peer %s: %d sent, %d answered, %d%% lost"
                    .formatted(peer.id(), sent, times.size(), sent == 0 ? 0 : 100 * (sent - times.size()) / sent);
            if (times.isEmpty()) {
                return head
                        + (sent == 0 ? "" : "\nA C tier6 never answers. Else see tier6:peers, and try smaller probes.");
            }
            return head
                    + "\nmin/avg/max/mdev %s/%s/%s/%s ms"
                            .formatted(
                                    Said.millis(min()),
                                    Said.millis(mean()),
                                    Said.millis(max()),
                                    Said.millis(deviation()));
        }

        private double min() {
            return times.stream().mapToDouble(t -> t).min().orElse(0);
        }

        private double max() {
            return times.stream().mapToDouble(t -> t).max().orElse(0);
        }

        private double mean() {
            return times.stream().mapToDouble(t -> t).average().orElse(0);
        }

        private double deviation() {
            double mean = mean();
            return Math.sqrt(times.stream()
                    .mapToDouble(t -> (t - mean) * (t - mean))
                    .average()
                    .orElse(0));
        }

        Map<String, Object> result() {
            return Map.of(
                    "peer",
                    peer.id(),
                    "bytes",
                    bytes,
                    "sent",
                    sent,
                    "answered",
                    times.size(),
                    "min",
                    min(),
                    "avg",
                    mean(),
                    "max",
                    max(),
                    "mdev",
                    deviation());
        }
    }
}
