package tier6.transport.sanctum.sim;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;

/**
 * The network and its clock. One thread runs it: time moves from one event to the next, and at each of them every
 * agent runs once, in the order in which they were added. The same seed gives the same run.
 */
public final class SimNetwork {
    private static final long START_UNIX_MILLIS = 1_790_000_000_000L;

    private record Flight(long arrival, long number, InetSocketAddress from, InetSocketAddress to, byte[] datagram) {}

    private final long seed;
    private final long startUnixMillis;
    private final Random random;
    private final PriorityQueue<Flight> air =
            new PriorityQueue<>(Comparator.comparingLong(Flight::arrival).thenComparingLong(Flight::number));
    private final List<SimAgent> agents = new ArrayList<>();
    private final Map<InetAddress, SimHost> hosts = new HashMap<>();
    private final Map<InetAddress, SimNat> nats = new HashMap<>();
    private boolean poked;
    private long nanos = 1_000_000_000L;
    private long flights;
    private long delivered;
    private double loss;
    private double duplication;
    private double reordering;
    private long minDelay = Duration.ofMillis(5).toNanos();
    private long maxDelay = minDelay;
    private BiPredicate<InetSocketAddress, InetSocketAddress> wall = (from, to) -> false;

    public SimNetwork(long seed) {
        this(seed, START_UNIX_MILLIS);
    }

    /** A network in which it is {@code unixMillis} now. */
    public SimNetwork(long seed, long unixMillis) {
        this.seed = seed;
        this.startUnixMillis = unixMillis - nanos / 1_000_000;
        this.random = new Random(seed);
    }

    /** What to print when a test fails. */
    public long seed() {
        return seed;
    }

    /** The monotonic clock of all hosts. */
    public long nanos() {
        return nanos;
    }

    /** The wall clock of all hosts, milliseconds since 1970. */
    public long unixMillis() {
        return startUnixMillis + nanos / 1_000_000;
    }

    /** Part of all datagrams that get lost, 0 to 1. */
    public SimNetwork loss(double part) {
        loss = part;
        return this;
    }

    /** Part of all datagrams that arrive twice. */
    public SimNetwork duplication(double part) {
        duplication = part;
        return this;
    }

    /** Part of all datagrams that are overtaken: they take up to 50 ms longer. */
    public SimNetwork reordering(double part) {
        reordering = part;
        return this;
    }

    /** How long a datagram is on its way. */
    public SimNetwork delay(Duration from, Duration to) {
        minDelay = from.toNanos();
        maxDelay = to.toNanos();
        return this;
    }

    /** Which datagrams a firewall swallows, by public source and destination. */
    public SimNetwork wall(BiPredicate<InetSocketAddress, InetSocketAddress> swallows) {
        wall = swallows;
        return this;
    }

    /** A host with a public address. */
    public SimHost host(String address) {
        SimHost host = new SimHost(this, address(address), null);
        hosts.put(host.address(), host);
        return host;
    }

    /** A host behind a NAT box; private addresses must differ in the whole network. */
    public SimHost host(String address, SimNat nat) {
        SimHost host = new SimHost(this, address(address), nat);
        hosts.put(host.address(), host);
        return host;
    }

    /** A NAT box. */
    public SimNat nat(String address, SimNat.Mapping mapping) {
        SimNat nat = new SimNat(this, address(address), mapping);
        nats.put(nat.address(), nat);
        return nat;
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Lets an agent run from now on. */
    public void add(SimAgent agent) {
        agents.add(agent);
    }

    /** Stops an agent, as if its process had been killed. */
    public void remove(SimAgent agent) {
        agents.remove(agent);
    }

    /** Has all agents run again at once: what a thread would do to wake another one. */
    public void poke() {
        poked = true;
    }

    /** Datagrams that arrived at a socket so far. */
    public long delivered() {
        return delivered;
    }

    /** Lets time pass. */
    public void run(Duration time) {
        runUntil(() -> false, time);
    }

    /**
     * Lets time pass until {@code condition} holds.
     *
     * @return whether it did before {@code limit} was over
     */
    public boolean runUntil(BooleanSupplier condition, Duration limit) {
        long end = nanos + limit.toNanos();
        while (true) {
            long next = end;
            for (SimAgent agent : List.copyOf(agents)) {
                next = Math.min(next, agent.run());
            }
            if (condition.getAsBoolean()) {
                return true;
            }
            if (nanos >= end) {
                return false;
            }
            if (!air.isEmpty()) {
                next = Math.min(next, air.peek().arrival);
            }
            nanos = poked ? nanos + 1 : Math.max(next, nanos + 1);
            poked = false;
            while (!air.isEmpty() && air.peek().arrival <= nanos) {
                arrive(air.poll());
            }
        }
    }

    /** Puts a datagram on the line; {@code from} and {@code to} as seen outside of NAT boxes. */
    void carry(InetSocketAddress from, InetSocketAddress to, byte[] datagram) {
        if (wall.test(from, to)) {
            return;
        }
        int copies = random.nextDouble() < duplication ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            if (random.nextDouble() < loss) {
                continue;
            }
            long delay = minDelay + (long) (random.nextDouble() * (maxDelay - minDelay));
            if (random.nextDouble() < reordering) {
                delay += (long) (random.nextDouble() * Duration.ofMillis(50).toNanos());
            }
            air.add(new Flight(nanos + delay, flights++, from, to, datagram));
        }
    }

    private void arrive(Flight flight) {
        SimNat nat = nats.get(flight.to.getAddress());
        InetSocketAddress to = nat == null ? flight.to : nat.inbound(flight.from, flight.to.getPort());
        SimHost host = to == null ? null : hosts.get(to.getAddress());
        if (host != null && (host.nat() == nat)) {
            delivered += host.deliver(flight.from, to.getPort(), flight.datagram) ? 1 : 0;
        }
    }
}
