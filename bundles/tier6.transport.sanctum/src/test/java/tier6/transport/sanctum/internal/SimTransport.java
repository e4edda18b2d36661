package tier6.transport.sanctum.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import tier6.api.event.NodeEvent;
import tier6.api.peer.Peer;
import tier6.api.time.Clock;
import tier6.api.transport.Link;
import tier6.api.transport.LinkHandler;
import tier6.api.transport.Transport;
import tier6.api.underlay.UnderlayLoop;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.transport.sanctum.sim.SimAgent;
import tier6.transport.sanctum.sim.SimHost;
import tier6.transport.sanctum.sim.SimNetwork;

/** The transport of a node in a {@link SimNetwork}. */
public final class SimTransport implements Transport, SimAgent {
    private final SimNetwork network;
    private final TransportCore core;
    private final SimHost host;
    private UnderlayLoop loop;

    /**
     * Starts it.
     *
     * @param identity null if the node knows no cathedral
     * @param seed of all its randomness
     */
    public SimTransport(
            SimNetwork network,
            SimHost host,
            long flock,
            int kekId,
            Identity identity,
            long seed,
            Consumer<NodeEvent> events) {
        this(network, host, flock, kekId, identity, false, seed, events);
    }

    /** As the other one, in a shroud or not. */
    public SimTransport(
            SimNetwork network,
            SimHost host,
            long flock,
            int kekId,
            Identity identity,
            boolean shroud,
            long seed,
            Consumer<NodeEvent> events) {
        this.network = network;
        core = new TransportCore(
                new NodeSettings(flock, kekId, identity, host.address(), shroud), clock(network), random(seed), events);
        core.onWork(network::poke);
        this.host = host;
        attach();
        network.add(this);
    }

    /** Moves to a new loop, as if another underlay had come. */
    void attach() {
        if (loop != null) {
            loop.close();
        }
        loop = host.open();
        core.attach(loop);
        core.control();
    }

    static Clock clock(SimNetwork network) {
        return new Clock() {
            @Override
            public long nanos() {
                return network.nanos();
            }

            @Override
            public long unixMillis() {
                return network.unixMillis();
            }
        };
    }

    static RandomSource random(long seed) {
        Random random = new Random(seed);
        return random::nextBytes;
    }

    TransportCore core() {
        return core;
    }

    @Override
    public long run() {
        try {
            core.receive(loop, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return core.control();
    }

    /** Ends it at once, as if its process had been killed. */
    public void kill() {
        network.remove(this);
        loop.close();
    }

    @Override
    public String kind() {
        return "sim";
    }

    @Override
    public Link connect(Peer peer, LinkHandler handler) {
        return core.connect(peer, handler);
    }

    @Override
    public int mtu() {
        return 1404;
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of();
    }
}
