package tier6.mesh.internal;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.api.node.RoleStatus;
import tier6.api.node.SourceStatus;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.swap.Backend;

/**
 * A discovery source under supervision. Whatever it does, it does on threads of its own, and nobody waits for it longer
 * than a second; what it says is compared with what the mesh was told, bounded, and passed on at a bounded rate; once it
 * is revoked its words change nothing. What is wrong with it stands in {@link #status} and, once, in the log.
 */
final class Source implements PeerSink {
    /** A flock has 254 devices, and each peer costs a socket and a port of the switch. */
    static final int MAX_PEERS = 256;

    /** Changes that it may make at once, and how many more each second from then on. */
    static final int BURST = 2 * MAX_PEERS, CHANGES_PER_SECOND = 16;

    private static final System.Logger LOG = System.getLogger("tier6.mesh");
    private static final long STOP_PATIENCE_MILLIS = 1_000;
    private static final long STATUS_PATIENCE_MILLIS = 300;
    private static final long HANGING_MILLIS = 1_000;
    private static final long CHANGE_NANOS = TimeUnit.SECONDS.toNanos(1) / CHANGES_PER_SECOND;
    private static final int LONGEST_WORDS = 500;

    private final Backend<PeerSource> backend;
    private final String bundle;
    private final Mesh mesh;
    private final Room room;
    private final ExecutorService worker;
    private final AtomicReference<PeerSource> had = new AtomicReference<>(); // from its start until its stop
    private volatile String name;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final Map<String, String> failures = Collections.synchronizedMap(new LinkedHashMap<>()); // by method
    private final Set<String> logged = ConcurrentHashMap.newKeySet();
    private volatile String call; // what it was called for and has not returned from, or null
    private volatile long calledAt;
    private volatile String words = "";
    private final long since = System.nanoTime();
    private volatile boolean revoked;
    private volatile Thread stopper;
    private boolean buried; // control thread

    // Guarded by wanted: what it says, what the mesh was told, and where the two may differ.
    private final Map<PeerId, Peer> wanted = new HashMap<>();
    private final Map<PeerId, Peer> told = new HashMap<>();
    private final Set<PeerId> changed = new LinkedHashSet<>();
    private boolean due;
    private long allowance = BURST;
    private long allowedAt = System.nanoTime();
    private long refused;
    private boolean hurried;

    Source(Backend<PeerSource> backend, Mesh mesh) {
        this.backend = backend;
        this.bundle = backend.label();
        this.mesh = mesh;
        this.name = backend.kind();
        this.room = new Room();
        this.worker = Executors.newSingleThreadExecutor(task -> room.thread(task, ""));
    }

    String name() {
        return name;
    }

    Backend<PeerSource> backend() {
        return backend;
    }

    /** Whether its start has returned, or failed. */
    boolean hasBegun() {
        return begun.getCount() == 0;
    }

    boolean isRevoked() {
        return revoked;
    }

    // ---- Calls to the source: on its own threads.

    /** Starts it; returns at once. */
    void start() {
        worker.execute(this::begin);
        mesh.later(this::hanging, 2 * HANGING_MILLIS);
    }

    private void begin() {
        boolean well = called("activate", () -> had.set(backend.get(false)));
        PeerSource source = had.get();
        if (well && revoked) {
            release();
        } else if (well) {
            called("name", () -> name = tidy(source.name()));
            well = called("start", () -> source.start(this));
            if (had.get() == null) { // whoever stopped it did not wait so long
                called("stop", source::stop);
            }
        }
        begun.countDown();
        mesh.begun(this, well);
    }

