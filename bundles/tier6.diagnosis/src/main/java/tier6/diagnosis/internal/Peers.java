package tier6.diagnosis.internal;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tier6.api.node.DeviceNames;
import tier6.api.node.Node;
import tier6.api.node.PeerStatus;
import tier6.api.transport.LinkStatus;

/** Peers as people name them. */
final class Peers {
    private Peers() {}

    /**
     * The peer that is meant by its id, its device number alone, the name of its port, or the name of the device.
     *
     * @param names null if devices have none here
     * @throws IllegalArgumentException if there is none, or more than one
     */
    static PeerStatus named(Node node, DeviceNames names, String word) {
        Optional<DeviceNames.Device> device = find(names, word);
        List<PeerStatus> all = node.peers();
        List<PeerStatus> meant = all.stream()
                .filter(peer -> word.equals(peer.id().toString())
                        || word.equals(peer.port())
                        || word.equalsIgnoreCase("%02x".formatted(peer.id().device()))
                        || device.isPresent() && device.get().id().equals(peer.id()))
                .toList();
        if (meant.size() == 1) {
            return meant.get(0);
        }
        if (meant.isEmpty() && device.isPresent()) {
            throw new IllegalArgumentException("%s is device %02x, which is not a peer: it is this one, or has gone"
                    .formatted(device.get().fullName(), device.get().id().device()));
        }
        throw new IllegalArgumentException((meant.isEmpty()
                        ? "no peer \"%s\". There are %s"
                        : "several peers are \"%s\"; say which of %s")
                .formatted(
                        word,
                        all.isEmpty()
                                ? "none"
                                : all.stream()
                                        .map(peer -> peer.id() + called(names, peer))
                                        .collect(Collectors.joining(", "))));
    }

    /** The device that has a name; empty where devices have none. */
    static Optional<DeviceNames.Device> find(DeviceNames names, String word) {
        return names == null ? Optional.empty() : names.find(word);
    }

    private static String called(DeviceNames names, PeerStatus peer) {
        return names == null
                ? ""
                : names.devices().stream()
                        .filter(device -> device.id().equals(peer.id()))
                        .map(device -> " (" + device.name() + ")")
                        .collect(Collectors.joining());
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
