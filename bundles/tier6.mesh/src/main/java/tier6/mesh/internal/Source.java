package tier6.mesh.internal;

import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.api.node.SourceStatus;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;

/**
 * A discovery source under supervision: it runs on a thread of its own until it has started, what it announces is
 * bounded, and once it is revoked its words change nothing.
 */
final class Source implements PeerSink {
    /** A flock has 254 devices; a source may know a few flocks. */
    static final int MAX_PEERS = 1024;

    private static final System.Logger LOG = System.getLogger("tier6.mesh");
    private static final long STOP_PATIENCE_MILLIS = 1_000;

    private final PeerSource source;
    private final String name;
    private final String bundle;
    private final Mesh mesh;
    private final Set<PeerId> peers = new HashSet<>(); // guarded by itself
    private final AtomicInteger refused = new AtomicInteger();
    private volatile String failure;
    private volatile boolean revoked;

    Source(PeerSource source, String bundle, Mesh mesh) {
        this.source = source;
        this.bundle = bundle;
        this.mesh = mesh;
        this.name = nameOf(source);
    }

    private static String nameOf(PeerSource source) {
        try {
            return String.valueOf(source.name());
        } catch (RuntimeException e) {
            return source.getClass().getSimpleName();
        }
    }

    String name() {
        return name;
    }

    PeerSource service() {
        return source;
    }

    boolean isRevoked() {
        return revoked;
    }

    void start() {
        guard("start", () -> source.start(this));
    }

    /** Stops it; waits a second at most, however long it takes. */
    void stop() {
        revoked = true;
        Thread stopper = guard("stop", source::stop);
        try {
            stopper.join(STOP_PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stopper.isAlive()) {
            LOG.log(Level.WARNING, "source {0} of {1} does not stop; it is left behind", name, bundle);
        }
    }

    private Thread guard(String what, Runnable call) {
        Runnable guarded = () -> {
            try {
                call.run();
            } catch (Throwable e) {
                failure = what + " failed: " + e;
                LOG.log(Level.WARNING, "source " + name + " of " + bundle + ": " + failure);
            }
        };
        Thread thread = new Thread(guarded, "tier6-source-" + name + "-" + what);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void announce(Peer peer) {
        if (revoked) {
            return;
        }
        synchronized (peers) {
            if (!peers.contains(peer.id()) && peers.size() >= MAX_PEERS) {
                if (refused.getAndIncrement() == 0) {
                    LOG.log(
                            Level.WARNING,
                            "source {0} of {1} announces more than {2} peers; the rest is ignored",
                            name,
                            bundle,
                            MAX_PEERS);
                }
                return;
            }
            peers.add(peer.id());
        }
        mesh.announced(this, peer);
    }

    @Override
    public void withdraw(PeerId id) {
        if (revoked) {
            return;
        }
        synchronized (peers) {
            if (!peers.remove(id)) {
                return;
            }
        }
        mesh.withdrawn(this, id);
    }

    SourceStatus status() {
        String words = failure;
        if (words == null) {
            try {
                words = String.valueOf(source.status());
            } catch (RuntimeException e) {
                words = "status failed: " + e;
            }
        }
        if (refused.get() > 0) {
            words = refused.get() + " announcements refused, more than " + MAX_PEERS + " peers; " + words;
        }
        synchronized (peers) {
            return new SourceStatus(name, bundle, peers.size(), words);
        }
    }
}
