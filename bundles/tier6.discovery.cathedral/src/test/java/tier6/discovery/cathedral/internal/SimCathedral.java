package tier6.discovery.cathedral.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import tier6.api.frame.Batch;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlaySocket;
import tier6.cathedral.CathedralCore;
import tier6.cathedral.Disguise;
import tier6.cathedral.RosterFiles;
import tier6.transport.sanctum.sim.SimAgent;
import tier6.transport.sanctum.sim.SimHost;
import tier6.transport.sanctum.sim.SimNetwork;

/** A cathedral in a simulated network. */
final class SimCathedral implements SimAgent {
    static final int PORT = 4500;

    private static final int LANE = 1;
    private static final long TICK = Duration.ofSeconds(1).toNanos();

    private final SimNetwork network;
    private final UnderlayLoop loop;
    private final UnderlaySocket socket;
    private final CathedralCore core;
    private final RosterFiles files;
    private long tickAt;

    SimCathedral(SimNetwork network, SimHost host, SimFlock flock, long seed) throws IOException {
        this(network, host, flock, Disguise.NONE, seed);
    }

    SimCathedral(SimNetwork network, SimHost host, SimFlock flock, Disguise disguise, long seed) throws IOException {
        this.network = network;
        InetSocketAddress address = address(host);
        files = new RosterFiles(flock.settings(), flock.secrets(), address);
        core = new CathedralCore(
                LANE, address, new byte[32], false, disguise, 0, new Random(seed)::nextBytes, this::send);
        loop = host.open();
        socket = loop.open(address, this::receive);
        loop.open(new InetSocketAddress(host.address(), PORT + 1), this::receive);
        tickAt = network.nanos();
        network.add(this);
    }

    static InetSocketAddress address(SimHost host) {
        return new InetSocketAddress(host.address(), PORT);
    }

    private void send(Batch datagrams, InetSocketAddress to) {
        socket.send(datagrams, to);
    }

    private void receive(Batch datagrams, InetSocketAddress from) {
        core.receive(datagrams, from, network.unixMillis());
    }

    @Override
    public long run() {
        long now = network.nanos();
        if (now >= tickAt) {
            tickAt = now + TICK;
            files.poll(network.unixMillis()).ifPresent(roster -> core.apply(roster, network.unixMillis()));
            core.tick(network.unixMillis());
        }
        try {
            loop.poll(LANE, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tickAt;
    }

    /** Ends it at once, as if its process had been killed. */
    void kill() {
        network.remove(this);
        loop.close();
    }
}
