package tier6.discovery.lan.internal;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.LinkedHashSet;
import java.util.Set;

/** Where neighbours may be. */
final class Interfaces {
    private final String tap;

    /**
     * Chooses among the interfaces of this host.
     *
     * @param tap the one that is not looked at: our own Ethernet, on which everybody is a neighbour already
     */
    Interfaces(String tap) {
        this.tap = tap;
    }

    /** An IPv4 address of each interface that is up and has others behind it. */
    Set<InetAddress> addresses() throws SocketException {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
            if (each.isUp()
                    && !each.isLoopback()
                    && each.supportsMulticast()
                    && !each.getName().equals(tap)) {
                each.inetAddresses()
                        .filter(Inet4Address.class::isInstance)
                        .findFirst()
                        .ifPresent(addresses::add);
            }
        }
        return addresses;
    }
}
