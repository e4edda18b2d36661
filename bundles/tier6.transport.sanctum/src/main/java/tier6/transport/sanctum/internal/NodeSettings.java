package tier6.transport.sanctum.internal;

import java.net.InetAddress;
import tier6.sanctum.file.Identity;

/**
 * What a node is, for all its links.
 *
 * @param flock own flock with its domain
 * @param kekId own device number
 * @param identity secrets shared with cathedrals; null if the node has none
 * @param local address that sockets are bound to
 * @param shroud whether all datagrams wear a shroud, those of cathedrals and peers too
 */
record NodeSettings(long flock, int kekId, Identity identity, InetAddress local, boolean shroud) {
    NodeSettings {
        if (kekId < 1 || kekId > Identity.MAX_KEK_ID) {
            throw new IllegalArgumentException("kek.id is a number from 01 to fe in hexadecimal, not " + kekId);
        }
    }
}
