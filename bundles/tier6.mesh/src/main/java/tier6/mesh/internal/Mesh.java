package tier6.mesh.internal;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tier6.api.discovery.PeerSource;
import tier6.api.event.Events;
import tier6.api.event.NodeEvent;
import tier6.api.node.Node;
import tier6.api.node.NodeStatus;
import tier6.api.node.PeerStatus;
import tier6.api.node.RoleStatus;
import tier6.api.node.SourceStatus;
import tier6.api.node.Swappable;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.tap.Privileges;
import tier6.api.tap.Tap;
import tier6.api.tap.TapDriver;
import tier6.api.transport.Link;
import tier6.api.transport.LinkHandler;
import tier6.api.transport.LinkStatus;
import tier6.api.transport.Transport;
import tier6.api.vswitch.Egress;
import tier6.api.vswitch.MacEntry;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.SwitchPort;
import tier6.api.vswitch.VirtualSwitch;
import tier6.swap.Backend;
import tier6.swap.Farewell;
import tier6.swap.Role;
import tier6.swap.Trial;

/**
 * Joins discovery, transport, switch and TAP: every peer that a source announces gets a link, and every link becomes
 * a port of the switch.
 *
 * <p>All decisions are taken by one control thread; the methods that tell the mesh something only queue a task for it.
 * The data path does not pass through here: it goes through {@link TapPort} and {@link PeerPort}.
 */
