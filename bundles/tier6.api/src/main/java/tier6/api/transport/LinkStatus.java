package tier6.api.transport;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tier6.api.peer.PeerId;

/**
 * A link at one moment.
 *
 * @param peer the other end
 * @param state whether frames can cross
 * @param path how they cross
 * @param remote where datagrams are sent to
 * @param local the socket's own address
 * @param stateSince how long it has been in this state
 * @param keyAge age of the key in use for sending
 * @param heard how long ago the last authentic datagram of the peer came
 * @param counters numbers by name, among them {@code frames-in}, {@code frames-out}, {@code bytes-in}, {@code
 *     bytes-out} and one for each reason to drop
 */
public record LinkStatus(
        PeerId peer,
        State state,
        Path path,
        Optional<InetSocketAddress> remote,
        Optional<InetSocketAddress> local,
        Duration stateSince,
        Optional<Duration> keyAge,
        Optional<Duration> heard,
        Map<String, Long> counters) {

    /** Whether frames can cross. */
    public enum State {
        /** No secret shared with the peer yet. */
        NO_SECRET,
        /** Keys are being exchanged. */
        CONNECTING,
        /** Keys for both directions are there. */
        UP
    }

    /** How datagrams reach the peer. */
    public enum Path {
        /** They do not. */
        NONE,
        /** Through the cathedral. */
        RELAY,
        /** Straight to the peer. */
        DIRECT
    }
}
