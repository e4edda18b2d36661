package tier6.diagnosis;

import java.util.List;
import java.util.Optional;

/**
 * The way of a frame from this host to an address.
 *
 * @param target the address that was asked for
 * @param mac the hardware address that it has, if that is known
 * @param end how the way ends
 * @param port by which the frame leaves the switch, if by one
 * @param steps what happens on the way, in sentences; the last one is the result
 */
public record Way(String target, Optional<String> mac, End end, Optional<String> port, List<String> steps) {
    /** How a way ends. */
    public enum End {
        /** Through the tunnel of one peer. */
        TUNNEL,
        /** To every peer whose tunnel is up. */
        FLOOD,
        /** At this host. */
        HERE,
        /** Not through this node at all. */
        ELSEWHERE,
        /** Nowhere. */
        DROP
    }
}
