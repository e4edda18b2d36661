package tier6.diagnosis.internal;

import java.util.List;
import java.util.stream.Collectors;
import tier6.api.node.Node;
import tier6.api.node.PeerStatus;
import tier6.api.transport.LinkStatus;

/** Peers as people name them. */
final class Peers {
    private Peers() {}

    /**
     * The peer that is meant by its id, its device number alone, or the name of its port.
     *
     * @throws IllegalArgumentException if there is none, or more than one
     */
    static PeerStatus named(Node node, String word) {
        List<PeerStatus> all = node.peers();
        List<PeerStatus> meant = all.stream()
                .filter(peer -> word.equals(peer.id().toString())
                        || word.equals(peer.port())
                        || word.equalsIgnoreCase("%02x".formatted(peer.id().device())))
                .toList();
        if (meant.size() != 1) {
            throw new IllegalArgumentException((meant.isEmpty()
                            ? "no peer \"%s\". There are %s"
                            : "several peers are \"%s\"; say which of %s")
                    .formatted(
                            word,
                            all.isEmpty()
                                    ? "none"
                                    : all.stream().map(p -> p.id().toString()).collect(Collectors.joining(", "))));
        }
        return meant.get(0);
    }

    /** Why no frame can cross a link; null if frames can. */
    static String obstacle(PeerStatus peer) {
        if (peer.link().isEmpty()) {
            return "there is no link: " + peer.problem().orElse("no transport");
        }
        LinkStatus link = peer.link().get();
        if (link.state() == LinkStatus.State.NO_SECRET) {
            return "no secret is shared with the peer yet: its ambry has not come from the cathedral";
        }
        if (link.keyAge().isEmpty()) {
            return "there is no key for sending yet: keys are being exchanged, " + silence(link);
        }
        if (link.remote().isEmpty()) {
            return "the address of the peer is not known yet";
        }
        return null;
    }

    private static String silence(LinkStatus link) {
        return link.heard()
                .map(heard -> "the peer was heard " + Said.duration(heard) + " ago")
                .orElse("and the peer was never heard");
    }
}
