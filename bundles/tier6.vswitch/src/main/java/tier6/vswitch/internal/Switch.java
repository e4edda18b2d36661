package tier6.vswitch.internal;

import java.lang.System.Logger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import tier6.api.counter.Counters;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.vswitch.Egress;
import tier6.api.vswitch.MacEntry;
import tier6.api.vswitch.Mirror;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.PortStatus;
import tier6.api.vswitch.SwitchPort;
import tier6.api.vswitch.SwitchRules;
import tier6.api.vswitch.VirtualSwitch;

/**
 * The switch, without threads and with a clock from outside.
 *
 * <p>A frame goes through {@link #input}: its source is learned, its destination looked up, and it joins the selection
 * of each port that it leaves by. When all frames of the batch are sorted, each port's egress is called once, or once
 * for every {@value Scratch#FRAMES} frames. So frames that leave by one port do so in the order in which they came in,
 * flooded ones and others alike.
 */
final class Switch implements VirtualSwitch {
    /** Hears of addresses that are new or have moved. Called by data path threads, without a lock. */
    @FunctionalInterface
    interface MacListener {
        /** {@code from} is the port where it was before, or null. */
        void learned(long mac, String port, String from);
    }

    private static final Logger LOG = System.getLogger(Switch.class.getName());
    private static final long COMPLAINT_INTERVAL = Duration.ofMinutes(1).toNanos();

    private final LongSupplier clock;
    private final MacListener listener;
    private final MacTable macs;
    private final Counters<Count> counters = new Counters<>(Count.class);
    private final Scratch[] scratches = new Scratch[Batch.MAX_LANES];
    private final AtomicReferenceArray<Port> numbered = new AtomicReferenceArray<>(MacTable.MAX_PORTS);

    /** In the order of their attachment; a new array whenever one comes or goes, under the monitor of this. */
    private volatile Port[] ports = {};

    private volatile SwitchConfig config;

    /** Null if nobody watches: that is all it costs then, a look at it once a batch. */
    private volatile Mirror mirror;

    /** Guarded by this. */
    private final List<Mirror> mirrors = new ArrayList<>();

    private int nextNumber;

    /**
     * Makes a switch without ports.
     *
     * @param clock nanoseconds from any origin, as of {@link System#nanoTime}
     * @param secret random number that others do not know
     */
    Switch(SwitchConfig config, LongSupplier clock, long secret, MacListener listener) {
        this.clock = clock;
        this.listener = listener;
        macs = new MacTable(secret, this::evicted);
        for (int lane = 0; lane < scratches.length; lane++) {
            scratches[lane] = new Scratch(lane);
        }
        configure(config);
    }

    /** Changes the behaviour; ports and addresses stay. */
    void configure(SwitchConfig next) {
        macs.configure(next.capacity(), next.ageing().toNanos());
        config = next;
    }

    SwitchConfig config() {
        return config;
    }

    @Override
    public synchronized SwitchPort attach(String name, PortKind kind, Egress egress) {
        Port[] now = ports;
        for (Port port : now) {
            if (port.name.equals(name)) {
                throw new IllegalArgumentException("there is a port " + name + " already");
            }
        }
        Port port = new Port(this, freeNumber(), name, kind, egress);
        macs.open(port.number);
        numbered.set(port.number, port);
        Port[] next = Arrays.copyOf(now, now.length + 1);
        next[now.length] = port;
        ports = next;
        return port;
    }

    /** Goes round, so that a frame on its way to a port that is gone does not end at its successor. */
    private int freeNumber() {
        for (int i = 0; i < MacTable.MAX_PORTS; i++) {
            int number = (nextNumber + i) % MacTable.MAX_PORTS;
            if (numbered.get(number) == null) {
                nextNumber = number + 1;
                return number;
            }
        }
        throw new IllegalStateException("all " + MacTable.MAX_PORTS + " ports are taken");
    }

    synchronized void detach(Port port) {
        if (port.isClosed()) {
            return;
        }
        port.revoke();
        List<Port> rest = new ArrayList<>(Arrays.asList(ports));
        rest.remove(port);
        ports = rest.toArray(Port[]::new);
        macs.close(port.number);
        numbered.set(port.number, null);
    }

