package tier6.mesh.internal;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import tier6.api.discovery.PeerSource;
import tier6.api.event.Events;
import tier6.api.event.NodeEvent;
import tier6.api.node.Node;
import tier6.api.node.NodeStatus;
import tier6.api.node.PeerStatus;
import tier6.api.node.RoleStatus;
import tier6.api.node.SourceStatus;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.tap.Privileges;
import tier6.api.tap.Tap;
import tier6.api.tap.TapDriver;
import tier6.api.transport.Transport;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.VirtualSwitch;

/**
 * Joins discovery, transport, switch and TAP: every peer that a source announces gets a link, and every link becomes
 * a port of the switch.
 *
 * <p>All decisions are taken by one control thread; the methods that tell the mesh something only queue a task for it.
 * The data path does not pass through here: it goes through {@link TapPort} and {@link PeerPort}.
 */
final class Mesh implements Node, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("tier6.mesh");
    private static final long RETRY_SECONDS = 5;
    private static final long PRIVILEGE_SECONDS = 10;
    private static final long PATIENCE_SECONDS = 5;
    private static final long BURIAL_SECONDS = 4;
    private static final long REMAINS_SECONDS = 30;

    private final Events events;
    private final long started = System.nanoTime();
    private final ScheduledExecutorService control = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "tier6-mesh");
        thread.setDaemon(true);
        return thread;
    });

    private final TapPort tapPort = new TapPort();
    private final NavigableMap<PeerId, PeerPort> peers = new ConcurrentSkipListMap<>();
    private final List<Source> sources = new CopyOnWriteArrayList<>();
    private final List<Source> remains = new CopyOnWriteArrayList<>();

    // Written by the control thread only.
    private volatile MeshConfig config;
    private volatile TapDriver driver;
    private volatile TapDriver serving; // the driver whose interface is open
    private MeshConfig openConfig; // what it was opened with
    private volatile Transport transport;
    private volatile VirtualSwitch vswitch;
    private volatile String problem = "starting";
    private Privileges privileges;
    private boolean privilegesDropped;
    private boolean privilegesOverdue;

    Mesh(Events events) {
        this.events = events;
    }

    // ---- What the mesh is told. Any thread. When a method that takes a backend returns, the one before it is no
    // longer
    // in use, because its bundle may be about to vanish.

    void configure(MeshConfig next) {
        execute(() -> {
            config = next;
            openTap();
        });
    }

    /** Takes {@code next} as the TAP driver; the interface of the one before stays open until the new one is. */
    void driver(TapDriver next) {
        execute(() -> {
            driver = next;
            openTap();
        });
        settle();
    }

    /** Lets go of {@code old} and of its interface, unless another driver's has taken its place. */
    void driverGone(TapDriver old) {
        execute(() -> {
            if (driver == old) {
                driver = null;
            }
            if (serving == old) {
                closeTap();
                openTap();
            }
        });
        settle();
    }

    void transport(Transport next) {
        execute(() -> {
            if (next != transport) {
                peers.values().forEach(peer -> peer.link(null, "no transport"));
                transport = next;
                peers.values().forEach(this::connect);
                announceBackend("transport", next == null ? "none" : next.kind());
                openTap();
            }
        });
        settle();
    }

    void vswitch(VirtualSwitch next) {
        execute(() -> {
            if (next != vswitch) {
                vswitch = next;
                tapPort.port(next == null ? null : next.attach("tap", PortKind.LOCAL, tapPort));
                peers.values().forEach(this::plug);
                announceBackend("switch", next == null ? "none" : "learning");
            }
        });
        settle();
    }

    void privileges(Privileges next) {
        execute(() -> {
            privileges = next;
            dropPrivileges();
        });
    }

    void addSource(PeerSource service, String bundle) {
        Source source = new Source(service, bundle, this);
        sources.add(source);
        source.start();
        execute(this::dropPrivileges);
    }

    /** Its peers stay for the grace period, so that another source can take them over. */
    void removeSource(PeerSource service) {
        for (Source source : sources) {
            if (source.service() == service) {
                sources.remove(source);
                source.stop();
                MeshConfig c = config;
                after(() -> forget(source), c == null ? 0 : c.graceSeconds());
                after(() -> bury(source), BURIAL_SECONDS);
            }
        }
    }

    // ---- What the mesh does. Control thread.

    void announced(Source source, Peer peer) {
        if (source.isRevoked()) {
            return;
        }
        PeerPort port = peers.get(peer.id());
        if (port == null) {
            port = new PeerPort(peer.id(), portName(peer.id()));
            peers.put(peer.id(), port);
            plug(port);
            events.publish(new NodeEvent.PeerFound(peer.id(), source.name()));
        }
        // A live source takes over what one that has gone had said.
        List.copyOf(port.announcers()).stream().filter(Source::isRevoked).forEach(port::withdraw);
        port.announce(source, peer);
        if (port.link() == null) {
            connect(port);
        } else {
            update(port);
        }
    }

    void withdrawn(Source source, PeerId id) {
        withdraw(source, peers.get(id));
    }

    /** A source that left something behind is shown for as long as that is there. */
    private void bury(Source source) {
        remains.remove(source);
        if (!source.isGone()) {
            remains.add(source);
            after(() -> bury(source), REMAINS_SECONDS);
        }
    }

    private void forget(Source source) {
        List.copyOf(peers.values()).forEach(port -> withdraw(source, port));
    }

    private void withdraw(Source source, PeerPort port) {
        if (port == null || !port.announcers().contains(source)) {
            return;
        }
        port.withdraw(source);
        if (port.isAnnounced()) {
            update(port);
        } else {
            peers.remove(port.id());
            port.close();
            events.publish(new NodeEvent.PeerLost(port.id()));
        }
    }

    private void update(PeerPort port) {
        try {
            port.link().update(port.known());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "peer " + port.id() + " cannot be updated: " + e.getMessage());
        }
    }

    private void connect(PeerPort port) {
        Transport t = transport;
        if (t == null) {
            return;
        }
        try {
            port.link(t.connect(port.known(), port), null);
        } catch (RuntimeException e) {
            port.link(null, String.valueOf(e.getMessage()));
            LOG.log(Level.WARNING, "no link to peer " + port.id() + ": " + e.getMessage());
        }
    }

    private void plug(PeerPort port) {
        VirtualSwitch s = vswitch;
        port.port(s == null ? null : s.attach(port.name(), PortKind.TUNNEL, port));
    }

    /** A port name is short as long as the device number alone tells the peers apart. */
    private String portName(PeerId id) {
        boolean clash =
                peers.keySet().stream().anyMatch(other -> other.device() == id.device() && other.flock() != id.flock());
        return clash ? "peer-" + id : String.format("peer-%02x", id.device());
    }

    /**
     * Opens the interface with the driver of the moment, if it can be; an interface that is open stays until the new
     * one is, and if that fails, it stays.
     */
    private void openTap() {
        MeshConfig c = config;
        TapDriver d = driver;
        if (c == null || d == null || (c.mtu().isEmpty() && transport == null)) {
            problem = d == null ? "no TAP driver for this system" : "waiting for a transport to choose the MTU";
            return;
        }
        int mtu = c.mtu().isPresent() ? c.mtu().getAsInt() : transport.mtu();
        Tap open = tapPort.tap();
        if (open != null && serving == d && c.equals(openConfig)) {
            return;
        }
        try {
            Tap tap = d.open(c.tap(mtu));
            tapPort.replace(tap, this::lost);
            serving = d;
            openConfig = c;
            problem = null;
            events.publish(new NodeEvent.TapOpened(d.kind(), tap.name(), c.mac(), tap.mtu()));
            after(this::hurryPrivileges, PRIVILEGE_SECONDS);
            dropPrivileges();
        } catch (IOException | RuntimeException e) {
            problem = String.valueOf(e.getMessage());
            events.publish(new NodeEvent.TapFailed(d.kind(), problem));
            after(this::openTap, RETRY_SECONDS);
        }
    }

    private void closeTap() {
        tapPort.replace(null, this::lost);
        serving = null;
        openConfig = null;
        announceBackend("tap", "none");
    }

    private void lost(Tap tap, IOException cause) {
        execute(() -> {
            if (tapPort.tap() == tap) {
                problem = "lost " + tap.name() + ": " + cause.getMessage();
                events.publish(new NodeEvent.TapFailed(serving.kind(), problem));
                closeTap();
                after(this::openTap, RETRY_SECONDS);
            }
        });
    }

    private void hurryPrivileges() {
        privilegesOverdue = true;
        dropPrivileges();
    }

    /**
     * Becomes the user that the configuration names once everything that may need rights has them: the interface is
     * open, and the transport and a source have read their keys. A part that does not come is not waited for.
     */
    private void dropPrivileges() {
        boolean ready = tapPort.tap() != null && (privilegesOverdue || (transport != null && !sources.isEmpty()));
        if (!ready || privilegesDropped || privileges == null || config.runAs().isEmpty()) {
            return;
        }
        try {
            privileges.drop(config.runAs().get());
            privilegesDropped = true;
            LOG.log(Level.INFO, "running as {0}", config.runAs().get());
        } catch (IOException e) {
            problem = e.getMessage();
            LOG.log(Level.ERROR, "still running with all rights: " + e.getMessage());
        }
    }

    private void announceBackend(String role, String now) {
        events.publish(new NodeEvent.BackendChanged(role, now));
    }

    /** Queues a task for the control thread; after close, forgets it. A task that fails is logged, and others go on. */
    private void execute(Runnable task) {
        later(task, 0);
    }

    private void after(Runnable task, long seconds) {
        later(task, TimeUnit.SECONDS.toMillis(seconds));
    }

    /** Queues a task for the control thread that is due in some time. */
    void later(Runnable task, long millis) {
        Runnable guarded = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "the mesh could not do what it was told", e);
            }
        };
        try {
            control.schedule(guarded, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "the mesh is closed");
        }
    }

    /** Waits until the control thread has done all that it was told, if it can be waited for. */
    private void settle() {
        try {
            control.submit(() -> {}).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "the mesh is closed");
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.WARNING, "the mesh is busy: " + e);
        }
    }

    // ---- What the mesh can be asked. Any thread.

    @Override
    public NodeStatus status() {
        Map<String, String> backends = new LinkedHashMap<>();
        Map<String, Long> counters = new LinkedHashMap<>();
        TapDriver d = serving;
        Transport t = transport;
        Tap tap = tapPort.tap();
        backends.put("tap", d == null ? "none" : d.kind());
        backends.put("transport", t == null ? "none" : t.kind());
        backends.put("switch", vswitch == null ? "none" : "learning");
        if (tap != null) {
            tap.counters().forEach((name, value) -> counters.put("tap." + name, value));
        }
        if (t != null) {
            t.counters().forEach((name, value) -> counters.put("transport." + name, value));
        }
        return new NodeStatus(
                Duration.ofNanos(System.nanoTime() - started),
                tap == null || d == null
                        ? Optional.empty()
                        : Optional.of(new NodeStatus.TapStatus(d.kind(), tap.name(), config.mac(), tap.mtu())),
                Optional.ofNullable(problem),
                backends,
                counters);
    }

    @Override
    public List<PeerStatus> peers() {
        return peers.values().stream().map(PeerPort::status).toList();
    }

    @Override
    public List<SourceStatus> sources() {
        return Stream.concat(sources.stream(), remains.stream())
                .map(Source::status)
                .toList();
    }

    @Override
    public List<RoleStatus> roles() {
        List<RoleStatus> roles = new ArrayList<>();
        status().backends()
                .forEach((role, backend) -> roles.add(new RoleStatus(
                        role,
                        Optional.of(new RoleStatus.Backend(backend, "")),
                        Duration.ofNanos(System.nanoTime() - started),
                        List.of(),
                        Optional.empty(),
                        Optional.empty())));
        for (SourceStatus source : sources()) {
            roles.add(new RoleStatus(
                    "discovery",
                    Optional.of(new RoleStatus.Backend(source.name(), source.bundle())),
                    Duration.ofNanos(System.nanoTime() - started),
                    List.of(),
                    Optional.empty(),
                    Optional.empty()));
        }
        return roles;
    }

    @Override
    public void swap(String role, String backend) {
        throw new IllegalArgumentException("there is no other backend for the role \"" + role + "\"");
    }

    @Override
    public void close() {
        List<Source> all = List.copyOf(sources);
        sources.clear();
        all.forEach(Source::beginStop);
        all.forEach(Source::awaitStop);
        execute(() -> {
            peers.values().forEach(PeerPort::close);
            peers.clear();
            tapPort.replace(null, this::lost);
            tapPort.port(null);
        });
        settle();
        control.shutdownNow();
    }
}