    private void end() {
        try {
            begun.await(
                    STATUS_PATIENCE_MILLIS, TimeUnit.MILLISECONDS); // its start comes before its stop, if it ever ends
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        PeerSource source = had.get();
        if (source != null) {
            called("stop", source::stop);
            release();
        }
    }

    private void release() {
        if (had.getAndSet(null) != null) {
            backend.release();
        }
    }

    /** Stops it; waits a second at most, however long it takes. Its words count no more. */
    void stop() {
        beginStop();
        awaitStop();
    }

    /** Revokes it and has it stopped, on a thread of its own: the other one may hang. */
    void beginStop() {
        revoked = true;
        Thread thread = room.thread(this::end, "-stop");
        stopper = thread;
        thread.start();
    }

    /** Waits for {@link #beginStop}, a second at most. */
    void awaitStop() {
        try {
            stopper.join(STOP_PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        worker.shutdownNow();
    }

    /**
     * Looks, some time after the stop, what is left of it; threads that are, are interrupted and named in the log once.
     *
     * @return whether nothing is left
     */
    boolean isGone() {
        List<String> left = room.threads();
        if (!left.isEmpty()) {
            room.interrupt();
            if (!buried) {
                buried = true;
                fail(
                        "end",
                        (stopper.isAlive() ? "does not return from stop, and " : "") + "left " + left.size()
                                + (left.size() == 1 ? " thread" : " threads") + " behind: " + String.join(", ", left));
            }
        }
        return left.isEmpty();
    }

    /** Something that a plug-in does. */
    @FunctionalInterface
    private interface Action {
        void run() throws Exception;
    }

    /** Calls it for something; returns whether that went well. */
    private boolean called(String what, Action action) {
        calledAt = System.nanoTime();
        call = what;
        try {
            action.run();
            failures.remove(what);
            return true;
        } catch (Throwable e) { // whatever a plug-in throws, errors of linking among it
            fail(what, what + " failed: " + e);
            return false;
        } finally {
            call = null;
        }
    }

    /** Remembers what is wrong, and logs it the first time. */
    private void fail(String what, String reason) {
        String line = tidy(reason);
        failures.put(what, line);
        if (logged.add(what)) {
            log(line);
        }
    }

    private void log(String line) {
        LOG.log(Level.WARNING, "source " + name + " of " + bundle + ": " + line);
    }

    /** One line of bounded length. */
    private static String tidy(String text) {
        String line = String.valueOf(text);
        if (line.length() > LONGEST_WORDS) {
            line = line.substring(0, LONGEST_WORDS) + "…";
        }
        return line.replaceAll("\\p{Cntrl}+", " ").strip();
    }

    // ---- What the source says. Any thread of it.

    @Override
    public void announce(Peer peer) {
        if (revoked) {
            return;
        }
        PeerId id = peer.id();
        boolean first;
        boolean news = false;
        synchronized (wanted) {
            boolean room = wanted.containsKey(id) || wanted.size() < MAX_PEERS;
            if (room) {
                news = !peer.equals(wanted.put(id, peer)) && change(id);
            } else {
                refused++;
            }
            first = !room && refused == 1;
        }
        if (news) {
            mesh.later(this::tell, 0);
        }
        if (first) {
            log("announces more than " + MAX_PEERS + " peers; the rest is ignored");
        }
    }

    @Override
    public void withdraw(PeerId id) {
        boolean news;
        synchronized (wanted) {
            news = !revoked && wanted.remove(id) != null && change(id);
        }
        if (news) {
            mesh.later(this::tell, 0);
        }
    }

    /** Notes that the mesh may know something else; returns whether it must be told so and is not on its way. */
    private boolean change(PeerId id) {
        if (!wanted.containsKey(id) && !told.containsKey(id)) {
            changed.remove(id); // said and unsaid before anybody heard of it
            return false;
        }
        changed.add(id);
        boolean first = !due;
        due = true;
        return first;
    }

    /** Tells the mesh what is new, as much as this source is allowed to change now. The mesh's control thread. */
    private void tell() {
        if (revoked) {
            return;
        }
        List<PeerId> gone = new ArrayList<>();
        List<Peer> here = new ArrayList<>();
        boolean more;
        boolean firstTime;
        synchronized (wanted) {
            earn();
            // Who goes first makes room, so that the mesh never has more than the bound.
            take(id -> !wanted.containsKey(id), id -> {
                told.remove(id);
                gone.add(id);
            });
            take(id -> true, id -> {
                Peer peer = wanted.get(id);
                if (!peer.equals(told.put(id, peer))) {
                    here.add(peer);
                }
            });
            more = !changed.isEmpty();
            due = more;
            firstTime = more && !hurried;
            hurried |= more;
        }
        if (more) {
            mesh.later(this::tell, TimeUnit.SECONDS.toMillis(1));
        }
        if (firstTime) {
            log("changes its mind too often; from now on " + CHANGES_PER_SECOND + " times a second");
        }
        gone.forEach(id -> mesh.withdrawn(this, id));
        here.forEach(peer -> mesh.announced(this, peer));
    }

    private void earn() {
        long earned = (System.nanoTime() - allowedAt) / CHANGE_NANOS;
        allowedAt += earned * CHANGE_NANOS;
        allowance = Math.min(BURST, allowance + earned);
    }

    private void take(Predicate<PeerId> which, Consumer<PeerId> action) {
        for (Iterator<PeerId> ids = changed.iterator(); ids.hasNext() && allowance > 0; ) {
            PeerId id = ids.next();
            if (which.test(id)) {
                ids.remove();
                allowance--;
                action.accept(id);
            }
        }
    }

    // ---- What can be said about it.

    /** Asks it for its words, unless it hangs; waits a third of a second at most. Any thread. */
    SourceStatus status() {
        String problem = hanging();
        PeerSource source = had.get();
        if (problem == null && source != null) {
            try {
                worker.submit(() -> called("status", () -> words = tidy(source.status())))
                        .get(STATUS_PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
                problem = hanging();
            }
        }
        StringBuilder line = new StringBuilder();
        List.copyOf(failures.values()).forEach(failure -> append(line, failure));
        append(line, problem);
        synchronized (wanted) {
            append(line, refused == 0 ? null : "announces more than " + MAX_PEERS + " peers, " + refused + " refused");
            append(line, hurried ? "changes its mind too often and is slowed down" : null);
            append(line, line.isEmpty() ? words : null);
            return new SourceStatus(name, bundle, wanted.size(), line.toString());
        }
    }

    /** As a role, which it has while others are held. Any thread. */
    RoleStatus role(List<RoleStatus.Backend> held) {
        return new RoleStatus(
                Mesh.DISCOVERY,
                Optional.of(new RoleStatus.Backend(name, bundle)),
                Duration.ofNanos(System.nanoTime() - since),
                held,
                Optional.empty(),
                problem());
    }

    /** The first thing that is wrong with it. Any thread. */
    Optional<String> problem() {
        return List.copyOf(failures.values()).stream().findFirst().or(() -> Optional.ofNullable(hanging()));
    }

    private static void append(StringBuilder line, String part) {
        if (part != null && !part.isEmpty()) {
            line.append(line.isEmpty() ? "" : "; ").append(part);
        }
    }

    /** What it does not return from; null if it does. Logged once. */
    private String hanging() {
        String what = call;
        long millis = (System.nanoTime() - calledAt) / 1_000_000;
        if (what == null || millis < STATUS_PATIENCE_MILLIS) {
            return null;
        }
        if (millis >= HANGING_MILLIS && !revoked && logged.add("hanging")) {
            log("does not return from " + what + "; others go on without it");
            if (!hasBegun()) {
                mesh.begun(this, false);
            }
        }
        return what + " has not returned for " + (millis + 999) / 1_000 + " s";
    }

    /** The threads of a source: whatever thread they start is in the same group. */
    private final class Room extends ThreadGroup {
        // A group that is no daemon would stay for ever on Java 17; newer ones forget it by themselves.
        @SuppressWarnings("removal")
        Room() {
            super(outermost(), "tier6-source of " + bundle);
            setDaemon(true);
        }

        private static ThreadGroup outermost() {
            ThreadGroup group = Thread.currentThread().getThreadGroup();
            while (group.getParent() != null) {
                group = group.getParent();
            }
            return group;
        }

        Thread thread(Runnable task, String role) {
            Thread thread = new Thread(this, task, "tier6-source-" + bundle.replaceAll(" .*", "") + role);
            thread.setDaemon(true);
            return thread;
        }

        /** Names of those that live. */
        List<String> threads() {
            Thread[] all = new Thread[activeCount() + 16];
            int count = enumerate(all);
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add(all[i].getName());
            }
            return names;
        }

        @Override
        public void uncaughtException(Thread thread, Throwable e) {
            fail("thread", "thread " + thread.getName() + " died: " + e);
        }
    }
}
