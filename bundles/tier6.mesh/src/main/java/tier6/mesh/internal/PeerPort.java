package tier6.mesh.internal;

import java.util.Arrays;
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
import tier6.api.transport.LinkStatus;
import tier6.api.vswitch.Egress;
import tier6.api.vswitch.SwitchPort;

/**
 * Joins a peer's link of the moment to its switch port of the moment. The control thread of the mesh changes it; data
 * threads only read the two references.
 */
final class PeerPort implements Egress, LinkHandler {
    private final PeerId id;
    private final String name;
    private final PathFailure onFailure;
    private final Map<Source, Peer> announcements = new LinkedHashMap<>();
    private volatile List<String> sources = List.of();
    private volatile String problem = "no transport";
    private volatile Link link;
    private volatile SwitchPort port;

    /**
     * Joins nothing yet.
     *
     * @param onFailure hears of the link and the port of the switch
     */
    PeerPort(PeerId id, String name, PathFailure onFailure) {
        this.id = id;
        this.name = name;
        this.onFailure = onFailure;
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

    /**
     * Replaces the link and returns the one before, which the caller closes; {@code problem} says why there is none, if there
     * is none.
     */
    Link link(Link link, String problem) {
        Link old = this.link;
        this.link = link;
        this.problem = problem;
        return old;
    }

    SwitchPort port() {
        return port;
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
            try {
                l.send(frames);
            } catch (RuntimeException | Error e) { // a plug-in's mistake shall not cost the frames of others
                onFailure.of(l, e);
            }
        }
    }

    @Override
    public void receive(Batch frames) {
        onFailure.forward(frames, port);
    }

    PeerStatus status() {
        Link l = link;
        Optional<LinkStatus> status = Optional.empty();
        String trouble = problem;
        if (l != null) {
            try {
                status = Optional.of(l.status());
            } catch (RuntimeException | Error e) {
                trouble = "the link cannot say how it is: " + e;
            }
        }
        return new PeerStatus(id, name, sources, status, status.isPresent() ? Optional.empty() : Optional.of(trouble));
    }

    /** Leaves link and switch, and returns what the caller closes. */
    List<AutoCloseable> leave() {
        return Arrays.asList(link(null, "closed"), port(null));
    }
}
