package tier6.transport.sanctum.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.Set;
import tier6.api.frame.Batch;
import tier6.api.underlay.UnderlaySocket;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.session.DataHeader;
import tier6.sanctum.shroud.Shroud;

/**
 * The shrouds of a link's datagrams (specification section 11): the cathedral's for whatever goes to or comes from the IP
 * address of a cathedral, relayed frames included, and the peers' own for the rest.
 *
 * <p>A new secret of the peers means a new shroud, and not both have it at once. So frames wear the one before until the peer
 * was heard in the new one, and what comes in the one before is still recognised.
 */
final class LinkShroud {
    /** Small datagrams are padded to a length below this, which passes every path. */
    static final int BOUND = 1252;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int FLOCK_SRC_AT = 16;
    private static final int FLOCK_DST_AT = 24;

    private final TransportCore core;
    private final CathedralShroud cathedral;
    private final RandomSource random;

    // Written by the control thread.
    private volatile InetAddress[] cathedrals = {};
    private volatile PeerShroud newest;
    private volatile PeerShroud former;
    private volatile long own;
    private volatile long theirs;

    /** The one that frames wear. Written by the receiving and the control thread. */
    private volatile PeerShroud worn;

    /**
     * Without keys between peers for now.
     *
     * @param cathedral null if no cathedral knows this node
     */
    LinkShroud(TransportCore core, CathedralShroud cathedral) {
        this.core = core;
        this.cathedral = cathedral;
        this.random = core.random();
    }

    // ---- the control thread

    /** Says which addresses are those of cathedrals. */
    void cathedrals(Set<InetSocketAddress> relays) {
        cathedrals = relays.stream().map(InetSocketAddress::getAddress).toArray(InetAddress[]::new);
    }

    /** Says what the peers share from now on; the array stays the caller's. */
    void secret(byte[] secret, long newOwn, long newTheirs) {
        PeerShroud oldest = former;
        own = newOwn;
        theirs = newTheirs;
        former = newest;
        newest = new PeerShroud(secret, newOwn, newTheirs);
        if (worn == null || worn == oldest) {
            worn = newest;
        }
        if (oldest != null) {
            oldest.close();
        }
    }

    void close() {
        if (newest != null) {
            newest.close();
        }
        if (former != null) {
            former.close();
        }
    }

    // ---- any lane

    /** Sends datagrams in their shroud; tells how many the system took. Key offers always wear the newest one. */
    int send(UnderlaySocket socket, Batch plain, InetSocketAddress to, boolean offers) {
        int lane = plain.lane();
        boolean relayed = isCathedral(to);
        PeerShroud peers = offers ? newest : worn;
        if (relayed ? cathedral == null : peers == null) {
            return 0;
        }
        Shroud shroud = relayed ? cathedral.lane(lane) : peers.lane(lane);
        Batch out = core.shrouded(lane);
        out.clear();
        int sent = 0;
        for (int i = 0; i < plain.count(); i++) {
            int length = plain.length(i);
            if (!out.fits(Math.max(BOUND, length + Shroud.OVERHEAD))) {
                sent += socket.send(out, to);
                out.clear();
            }
            out.append(
                    relayed
                            ? shroud.seal(
                                    cathedral.identity(),
                                    plain.data(),
                                    plain.offset(i),
                                    length,
                                    BOUND,
                                    out.data(),
                                    out.position(),
                                    random)
                            : shroud.seal(
                                    plain.data(), plain.offset(i), length, BOUND, out.data(), out.position(), random));
        }
        return out.isEmpty() ? sent : sent + socket.send(out, to);
    }

    /**
     * Takes the shroud off a datagram.
     *
     * @param out has room for the whole datagram
     * @return the length of what was under it, or -1 if it wears none of ours
     */
    int open(int lane, byte[] data, int at, int length, InetSocketAddress from, byte[] out) {
        if (isCathedral(from)) {
            return cathedral == null ? -1 : open(cathedral.lane(lane), data, at, length, out);
        }
        PeerShroud first = newest;
        PeerShroud second = former;
        int left = first == null ? -1 : open(first.lane(lane), data, at, length, out);
        if (left >= 0) {
            if (worn != first) {
                worn = first;
            }
            return left;
        }
        return second == null ? -1 : open(second.lane(lane), data, at, length, out);
    }

    private int open(Shroud shroud, byte[] data, int at, int length, byte[] out) {
        int left = shroud.open(data, at, length, out, 0);
        return left < DataHeader.OVERHEAD || !isOurs(out) ? -1 : left;
    }

    /** Nothing under a shroud is authentic, but under the wrong one it does not even look like it. */
    private boolean isOurs(byte[] plain) {
        long magic = (long) LONG.get(plain, 0);
        return magic == Magic.SACRAMNT
                || magic == Magic.KATEDRAL
                || (long) LONG.get(plain, FLOCK_SRC_AT) == theirs && (long) LONG.get(plain, FLOCK_DST_AT) == own;
    }

    private boolean isCathedral(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        for (InetAddress one : cathedrals) {
            if (one.equals(host)) {
                return true;
            }
        }
        return false;
    }
}
