package tier6.discovery.cathedral.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tier6.api.discovery.PeerSink;
import tier6.api.event.NodeEvent;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.time.Clock;
import tier6.api.transport.Link;
import tier6.api.transport.LinkStatus;
import tier6.api.underlay.UnderlayLoop;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.Remembrance;
import tier6.transport.sanctum.internal.SimTransport;
import tier6.transport.sanctum.sim.SimAgent;
import tier6.transport.sanctum.sim.SimHost;
import tier6.transport.sanctum.sim.SimNetwork;

/** Discovery and transport of a node in a simulated network, and a mesh that does as it is told. */
final class SimNode implements SimAgent, PeerSink {
    final int device;
    final List<NodeEvent> events = new ArrayList<>();
    final Map<Integer, Link> links = new HashMap<>();
    final Map<Integer, List<Long>> received = new HashMap<>();
    final List<Integer> withdrawn = new ArrayList<>();
    final List<Remembrance> remembered = new ArrayList<>();
    final CathedralSearch search;

    private final SimNetwork network;
    private final SimTransport transport;
    private final UnderlayLoop loop;
    private final Batch out = new Batch(2, 64, 1 << 17);
    private long numbers;

    SimNode(SimNetwork network, SimHost host, SimFlock flock, int device, InetSocketAddress cathedral, long seed) {
        this(network, host, flock, device, cathedral, CathedralSearch.NOTHING_REMEMBERED, seed);
    }

    SimNode(
            SimNetwork network,
            SimHost host,
            SimFlock flock,
            int device,
            InetSocketAddress cathedral,
            Remembrance memory,
            long seed) {
        this(network, host, flock, device, cathedral, memory, Wishes.USUAL, seed);
    }

    SimNode(
            SimNetwork network,
            SimHost host,
            SimFlock flock,
            int device,
            InetSocketAddress cathedral,
            Remembrance memory,
            Wishes wishes,
            long seed) {
        this.network = network;
        this.device = device;
        Identity identity = flock.identity(device);
        transport =
                new SimTransport(network, host, identity.flock(), device, identity, wishes.shroud(), seed, events::add);
        loop = host.open();
        search = new CathedralSearch(
                identity,
                wishes,
                cathedral,
                memory,
                host.address(),
                loop,
                clock(network),
                new Random(seed + 1)::nextBytes,
                this,
                events::add,
                remembered::add);
        network.add(this);
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

    @Override
    public long run() {
        try {
            return search.run(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void announce(Peer peer) {
        int other = peer.id().device();
        Link link = links.get(other);
        if (link != null) {
            link.update(peer);
            return;
        }
        List<Long> inbox = received.computeIfAbsent(other, same -> new ArrayList<>());
        links.put(other, transport.connect(peer, frames -> {
            for (int i = 0; i < frames.count(); i++) {
                inbox.add(Ethernet.mac(frames.data(), frames.offset(i)));
            }
        }));
    }

    @Override
    public void withdraw(PeerId id) {
        withdrawn.add(id.device());
        links.remove(id.device()).close();
    }

    /** Sends frames that carry a running number. */
    void send(int other, int count) {
        Link link = links.get(other);
        if (link == null) {
            return;
        }
        out.clear();
        for (int i = 0; i < count; i++) {
            Ethernet.putMac(out.data(), out.append(1000), numbers++);
        }
        link.send(out);
    }

    int received(int other) {
        List<Long> inbox = received.get(other);
        return inbox == null ? 0 : inbox.size();
    }

    LinkStatus.Path path(int other) {
        Link link = links.get(other);
        return link == null ? LinkStatus.Path.NONE : link.status().path();
    }

    boolean isUp(int other) {
        Link link = links.get(other);
        return link != null && link.status().state() == LinkStatus.State.UP;
    }

    long count(Class<? extends NodeEvent> kind) {
        return events.stream().filter(kind::isInstance).count();
    }

    /** Ends it at once, as if its process had been killed. */
    void kill() {
        network.remove(this);
        transport.kill();
        loop.close();
    }
}
