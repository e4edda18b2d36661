package tier6.launcher.demo;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;

/**
 * Addresses of this host that only it can reach. Linux answers to all of 127/8, so that every node can have an address of
 * its own there, as it would on the Internet; other systems answer to 127.0.0.1 alone, and a cathedral discloses no
 * addresses to nodes that share one.
 *
 * @param manyAddresses whether nodes have addresses of their own
 */
record Loopback(boolean manyAddresses) {
    private static final int TRIES = 100;

    static Loopback look() {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress("127.0.0.11", 0))) {
            return new Loopback(socket.isBound());
        } catch (SocketException e) {
            return new Loopback(false);
        }
    }

    /** The address for node {@code number}. */
    String node(int number) {
        return manyAddresses ? "127.0.0." + (10 + number) : "127.0.0.1";
    }

    /**
     * An address for a cathedral: a port that is free now, and the one after it too.
     *
     * @throws IOException if there is no such pair
     */
    static InetSocketAddress freePair() throws IOException {
        InetAddress host = InetAddress.getByName("127.0.0.1");
        for (int i = 0; i < TRIES; i++) {
            try (DatagramSocket first = new DatagramSocket(0, host);
                    DatagramSocket second = new DatagramSocket(first.getLocalPort() + 1, host)) {
                return new InetSocketAddress(host, second.getLocalPort() - 1);
            } catch (SocketException | IllegalArgumentException e) {
                continue;
            }
        }
        throw new IOException("no two UDP ports in a row are free on " + host.getHostAddress());
    }
}
