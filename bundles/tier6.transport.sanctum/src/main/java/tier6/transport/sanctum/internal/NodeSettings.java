package tier6.transport.sanctum.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import tier6.sanctum.file.Identity;

/**
 * What a node is, for all its links.
 *
 * @param flock own flock with its domain
 * @param kekId own device number
 * @param identity secrets shared with cathedrals; null if the node has none
 * @param local address that sockets are bound to
 * @param shroud whether all datagrams wear a shroud, those of cathedrals and peers too
 * @param natPort second port of all cathedrals; 0 if it is the one after the first
 */
record NodeSettings(long flock, int kekId, Identity identity, InetAddress local, boolean shroud, int natPort) {
    private static final int MAX_PORT = 0xffff;

    NodeSettings {
        if (kekId < 1 || kekId > Identity.MAX_KEK_ID) {
            throw new IllegalArgumentException("kek.id is a number from 01 to fe in hexadecimal, not " + kekId);
        }
        if (natPort < 0 || natPort > MAX_PORT) {
            throw new IllegalArgumentException("nat.port is a number up to 65535, not " + natPort);
        }
    }

    NodeSettings(long flock, int kekId, Identity identity, InetAddress local, boolean shroud) {
        this(flock, kekId, identity, local, shroud, 0);
    }

    /** Where a cathedral takes NAT probes; null if nowhere. */
    InetSocketAddress natProbes(InetSocketAddress cathedral) {
        int port = natPort == 0 ? cathedral.getPort() + 1 : natPort;
        return port > MAX_PORT ? null : new InetSocketAddress(cathedral.getAddress(), port);
    }
}
