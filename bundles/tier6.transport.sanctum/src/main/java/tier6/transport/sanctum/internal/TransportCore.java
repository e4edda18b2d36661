package tier6.transport.sanctum.internal;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import tier6.api.counter.Counters;
import tier6.api.counter.Stopwatch;
import tier6.api.event.NodeEvent;
import tier6.api.frame.Batch;
import tier6.api.peer.Peer;
import tier6.api.time.Clock;
import tier6.api.transport.LinkHandler;
import tier6.api.underlay.UnderlayLoop;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;

/**
 * All links of a node, without threads of their own: one thread calls {@link #receive} over and over, another one {@link
 * #control}. They share nothing but queues and volatile fields. With virtual clocks and an underlay to match, a whole
 * network runs in one thread.
 */
final class TransportCore implements AutoCloseable {
    private static final Logger LOG = System.getLogger(TransportCore.class.getName());

    /** The lane of the thread that calls {@link #receive}. */
    static final int RECEIVE_LANE = 1;

    /** Longest time between two calls of {@link #control}. */
    private static final long TICK = SECONDS.toNanos(1);

    /** Offers that wait for the control thread, of all links together. */
    private static final int MAX_WAITING = 1024;

    /** Room for a few dozen full datagrams, or for one of any size. */
    private static final int BATCH_BYTES = 1 << 17;

    private static final int BATCH_COUNT = 128;

    private record Incoming(SanctumLink link, byte[] offer, InetSocketAddress from) {}

    private final NodeSettings settings;
    private final Clock clock;
    private final RandomSource random;
    private final Consumer<NodeEvent> events;
    private final CathedralClient client;
    private final List<SanctumLink> links = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final Queue<Incoming> incoming = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Counters<LinkCounter> formerLinks = new Counters<>(LinkCounter.class);

    // Each element belongs to the thread of that lane.
    private final Batch[] sealed = new Batch[Batch.MAX_LANES];
    private final Stopwatch[] stopwatches = new Stopwatch[Batch.MAX_LANES];
    private final Batch[] opened = new Batch[Batch.MAX_LANES];
    private final Batch[] replies = new Batch[Batch.MAX_LANES];
    private final Batch[] shrouded = new Batch[Batch.MAX_LANES];
    private final byte[][] unshrouded = new byte[Batch.MAX_LANES][];

    private final Map<Long, CathedralShroud> cathedralShrouds = new ConcurrentHashMap<>();

    private volatile Runnable wake = () -> {};
    private volatile Consumer<String> onUnderlayFailure = why -> {};
    private volatile UnderlayLoop loop;