    void input(Port from, Batch frames) {
        Scratch scratch = scratches[frames.lane()];
        if (from.isClosed()) {
            count(from, Count.DROP_CLOSED, frames.count());
            return;
        }
        count(from, Count.FRAMES_IN, frames.count());
        count(from, Count.BYTES_IN, frames.bytes());
        show(from, Mirror.Direction.IN, frames);
        try {
            sort(from, frames, scratch);
        } finally {
            scratch.finish(from.counters, counters);
        }
    }

    private void sort(Port from, Batch frames, Scratch scratch) {
        long now = clock.getAsLong();
        SwitchConfig rules = config;
        byte[] data = frames.data();
        long lastSource = 0;
        for (int i = 0; i < frames.count(); i++) {
            int at = frames.offset(i);
            if (frames.length(i) < Ethernet.HEADER) {
                scratch.tally(Count.DROP_SHORT);
                continue;
            }
            if (!rules.etherTypes().passes(Ethernet.etherType(data, at))) {
                scratch.tally(Count.DROP_ETHERTYPE);
                continue;
            }
            long source = Ethernet.mac(data, at + 6);
            if (source != lastSource) {
                learn(source, from, now, scratch);
                lastSource = source;
            }
            forward(from, frames, i, Ethernet.mac(data, at), now, rules, scratch);
        }
        for (int i = 0; i < scratch.count(); i++) {
            output(scratch.port(i), scratch.selection(i), now);
        }
    }

    private void learn(long source, Port from, long now, Scratch scratch) {
        if (source == 0 || Ethernet.isGroup(source)) {
            return;
        }
        int was = macs.learn(source, from.number, now);
        if (was == from.number) {
            return;
        }
        scratch.tally(was == MacTable.NONE ? Count.MACS_LEARNED : Count.MACS_MOVED);
        Port before = was == MacTable.NONE ? null : numbered.get(was);
        listener.learned(source, from.name, before == null ? null : before.name);
    }

    /** Learns what another switch knew; it is no news to anybody. */
    void learn(Port port, long mac, Duration idle) {
        if (mac != 0 && !Ethernet.isGroup(mac)) {
            macs.learn(mac, port.number, clock.getAsLong() - idle.toNanos());
        }
    }

    private void forward(
            Port from, Batch frames, int frame, long destination, long now, SwitchConfig rules, Scratch scratch) {
        if (destination == 0) {
            scratch.tally(Count.DROP_NOBODY);
            return;
        }
        if (Ethernet.isGroup(destination)) {
            flood(from, frames, frame, now, scratch);
            return;
        }
        int number = macs.find(destination, now);
        Port to = number == MacTable.NONE ? null : numbered.get(number);
        if (to == null) {
            if (rules.floodUnknown()) {
                flood(from, frames, frame, now, scratch);
            } else {
                scratch.tally(Count.DROP_UNKNOWN_UNICAST);
            }
        } else if (to == from) {
            scratch.tally(Count.DROP_SAME_PORT);
        } else if (!from.mayReach(to)) {
            scratch.tally(Count.DROP_TUNNEL_TO_TUNNEL);
        } else {
            select(to, frames, frame, now, scratch);
        }
    }

    private void flood(Port from, Batch frames, int frame, long now, Scratch scratch) {
        boolean reached = false;
        for (Port to : ports) {
            if (from.mayReach(to)) {
                select(to, frames, frame, now, scratch);
                reached = true;
            }
        }
        scratch.tally(reached ? Count.FRAMES_FLOODED : Count.DROP_NO_PORT);
    }

    private void select(Port to, Batch frames, int frame, long now, Scratch scratch) {
        Batch selection = scratch.selection(to, frames);
        if (selection.count() == selection.maxCount()) {
            output(to, selection, now);
            selection.selectFrom(frames);
        }
        selection.select(frames.offset(frame), frames.length(frame));
    }

