package tier6.api.peer;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What a discovery source knows about another node. Several sources may know different things about the same one.
 *
 * @param id which device
 * @param address where it can be reached without help, if known
 * @param secret the file of a secret that both nodes share; without it the secret comes from the cathedral's ambry
 * @param cathedral the cathedral through which to find and, until a direct path works, to reach it
 * @param localPort port of our own on which the peer expects us; 0 for any
 */
public record Peer(
        PeerId id,
        Optional<InetSocketAddress> address,
        Optional<Path> secret,
        Optional<InetSocketAddress> cathedral,
        int localPort) {
    /** Checks that this is enough to reach it. */
    public Peer {
        Objects.requireNonNull(id);
        if (address.isEmpty() && cathedral.isEmpty()) {
            throw new IllegalArgumentException("peer " + id + " needs an address or a cathedral");
        }
        if (secret.isEmpty() && cathedral.isEmpty()) {
            throw new IllegalArgumentException("peer " + id + " needs a secret or a cathedral that has its ambry");
        }
    }

    /** A peer at a known address that shares a secret with us; no cathedral is involved. */
    public static Peer at(PeerId id, InetSocketAddress address, Path secret, int localPort) {
        return new Peer(id, Optional.of(address), Optional.of(secret), Optional.empty(), localPort);
    }

    /** A peer that is found, keyed and relayed through {@code cathedral}. */
    public static Peer through(PeerId id, InetSocketAddress cathedral) {
        return new Peer(id, Optional.empty(), Optional.empty(), Optional.of(cathedral), 0);
    }

    /** What both know; where both know something, {@code this} wins. */
    public Peer or(Peer other) {
        return new Peer(
                id,
                address.or(other::address),
                secret.or(other::secret),
                cathedral.or(other::cathedral),
                localPort != 0 ? localPort : other.localPort);
    }
}
