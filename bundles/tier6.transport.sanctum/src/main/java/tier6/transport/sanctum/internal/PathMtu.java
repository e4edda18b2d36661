package tier6.transport.sanctum.internal;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import tier6.api.frame.Ethernet;

/** How large an Ethernet may be so that a frame of it is one datagram and a datagram is one packet. */
final class PathMtu {
    /** IPv4 and UDP headers, then what a data packet adds (specification section 5). */
    static final int OVERHEAD = 20 + 8 + 50 + Ethernet.HEADER + Ethernet.VLAN_TAG;

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
        return Math.min(USUAL, interfaceMtu(local, remote)) - OVERHEAD;
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
