package tier6.cathedral;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** IPv4 addresses as the wire carries them: an int in network order, 0 for none. */
final class Address {
    private Address() {}

    /** The address, or 0 if it is not IPv4. */
    static int ip(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address v4
                ? ByteBuffer.wrap(v4.getAddress()).getInt()
                : 0;
    }

    static InetSocketAddress of(int ip, int port) {
        try {
            byte[] bytes = ByteBuffer.allocate(4).putInt(ip).array();
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    /** As people write it, {@code 192.0.2.1:4500}. */
    static String name(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /**
     * Reads an IPv4 address in dotted decimal; never asks a name service.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static int parse(String text) {
        String[] parts = text.split("\\.", -1);
        int ip = 0;
        boolean good = parts.length == 4;
        for (int i = 0; good && i < 4; i++) {
            good = parts[i].matches("[0-9]{1,3}") && Integer.parseInt(parts[i]) < 256;
            ip = good ? ip << 8 | Integer.parseInt(parts[i]) : 0;
        }
        if (!good) {
            throw new IllegalArgumentException("'" + text + "' is not an IPv4 address such as 192.0.2.1");
        }
        return ip;
    }

    /**
     * Reads a port.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static int port(String text) {
        if (text.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(text);
            if (port > 0 && port < 65536) {
                return port;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not a port: write a number from 1 to 65535");
    }

    /**
     * Reads {@code ip:port}.
     *
     * @throws IllegalArgumentException saying what is wrong
     */
    static InetSocketAddress endpoint(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("'" + text + "' has no port: write it as 192.0.2.1:4500");
        }
        return of(parse(text.substring(0, colon)), port(text.substring(colon + 1)));
    }
}
