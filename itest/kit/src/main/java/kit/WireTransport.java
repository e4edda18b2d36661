package kit;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import tier6.api.counter.Counters;
import tier6.api.frame.Batch;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.transport.Link;
import tier6.api.transport.LinkHandler;
import tier6.api.transport.LinkStatus;
import tier6.api.transport.Transport;

/** The least that is a transport: a wire inside one process, in clear text. */
final class WireTransport implements Transport, AutoCloseable {
    /** What the ends of all links are plugged into. */
    static final class Wire {
        private record Direction(PeerId from, PeerId to) {}

        private final Map<Direction, WireLink> ends = new ConcurrentHashMap<>();
    }

    private enum Count {
        FRAMES_IN,
        FRAMES_OUT,
        BYTES_IN,
        BYTES_OUT,
        DROP_NO_PEER,
        DROP_CLOSED
    }

    private final Wire wire;
    private final PeerId self;
    private final List<WireLink> links = new CopyOnWriteArrayList<>();

    WireTransport(Wire wire, PeerId self) {
        this.wire = wire;
        this.self = self;
    }

    @Override
    public String kind() {
        return "wire";
    }

    @Override
    public Link connect(Peer peer, LinkHandler handler) {
        if (peer.id().equals(self)) {
            throw new IllegalArgumentException("peer " + self + " is this node itself");
        }
        WireLink link = new WireLink(new Wire.Direction(self, peer.id()), handler);
        wire.ends.put(link.direction, link);
        links.add(link);
        return link;
    }

    @Override
    public int mtu() {
        return 1500;
    }

    @Override
    public Map<String, Long> counters() {
        return Map.of("links", (long) links.size());
    }

    @Override
    public void close() {
        links.forEach(WireLink::close);
    }

    private final class WireLink implements Link {
        private final Wire.Direction direction;
        private final LinkHandler handler;
        private final Counters<Count> counters = new Counters<>(Count.class);
        private final long began = System.nanoTime();
        private volatile boolean closed;

        WireLink(Wire.Direction direction, LinkHandler handler) {
            this.direction = direction;
            this.handler = handler;
        }

        private WireLink other() {
            return closed ? null : wire.ends.get(new Wire.Direction(direction.to, direction.from));
        }

        @Override
        public void send(Batch frames) {
            WireLink other = other();
            if (other == null) {
                counters.add(closed ? Count.DROP_CLOSED : Count.DROP_NO_PEER, frames.count());
                return;
            }
            counters.add(Count.FRAMES_OUT, frames.count());
            counters.add(Count.BYTES_OUT, frames.bytes());
            other.receive(frames);
        }

        /** A handler has one thread at a time. */
        private synchronized void receive(Batch frames) {
            counters.add(Count.FRAMES_IN, frames.count());
            counters.add(Count.BYTES_IN, frames.bytes());
            handler.receive(frames);
        }

        @Override
        public void update(Peer peer) {
            // A wire has no address.
        }

        @Override
        public LinkStatus status() {
            boolean up = other() != null;
            Duration age = Duration.ofNanos(System.nanoTime() - began);
            Optional<Duration> since = up ? Optional.of(age) : Optional.empty();
            return new LinkStatus(
                    direction.to,
                    up ? LinkStatus.State.UP : LinkStatus.State.CONNECTING,
                    up ? LinkStatus.Path.DIRECT : LinkStatus.Path.NONE,
                    Optional.empty(),
                    Optional.empty(),
                    age,
                    since,
                    since,
                    counters.snapshot());
        }

        @Override
        public void close() {
            closed = true;
            wire.ends.remove(direction, this);
            links.remove(this);
        }
    }
}
