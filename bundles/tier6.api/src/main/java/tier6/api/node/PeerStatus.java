package tier6.api.node;

import java.util.List;
import java.util.Optional;
import tier6.api.peer.PeerId;
import tier6.api.transport.LinkStatus;

/**
 * A peer at one moment.
 *
 * @param id which device
 * @param port name of its port at the switch
 * @param sources names of the sources that announce it
 * @param link its link, if there is a transport
 * @param problem why there is no link, if there is none
 */
public record PeerStatus(
        PeerId id, String port, List<String> sources, Optional<LinkStatus> link, Optional<String> problem) {}
