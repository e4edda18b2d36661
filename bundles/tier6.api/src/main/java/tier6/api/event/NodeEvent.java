package tier6.api.event;

import java.net.InetSocketAddress;
import tier6.api.peer.PeerId;
import tier6.api.transport.LinkStatus;

/** Something worth telling that happened in a node. */
public sealed interface NodeEvent {
    /** The TAP interface is open. */
    record TapOpened(String driver, String name, long mac, int mtu) implements NodeEvent {}

    /** The TAP interface could not be opened, or was lost. */
    record TapFailed(String driver, String reason) implements NodeEvent {}

    /** The cathedral answered this node for the first time, or again after a silence. */
    record NodeAnnounced(InetSocketAddress cathedral) implements NodeEvent {}

    /** The cathedral in use does not answer. */
    record CathedralSilent(InetSocketAddress cathedral) implements NodeEvent {}

    /** Another cathedral is in use now. */
    record CathedralChanged(InetSocketAddress from, InetSocketAddress to) implements NodeEvent {}

    /** A source announced a peer that was not known. */
    record PeerFound(PeerId peer, String source) implements NodeEvent {}

    /** The last source that knew a peer withdrew it. */
    record PeerLost(PeerId peer) implements NodeEvent {}

    /** Keys for both directions are there; {@code renewed} if there were some before. */
    record TunnelUp(PeerId peer, boolean renewed) implements NodeEvent {}

    /** The peer is silent or its keys are gone. */
    record TunnelDown(PeerId peer, String reason) implements NodeEvent {}

    /** Datagrams to a peer take another way now. */
    record PathChanged(PeerId peer, LinkStatus.Path path, InetSocketAddress remote) implements NodeEvent {}

    /** An address was seen for the first time on a port; {@code from} is where it was before, or null. */
    record MacLearned(long mac, String port, String from) implements NodeEvent {}

    /** A backend was replaced, or came or went. */
    record BackendChanged(String role, String now) implements NodeEvent {}

    /** A backend could not take a role; {@code serving} has it, or {@code none}. */
    record SwapFailed(String role, String wanted, String reason, String serving) implements NodeEvent {}
}