    /**
     * Makes a transport without links and without an underlay.
     *
     * @param events takes what happens; called by the control thread, must not block
     */
    TransportCore(NodeSettings settings, Clock clock, RandomSource random, Consumer<NodeEvent> events) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.events = events;
        this.client = settings.identity() == null ? null : new CathedralClient(settings.identity(), random);
    }

    NodeSettings settings() {
        return settings;
    }

    Clock clock() {
        return clock;
    }

    long unixSeconds() {
        return TimeUnit.MILLISECONDS.toSeconds(clock.unixMillis());
    }

    RandomSource random() {
        return random;
    }

    Consumer<NodeEvent> events() {
        return events;
    }

    /** Null if this node has no secret that a cathedral knows. */
    CathedralClient client() {
        return client;
    }

    List<SanctumLink> links() {
        return links;
    }

    /** What is called, by any thread, when {@link #control} has something to do. */
    void onWork(Runnable newWake) {
        wake = newWake;
    }

    /** What {@link #control} calls when the underlay that is in use failed, with the reason. */
    void onUnderlayFailure(Consumer<String> handler) {
        onUnderlayFailure = handler;
    }

    /** Takes note that a part of an underlay, a loop or a socket, did what it must not. Any thread. */
    void underlayFailed(Object part, Throwable failure) {
        command(() -> {
            if (part == loop || links.stream().anyMatch(link -> link.isOn(part))) {
                onUnderlayFailure.accept(failure.toString());
            }
        });
    }

    void wakeControl() {
        wake.run();
    }

    /**
     * Makes a link and has the control thread begin to connect it.
     *
     * @throws IllegalArgumentException with a sentence for people if this node cannot reach such a peer
     */
    SanctumLink connect(Peer peer, LinkHandler handler) {
        if (peer.id().flock() == settings.flock() && peer.id().device() == settings.kekId()) {
            throw new IllegalArgumentException("peer " + peer.id() + " is this node itself; check kek.id");
        }
        SanctumLink link = new SanctumLink(this, peer, handler, readSecret(peer));
        links.add(link);
        command(() -> link.control().start());
        return link;
    }

    /**
     * Reads the secret that a peer's file holds.
     *
     * @return null if the peer has none
     * @throws IllegalArgumentException with a sentence for people if this node cannot reach such a peer
     */
    byte[] readSecret(Peer peer) {
        if (peer.cathedral().isPresent() && client == null) {
            throw new IllegalArgumentException("peer " + peer.id()
                    + " is reached through a cathedral, and that needs cs.id, cs.path and cosk.path");
        }
        if (peer.secret().isEmpty()) {
            if (!client.hasKek()) {
                throw new IllegalArgumentException(
                        "peer " + peer.id() + " needs the secret of an ambry, and that needs kek.path");
            }
            return null;
        }
        try {
            return KeyFiles.readSecret(peer.secret().get(), Identity.SECRET_SIZE);
        } catch (IOException e) {
            throw new IllegalArgumentException("the secret of peer " + peer.id() + ": " + e.getMessage(), e);
        }
    }

    /** Has the control thread do something soon. */
    void command(Runnable command) {
        commands.add(command);
        wake.run();
    }

    /** Hands an offer to the control thread; false if there are too many already. The receiving thread. */
    boolean enqueue(SanctumLink link, byte[] offer, InetSocketAddress from) {
        if (waiting.get() >= MAX_WAITING) {
            return false;
        }
        waiting.incrementAndGet();
        incoming.add(new Incoming(link, offer, from));
        wake.run();
        return true;
    }

    /**
     * Moves all sockets to another underlay; sessions stay. The thread that called {@link #receive} on the old one must have
     * stopped before another one begins.
     *
     * @param newLoop null if there is none now
     */
    void attach(UnderlayLoop newLoop) {
        loop = newLoop;
        command(() -> links.forEach(link -> link.control().reopen()));
    }

    /** Where sockets are to be opened now; null if there is no underlay. */
    UnderlayLoop loop() {
        return loop;
    }

    /** A turn of the data path: hands on what arrived, or waits for it. Always the same thread for one loop. */
    int receive(UnderlayLoop from, long timeoutNanos) throws IOException {
        return from.poll(RECEIVE_LANE, timeoutNanos);
    }

    /**
     * A turn of the control path: offers, commands, timers. Always the same thread; does not block.
     *
     * @return when the next turn is due at the latest, in {@link Clock#nanos}
     */
    long control() {
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            guarded(command);
        }
        for (Incoming next = incoming.poll(); next != null; next = incoming.poll()) {
            waiting.decrementAndGet();
            Incoming one = next;
            guarded(() -> one.link.control().offer(one.offer, one.from));
        }
        long now = clock.nanos();
        cathedralShrouds.values().forEach(shroud -> shroud.tick(now));
        long due = now + TICK;
        for (SanctumLink link : links) {
            LinkControl control = link.control();
            guarded(control::run);
            if (control.due() - due < 0) {
                due = control.due();
            }
        }
        return due;
    }

    /** What goes wrong with one link shall not harm the others. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "the control of a link failed, goes on", e);
        }
    }

    /** What measures the work of a lane. */
    Stopwatch stopwatch(int lane) {
        if (stopwatches[lane] == null) {
            stopwatches[lane] = new Stopwatch();
        }
        return stopwatches[lane];
    }

    /** Where the caller's lane seals what it sends. */
    Batch sealed(int lane) {
        if (sealed[lane] == null) {
            sealed[lane] = new Batch(lane, BATCH_COUNT, BATCH_BYTES);
        }
        return sealed[lane];
    }

    /** Where the caller's lane opens what it received. */
    Batch opened(int lane) {
        if (opened[lane] == null) {
            opened[lane] = new Batch(lane, BATCH_COUNT, BATCH_BYTES);
        }
        return opened[lane];
    }

    /** Where the caller's lane writes a short answer. */
    Batch reply(int lane) {
        if (replies[lane] == null) {
            replies[lane] = new Batch(lane, 1, Grace.ACK_SIZE + Batch.TAILROOM);
        }
        return replies[lane];
    }

    /** Where the caller's lane puts shrouds on. */
    Batch shrouded(int lane) {
        if (shrouded[lane] == null) {
            shrouded[lane] = new Batch(lane, BATCH_COUNT, 2 * BATCH_BYTES);
        }
        return shrouded[lane];
    }

    /** Where the caller's lane takes a shroud off; room for any datagram. */
    byte[] unshrouded(int lane) {
        if (unshrouded[lane] == null) {
            unshrouded[lane] = new byte[1 << 16];
        }
        return unshrouded[lane];
    }

    /** What the datagrams of a link to a device of that flock wear; null if this node wears no shroud. */
    LinkShroud shroudTowards(long peerFlock) {
        if (!settings.shroud()) {
            return null;
        }
        return new LinkShroud(
                this,
                settings.identity() == null
                        ? null
                        : cathedralShrouds.computeIfAbsent(
                                peerFlock,
                                flock -> new CathedralShroud(settings.identity(), flock, random, clock.nanos())));
    }

    void forget(SanctumLink link) {
        if (links.remove(link)) {
            for (LinkCounter counter : LinkCounter.values()) {
                formerLinks.add(counter, link.counters().get(counter));
            }
        }
    }

    /** What all links counted, those that are closed included. Any thread. */
    Map<String, Long> counters() {
        Map<String, Long> sum = new LinkedHashMap<>();
        sum.put("links", (long) links.size());
        sum.putAll(formerLinks.snapshot());
        for (SanctumLink link : links) {
            link.counters().snapshot().forEach((name, value) -> sum.merge(name, value, Long::sum));
        }
        return sum;
    }

    /** Ends all links. Both threads must have stopped. */
    @Override
    public void close() {
        for (SanctumLink link : links) {
            link.close();
        }
        control();
        cathedralShrouds.values().forEach(CathedralShroud::close);
        if (client != null) {
            client.close();
        }
    }
}