    /** Lets frames leave by a port; one that fails does not disturb the others. */
    void output(Port to, Batch frames, long now) {
        int n = frames.count();
        long bytes = frames.bytes();
        if (to.isClosed()) {
            count(to, Count.DROP_CLOSED, n);
            return;
        }
        show(to, Mirror.Direction.OUT, frames);
        try {
            to.egress.output(frames);
        } catch (RuntimeException | Error e) {
            count(to, Count.DROP_EGRESS_FAILED, n);
            if (to.mayComplain(now, COMPLAINT_INTERVAL)) {
                LOG.log(Logger.Level.WARNING, "port " + to.name + " failed to take frames", e);
            }
            return;
        }
        count(to, Count.FRAMES_OUT, n);
        count(to, Count.BYTES_OUT, bytes);
    }

    private void show(Port port, Mirror.Direction direction, Batch frames) {
        Mirror watching = mirror;
        if (watching != null) {
            reflect(watching, port, direction, frames);
        }
    }

    private void reflect(Mirror watching, Port port, Mirror.Direction direction, Batch frames) {
        try {
            watching.frames(port.name, direction, frames);
        } catch (RuntimeException | Error e) {
            if (port.mayComplain(clock.getAsLong(), COMPLAINT_INTERVAL)) {
                LOG.log(Logger.Level.WARNING, "a mirror of port " + port.name + " failed", e);
            }
        }
    }

    @Override
    public synchronized Runnable mirror(Mirror added) {
        // An object of its own, so that who comes twice can go once.
        Mirror one = added::frames;
        mirrors.add(one);
        mirror = combined();
        return () -> remove(one);
    }

    private synchronized void remove(Mirror one) {
        mirrors.remove(one);
        mirror = combined();
    }

    private Mirror combined() {
        List<Mirror> all = List.copyOf(mirrors);
        return all.isEmpty()
                ? null
                : (port, direction, frames) -> all.forEach(one -> one.frames(port, direction, frames));
    }

    @Override
    public Optional<SwitchRules> rules() {
        SwitchConfig now = config;
        return Optional.of(new SwitchRules(now.floodUnknown(), now.etherTypes().toString(), now.ageing()));
    }

    /** Counts for a port and for the whole switch. */
    void count(Port port, Count what, long n) {
        port.counters.add(what, n);
        counters.add(what, n);
    }

    private void evicted(int number) {
        count(numbered.get(number), Count.MACS_EVICTED, 1);
    }

    /** Forgets addresses that were idle for too long. To be called about once a second, by one thread. */
    void age() {
        long now = clock.getAsLong();
        for (Port port : ports) {
            count(port, Count.MACS_AGED, macs.age(port.number, now));
        }
    }

    /** The ports of the moment. */
    Port[] attached() {
        return ports;
    }

    MacTable table() {
        return macs;
    }

    long now() {
        return clock.getAsLong();
    }

    @Override
    public List<PortStatus> ports() {
        List<PortStatus> all = new ArrayList<>();
        for (Port port : ports) {
            all.add(new PortStatus(port.name, port.kind, macs.size(port.number), port.counters.snapshot()));
        }
        return all;
    }

    @Override
    public List<MacEntry> macs() {
        long now = clock.getAsLong();
        List<MacEntry> all = new ArrayList<>();
        for (Port port : ports) {
            macs.visit(
                    port.number,
                    Integer.MAX_VALUE,
                    (mac, number, time) ->
                            all.add(new MacEntry(mac, port.name, Duration.ofNanos(Math.max(0, now - time)))));
        }
        return all;
    }

    @Override
    public Optional<String> lookup(long mac) {
        int number = macs.find(mac, clock.getAsLong());
        Port port = number == MacTable.NONE ? null : numbered.get(number);
        return Optional.ofNullable(port).map(p -> p.name);
    }

    @Override
    public Map<String, Long> counters() {
        Map<String, Long> all = new LinkedHashMap<>();
        Port[] now = ports;
        long known = 0;
        for (Port port : now) {
            known += macs.size(port.number);
        }
        all.put("ports", (long) now.length);
        all.put("macs", known);
        all.putAll(counters.snapshot());
        return all;
    }
}