final class Mesh implements Node, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("tier6.mesh");
    static final String DISCOVERY = "discovery";
    private static final String TAP_PORT = "tap";
    private static final long SWAP_SECONDS = 20;
    private static final long REVIEW_NANOS = TimeUnit.DAYS.toNanos(1);
    private static final long PRIVILEGE_SECONDS = 10;
    private static final long PATIENCE_SECONDS = 5;

    private static final long PROBATION_SECONDS = 30;

    private final Events events;
    private final long probationSeconds;
    private final long started = System.nanoTime();
    private final ScheduledExecutorService control = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "tier6-mesh");
        thread.setDaemon(true);
        return thread;
    });

    private final AtomicBoolean failureHeard = new AtomicBoolean();
    private final TapPort tapPort = new TapPort(this::failed);
    private final NavigableMap<PeerId, PeerPort> peers = new ConcurrentSkipListMap<>();
    private final Sources sources;

    private final TapSeat tapSeat = new TapSeat(tapPort, this::lost);
    private final Role<TapDriver> tapRole;
    private final Role<Transport> transportRole;
    private final Role<VirtualSwitch> switchRole;
    private final Map<Role<?>, Future<?>> reviews = new HashMap<>(); // control thread
    private final List<Swappable> swappables = new CopyOnWriteArrayList<>();

    // Written by the control thread only.
    private volatile MeshConfig config;
    private volatile Transport transport;
    private volatile VirtualSwitch vswitch;
    private volatile String problem = "starting";
    private int chosenMtu; // of the interface by a transport; 0 if by the configuration
    private Privileges privileges;
    private boolean privilegesDropped;
    private boolean privilegesOverdue;

    Mesh(Events events) {
        this(events, PROBATION_SECONDS);
    }

    /**
     * Makes a mesh that joins nothing yet.
     *
     * @param probationSeconds in which a transport that took over must bring a link up, if the one before had one
     */
    Mesh(Events events, long probationSeconds) {
        this.events = events;
        this.probationSeconds = probationSeconds;
        sources = new Sources(this, events);
        tapRole = new Role<>(new Role.Manner("tap", true, false), this::takeDriver, events, System::nanoTime);
        transportRole =
                new Role<>(new Role.Manner("transport", false, true), this::takeTransport, events, System::nanoTime);
        switchRole = new Role<>(new Role.Manner("switch", true, true), this::takeSwitch, events, System::nanoTime);
    }

    // ---- What the mesh is told. Any thread. When a method that takes a backend returns, the one before it is no
    // longer in use, or serves on by its contract.

    void configure(MeshConfig next) {
        execute(() -> {
            config = next;
            Duration grace = Duration.ofSeconds(next.graceSeconds());
            tapRole.configure(next.targets().driver(), grace);
            transportRole.configure(next.targets().transport(), grace);
            switchRole.configure(next.targets().vswitch(), grace);
            decideAll();
        });
    }

    void addDriver(Backend<TapDriver> driver) {
        add(tapRole, driver);
    }

    void removeDriver(Backend<TapDriver> driver) {
        remove(tapRole, driver);
        execute(() -> after(this::unpark, config == null ? 0 : config.graceSeconds()));
    }

    /** The interface of a driver that will not come back does not wait for it for ever. */
    private void unpark() {
        if (tapSeat.parkedKind() != null && !tapRole.has(tapSeat.parkedKind())) {
            tapSeat.unpark();
        }
    }

    void addTransport(Backend<Transport> next) {
        add(transportRole, next);
    }

    void removeTransport(Backend<Transport> old) {
        remove(transportRole, old);
    }

    void addSwitch(Backend<VirtualSwitch> next) {
        add(switchRole, next);
    }

    void removeSwitch(Backend<VirtualSwitch> old) {
        remove(switchRole, old);
    }

    private <S> void add(Role<S> role, Backend<S> backend) {
        execute(() -> {
            role.add(backend);
            decideAll();
        });
        settle();
    }

    private <S> void remove(Role<S> role, Backend<S> backend) {
        execute(() -> {
            role.remove(backend);
            decideAll();
        });
        settle();
    }

    /** Takes note of a role that somebody else has to give. */
    void addSwappable(Swappable swappable) {
        swappables.add(swappable);
    }

    void removeSwappable(Swappable swappable) {
        swappables.remove(swappable);
    }

    void privileges(Privileges next) {
        execute(() -> {
            privileges = next;
            dropPrivileges();
        });
    }

    void addSource(Backend<PeerSource> source) {
        sources.add(source);
    }

    void removeSource(Backend<PeerSource> source) {
        sources.remove(source);
    }

    /** Takes note that the start of a source has returned, or failed. */
    void begun(Source source, boolean well) {
        execute(() -> {
            sources.begun(source, well);
            dropPrivileges();
        });
    }

    /** Takes note that a source was stopped. Its peers stay for the grace period, so that another one can take them over. */
    void stopped(Source source) {
        MeshConfig c = config;
        after(() -> forget(source), c == null ? 0 : c.graceSeconds());
    }

    // ---- What the mesh does. Control thread.

    void announced(Source source, Peer peer) {
        if (source.isRevoked()) {
            return;
        }
        PeerPort port = peers.get(peer.id());
        if (port == null) {
            port = new PeerPort(peer.id(), portName(peer.id()), this::failed);
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
            Farewell.to("peer " + port.id(), port.leave());
            events.publish(new NodeEvent.PeerLost(port.id()));
        }
    }

    private void update(PeerPort port) {
        try {
            port.link().update(port.known());
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "peer " + port.id() + " cannot be updated: " + e.getMessage());
        }
    }

    private void connect(PeerPort port) {
        Transport t = transport;
        if (t == null) {
            return;
        }
        Peer peer = port.known();
        try {
            Attempt attempt = Trial.open(() -> attempt(t, peer, port));
            port.link(attempt.link(), attempt.problem());
            if (attempt.link() == null) {
                LOG.log(Level.WARNING, "no link to peer " + port.id() + ": " + attempt.problem());
            }
        } catch (IOException e) {
            port.link(null, "the transport failed: " + e.getMessage());
            execute(() -> blame(transportRole, t == transport, e.getMessage()));
        }
    }

    /** A link, or why this peer cannot have one. */
    private record Attempt(Link link, String problem) implements AutoCloseable {
        @Override
        public void close() {
            if (link != null) {
                link.close();
            }
        }
    }

    private static Attempt attempt(Transport to, Peer peer, LinkHandler handler) throws IOException {
        try {
            Link link = to.connect(peer, handler);
            if (link == null) {
                throw new IOException("it returned no link");
            }
            return new Attempt(link, null);
        } catch (IllegalArgumentException e) {
            return new Attempt(null, String.valueOf(e.getMessage()));
        }
    }

    private void plug(PeerPort port) {
        VirtualSwitch s = vswitch;
        if (s != null) {
            try {
                port.port(Trial.open(() -> attach(s, port.name(), PortKind.TUNNEL, port, Map.of())));
            } catch (IOException e) {
                execute(() -> blame(switchRole, s == vswitch, e.getMessage()));
            }
        }
    }

    /** A port name is short as long as the device number alone tells the peers apart. */
    private String portName(PeerId id) {
        boolean clash =
                peers.keySet().stream().anyMatch(other -> other.device() == id.device() && other.flock() != id.flock());
        return clash ? "peer-" + id : String.format("peer-%02x", id.device());
    }

    /** Gives every role to whom it belongs now. The transport comes before the interface, whose MTU it may choose. */
    private void decideAll() {
        if (config != null) {
            decide(switchRole);
            decide(transportRole);
            if (isReadyForTap()) {
                decide(tapRole);
            }
            dropPrivileges();
        }
    }

    private void decide(Role<?> role) {
        Future<?> before = reviews.remove(role);
        if (before != null) {
            before.cancel(false);
        }
        long due = role.decide() - System.nanoTime();
        if (due < REVIEW_NANOS) {
            reviews.put(role, control.schedule(guarded(() -> decide(role)), due, TimeUnit.NANOSECONDS));
        }
    }

    /** Says how the interface shall be, if that is known. An MTU that a transport chose stays while the interface does. */
    private boolean isReadyForTap() {
        Transport t = transport;
        Tap open = tapPort.tap();
        if (config.mtu().isEmpty() && open == null && t == null) {
            problem = "waiting for a transport to choose the MTU";
            return false;
        }
        try {
            return isReadyForTap(open, t);
        } catch (RuntimeException | Error e) {
            problem = "the transport cannot choose the MTU: " + e;
            execute(() -> blame(transportRole, t == transport, "it cannot choose the MTU: " + e));
            return false;
        }
    }

    private boolean isReadyForTap(Tap open, Transport t) {
        if (tapSeat.configure(config.tap(mtu(open, t)))) {
            tapRole.renew();
        }
        problem = null;
        return true;
    }

    /** At least one of the two is there, if the configuration names no MTU. */
    private int mtu(Tap open, Transport t) {
        if (config.mtu().isPresent()) {
            chosenMtu = 0;
            return config.mtu().getAsInt();
        }
        if (t != null && (open == null || chosenMtu == 0)) {
            chosenMtu = t.mtu();
        }
        return chosenMtu == 0 ? open.mtu() : chosenMtu;
    }

    private void takeDriver(TapDriver driver) throws IOException {
        if (driver == null) {
            tapSeat.leave();
            return;
        }
        try {
            Tap tap = tapSeat.take(driver);
            events.publish(new NodeEvent.TapOpened(
                    driver.kind(), tap.name(), tapSeat.config().mac(), tap.mtu()));
            after(this::hurryPrivileges, PRIVILEGE_SECONDS);
            execute(this::dropPrivileges);
        } catch (IOException e) {
            if (tapPort.tap() == null) {
                events.publish(new NodeEvent.TapFailed(driver.kind(), e.getMessage()));
            }
            throw e;
        }
    }

    private void lost(Tap tap, IOException cause) {
        execute(() -> {
            blame(tapRole, tapPort.tap() == tap, cause.getMessage());
            if (tapPort.tap() == tap) { // nobody else could take over
                events.publish(new NodeEvent.TapFailed(tapSeat.kind(), cause.getMessage()));
                tapSeat.leave();
                tapRole.lost(cause.getMessage());
                decide(tapRole);
            }
        });
    }

    /**
     * Takes note that a part of the path of a frame failed: an interface, a link, or a port of the switch. Any thread, as
     * often as there are frames; one in a second is heard.
     */
    private void failed(Object part, Throwable failure) {
        if (failureHeard.compareAndSet(false, true)) {
            execute(() -> judge(part, failure));
            after(() -> failureHeard.set(false), 1);
        }
    }

    private void judge(Object part, Throwable failure) {
        blame(tapRole, part == tapPort.tap(), failure.toString());
        blame(
                switchRole,
                part == tapPort.port() || peers.values().stream().anyMatch(peer -> part == peer.port()),
                failure.toString());
        blame(transportRole, peers.values().stream().anyMatch(peer -> part == peer.link()), failure.toString());
    }

    /** Gives the role to somebody else, if it is so that who has it failed and if there is anybody. */
    private void blame(Role<?> role, boolean failed, String why) {
        if (failed) {
            role.fails(why);
            decide(role);
        }
    }

    private void takeTransport(Transport next) throws IOException {
        if (next != null && !peers.isEmpty()) {
            PeerPort any = peers.firstEntry().getValue();
            Link trial = Trial.open(() -> trial(next, any));
            if (trial != null) {
                trial.close(); // the ports that it will need belong to the tunnels of the one before
            }
        }
        long up = linksUp();
        transport = next;
        List<Link> left = new ArrayList<>();
        peers.values().forEach(peer -> left.add(peer.link(null, "no transport")));
        Farewell.to("the transport before", left);
        peers.values().forEach(this::connect);
        if (next != null && up > 0) {
            after(() -> examine(next, up), probationSeconds);
        }
    }

    private long linksUp() {
        return peers.values().stream()
                .map(PeerPort::status)
                .flatMap(peer -> peer.link().stream())
                .filter(link -> link.state() == LinkStatus.State.UP)
                .count();
    }

    /** A transport that offers links which never come up gives way, if there is another one. */
    private void examine(Transport one, long before) {
        boolean dead = one == transport && !peers.isEmpty() && linksUp() == 0;
        if (dead && !transportRole.status().alternatives().isEmpty()) {
            blame(
                    transportRole,
                    true,
                    "no link is up " + probationSeconds + " s after it took over; before, " + before
                            + (before == 1 ? " was" : " were"));
        }
    }

    /** A link that nobody uses; null if it is this peer that cannot be reached. */
    private static Link trial(Transport next, PeerPort peer) {
        try {
            return next.connect(peer.known(), frames -> {});
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Every port gets a place at the next switch, with the addresses that were known behind it, before one is used. */
    private void takeSwitch(VirtualSwitch next) throws IOException {
        List<SwitchPort> left = new ArrayList<>();
        if (next == null) {
            peers.values().forEach(peer -> left.add(peer.port(null)));
            left.add(tapPort.port(null));
        } else {
            Map<String, List<MacEntry>> known = known();
            Places places = Trial.open(() -> places(next, known));
            places.peers().forEach((peer, port) -> left.add(peer.port(port)));
            left.add(tapPort.port(places.local()));
        }
        vswitch = next;
        Farewell.to("the switch before", left);
    }

    /** Ports of a switch that nobody uses yet. */
    private record Places(SwitchPort local, Map<PeerPort, SwitchPort> peers) implements AutoCloseable {
        @Override
        public void close() {
            peers.values().forEach(SwitchPort::close);
            local.close();
        }
    }

    private Places places(VirtualSwitch next, Map<String, List<MacEntry>> known) throws IOException {
        Places places = null;
        try {
            places = new Places(attach(next, TAP_PORT, PortKind.LOCAL, tapPort, known), new LinkedHashMap<>());
            for (PeerPort peer : peers.values()) {
                places.peers().put(peer, attach(next, peer.name(), PortKind.TUNNEL, peer, known));
            }
            return places;
        } catch (RuntimeException | Error e) {
            if (places != null) {
                places.close();
            }
            throw new IOException("it does not take every port: " + e, e);
        }
    }

    private static SwitchPort attach(
            VirtualSwitch to, String name, PortKind kind, Egress egress, Map<String, List<MacEntry>> known) {
        SwitchPort port = Objects.requireNonNull(to.attach(name, kind, egress), "it returned no port");
        known.getOrDefault(name, List.of()).forEach(entry -> port.learn(entry.mac(), entry.idle()));
        return port;
    }

    /** The addresses that the switch has learned, by port, those that were idle for longest first. */
    private Map<String, List<MacEntry>> known() {
        VirtualSwitch s = vswitch;
        if (s == null) {
            return Map.of();
        }
        try {
            return s.macs().stream()
                    .sorted(Comparator.comparing(MacEntry::idle).reversed())
                    .collect(Collectors.groupingBy(MacEntry::port));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.INFO, "the switch before cannot say what it knew; the next one learns it again: " + e);
            return Map.of();
        }
    }

    private void hurryPrivileges() {
        privilegesOverdue = true;
        dropPrivileges();
    }

    /**
     * Becomes the user that the configuration names once everything that may need rights has them: the interface is
     * open, and the transport and the sources have read their keys. A part that does not come is not waited for.
     */
    private void dropPrivileges() {
        boolean ready = tapPort.tap() != null && (privilegesOverdue || (transport != null && sources.haveBegun()));
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

    /** Queues a task for the control thread; after close, forgets it. A task that fails is logged, and others go on. */
    private void execute(Runnable task) {
        later(task, 0);
    }

    private void after(Runnable task, long seconds) {
        later(task, TimeUnit.SECONDS.toMillis(seconds));
    }

    /** Queues a task for the control thread that is due in some time. */
    void later(Runnable task, long millis) {
        try {
            control.schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "the mesh is closed");
        }
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) { // the tasks after it are others'
                LOG.log(Level.ERROR, "the mesh could not do what it was told", e);
            }
        };
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
        List<RoleStatus> own = ownRoles();
        own.forEach(role -> backends.put(
                role.role(), role.serving().map(RoleStatus.Backend::name).orElse("none")));
        Transport t = transport;
        Tap tap = tapPort.tap();
        if (tap != null) {
            count("tap.", tap::counters, counters);
        }
        if (t != null) {
            count("transport.", t::counters, counters);
        }
        Optional<String> trouble =
                own.stream().flatMap(role -> role.problem().stream()).findFirst();
        return new NodeStatus(
                Duration.ofNanos(System.nanoTime() - started),
                tap == null
                        ? Optional.empty()
                        : Optional.of(new NodeStatus.TapStatus(
                                tapSeat.kind(), tap.name(), tapSeat.config().mac(), tap.mtu())),
                Optional.ofNullable(problem)
                        .or(() -> trouble)
                        .or(() -> tap == null ? Optional.of("no TAP driver for this system") : Optional.empty()),
                backends,
                counters);
    }

    private static void count(String prefix, Supplier<Map<String, Long>> from, Map<String, Long> to) {
        try {
            from.get().forEach((name, value) -> to.put(prefix + name, value));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.DEBUG, prefix + " cannot say what it counted", e);
        }
    }

    private List<RoleStatus> ownRoles() {
        return List.of(tapRole.status(), transportRole.status(), switchRole.status());
    }

    @Override
    public List<PeerStatus> peers() {
        return peers.values().stream().map(PeerPort::status).toList();
    }

    @Override
    public CompletableFuture<Duration> probe(PeerId peer, int size) {
        PeerPort port = peers.get(peer);
        Link link = port == null ? null : port.link();
        return link == null
                ? CompletableFuture.failedFuture(
                        new IOException(port == null ? "no source announces this peer" : "there is no link to it"))
                : link.probe(size);
    }

    @Override
    public List<SourceStatus> sources() {
        return sources.status();
    }

    @Override
    public List<RoleStatus> roles() {
        List<RoleStatus> roles = new ArrayList<>(ownRoles());
        swappables.forEach(swappable -> roles.add(swappable.status()));
        roles.addAll(sources.roles());
        return roles;
    }

    @Override
    public void swap(String role, String backend) throws IOException {
        switch (role) {
            case "tap" -> swap(tapRole, backend);
            case "transport" -> swap(transportRole, backend);
            case "switch" -> swap(switchRole, backend);
            case DISCOVERY ->
                throw new IllegalArgumentException("all sources serve at once: install, update, stop or uninstall"
                        + " the bundle of one, or change its configuration");
            default -> other(role).swap(backend);
        }
    }

    private Swappable other(String role) {
        List<String> all = roles().stream().map(RoleStatus::role).distinct().toList();
        return swappables.stream()
                .filter(swappable -> swappable.status().role().equals(role))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no role \"" + role + "\"; there are: " + String.join(", ", all)));
    }

    private void swap(Role<?> role, String backend) throws IOException {
        try {
            control.submit(() -> {
                        if (role == tapRole && !isReadyForTap()) {
                            throw new IOException(problem);
                        }
                        role.swap(backend);
                        decideAll();
                        return null;
                    })
                    .get(SWAP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException cause) {
                throw cause;
            }
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (TimeoutException | RejectedExecutionException e) {
            throw new IOException("the mesh is busy; tier6:swap shows what comes of it", e);
        }
    }

    @Override
    public void close() {
        sources.close();
        execute(() -> {
            List<AutoCloseable> left = new ArrayList<>();
            peers.values().forEach(peer -> left.addAll(peer.leave()));
            peers.clear();
            tapSeat.close();
            left.add(tapPort.port(null));
            Farewell.to("a part of the node", left);
        });
        settle();
        control.shutdownNow();
    }
}
