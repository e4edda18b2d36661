package tier6.mesh.internal;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tier6.api.frame.Batch;
import tier6.api.node.PeerStatus;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.transport.Link;
import tier6.api.transport.LinkHandler;
import tier6.api.vswitch.Egress;
import tier6.api.vswitch.SwitchPort;

/**
 * Joins a peer's link of the moment to its switch port of the moment. The control thread of the mesh changes it; data
 * threads only read the two references.
 */
final class PeerPort implements Egress, LinkHandler {
    private final PeerId id;
    private final String name;
    private final Map<Source, Peer> announcements = new LinkedHashMap<>();
    private volatile List<String> sources = List.of();
    private volatile String problem = "no transport";
    private volatile Link link;
    private volatile SwitchPort port;

    PeerPort(PeerId id, String name) {
        this.id = id;
        this.name = name;
    }

    PeerId id() {
        return id;
    }

    String name() {
        return name;
    }

    Link link() {
        return link;
    }

    /** Replaces the link; {@code problem} says why there is none, if there is none. */
    void link(Link link, String problem) {
        Link old = this.link;
        this.link = link;
        this.problem = problem;
        if (old != null) {
            old.close();
        }
    }

    /** Replaces the port and returns the one before, which the caller closes. */
    SwitchPort port(SwitchPort port) {
        SwitchPort old = this.port;
        this.port = port;
        return old;
    }

    void announce(Source source, Peer peer) {
        announcements.put(source, peer);
        noteSources();
    }

    void withdraw(Source source) {
        announcements.remove(source);
        noteSources();
    }

    boolean isAnnounced() {
        return !announcements.isEmpty();
    }

    Collection<Source> announcers() {
        return announcements.keySet();
    }

    /** What all sources know together; of a contradiction, what the first one said. */
    Peer known() {
        return announcements.values().stream().reduce(Peer::or).orElseThrow();
    }

    private void noteSources() {
        sources = announcements.keySet().stream().map(Source::name).toList();
    }

    @Override
    public void output(Batch frames) {
        Link l = link;
        if (l != null) {
            l.send(frames);
        }
    }

    @Override
    public void receive(Batch frames) {
        SwitchPort p = port;
        if (p != null) {
            p.input(frames);
        }
    }

    PeerStatus status() {
        Link l = link;
        return new PeerStatus(
                id,
                name,
                sources,
                Optional.ofNullable(l).map(Link::status),
                l == null ? Optional.of(problem) : Optional.empty());
    }

    void close() {
        link(null, "closed");
        SwitchPort old = port(null);
        if (old != null) {
            old.close();
        }
    }
}
