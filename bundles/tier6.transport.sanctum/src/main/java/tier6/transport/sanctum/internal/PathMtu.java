package tier6.transport.sanctum.internal;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import tier6.api.frame.Ethernet;
import tier6.api.peer.Peer;

/** How large an Ethernet may be so that a frame of it is one datagram and a datagram is one packet. */
final class PathMtu {
    /** IPv4 and UDP headers, then what a data packet adds (specification section 5). */
    static final int OVERHEAD = 20 + 8 + 50 + Ethernet.HEADER + Ethernet.VLAN_TAG;

    /** By how much an IPv6 header is longer. */
    private static final int IPV6_LONGER = 20;

    /** What every path of the Internet that deserves the name carries. */
    private static final int USUAL = 1500;

    private PathMtu() {}

    /**
     * The MTU of the Ethernet over the interface that leads to {@code remote}. Sends nothing.
     *
     * @param local the address that sockets are bound to
     * @param remote any node or cathedral; the host need not exist
     */
    static int towards(InetAddress local, InetSocketAddress remote) {
        int longer = isIpv6(remote) ? IPV6_LONGER : 0;
        return Math.min(USUAL, interfaceMtu(local, remote)) - OVERHEAD - longer;
    }

    /** Whether a peer may be reached over IPv6. */
    static boolean isIpv6(Peer peer) {
        return peer.address().filter(PathMtu::isIpv6).isPresent();
    }

    static boolean isIpv6(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address;
    }

    private static int interfaceMtu(InetAddress local, InetSocketAddress remote) {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(local, 0))) {
            socket.connect(remote);
            NetworkInterface way = NetworkInterface.getByInetAddress(socket.getLocalAddress());
            int mtu = way == null ? 0 : way.getMTU();
            return mtu > OVERHEAD ? mtu : USUAL;
        } catch (IOException | RuntimeException e) {
            // No route yet: what is usual is the best guess.
            return USUAL;
        }
    }
}
