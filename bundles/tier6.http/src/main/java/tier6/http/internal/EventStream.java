package tier6.http.internal;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import tier6.api.event.NodeEvent;
import tier6.json.Json;

/**
 * The events of the last while, and those who watch for more. Server-sent events (HTML Living Standard, section 9.2): {@code
 * change} is something that happened, {@code rates} the traffic of each port, once a second. Safe for use by many threads;
 * each who watches has one.
 */
final class EventStream {
    /** Those who can watch at the same time. */
    static final int MOST = 16;

    /** Events that are kept for who comes later. */
    static final int KEPT = 256;

    private static final int WAITING = 256;
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * Something that happened.
     *
     * @param id counts up from 1 at the start of the server
     * @param at when, to the millisecond
     */
    record Change(long id, Instant at, NodeEvent what) {}

    /** Ends a stream. */
    private static final Change END = new Change(0, Instant.EPOCH, null);

    /** Guarded by this, as are those below. */
    private final Deque<Change> kept = new ArrayDeque<>();

    private final List<BlockingQueue<Change>> watchers = new ArrayList<>();
    private long last;

    /** Takes an event. Never blocks: who reads too slowly is cut off, and can come again. */
    synchronized void add(NodeEvent event) {
        Change change = new Change(++last, Instant.now().truncatedTo(ChronoUnit.MILLIS), event);
        if (kept.size() == KEPT) {
            kept.removeFirst();
        }
        kept.addLast(change);
        for (BlockingQueue<Change> watcher : watchers) {
            if (!watcher.offer(change)) {
                watcher.clear();
                watcher.add(END);
            }
        }
    }

    /** The events that are kept and newer than {@code id}, the oldest first; all, if that one is of an earlier start. */
    synchronized List<Change> since(long id) {
        return kept.stream().filter(change -> change.id > id || id > last).toList();
    }

    /** Ends every stream. */
    synchronized void close() {
        for (BlockingQueue<Change> watcher : watchers) {
            watcher.clear();
            watcher.add(END);
        }
    }

    /**
     * Sends events until the other side goes.
     *
     * @param since the newest event that the other side knows
     * @param rates measures since it was last asked
     * @throws Problem if too many watch already
     */
    void serve(HttpExchange exchange, long since, Supplier<Rates.Report> rates) throws IOException, Problem {
        BlockingQueue<Change> queue = new ArrayBlockingQueue<>(WAITING + KEPT);
        synchronized (this) {
            if (watchers.size() == MOST) {
                throw new Problem(503, MOST + " streams are open already. Close one, or poll /api/v1/events.");
            }
            queue.addAll(since(since));
            watchers.add(queue);
        }
        try {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            send(out, "retry: 2000\n\n");
            run(queue, out, rates);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            synchronized (this) {
                watchers.removeIf(watcher -> watcher == queue);
            }
        }
    }

    private static void run(BlockingQueue<Change> queue, OutputStream out, Supplier<Rates.Report> rates)
            throws IOException, InterruptedException {
        long next = System.nanoTime();
        while (true) {
            Change change = queue.poll(next - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (change == END) {
                return;
            }
            if (change != null) {
                send(out, "id: " + change.id + "\nevent: change\ndata: " + Json.line(change) + "\n\n");
            }
            if (System.nanoTime() - next >= 0) {
                send(out, "event: rates\ndata: " + Json.line(rates.get()) + "\n\n");
                next += PERIOD_NANOS;
            }
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
