package tier6.api.tap;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How an interface shall be.
 *
 * @param name the interface's name; drivers of systems that number their devices take what they get
 * @param mac hardware address, see {@link tier6.api.frame.Ethernet}
 * @param mtu bytes of an IP packet; a frame is this plus 14, and 4 more with a VLAN tag
 * @param owner user who may attach to the interface again after privileges are dropped
 * @param addresses IP addresses to give it; a driver that cannot says so in the log and goes on
 */
public record TapConfig(String name, long mac, int mtu, Optional<String> owner, List<Address> addresses) {
    /**
     * An IP address of the interface.
     *
     * @param ip the address
     * @param prefix how many of its first bits are those of the network
     */
    public record Address(InetAddress ip, int prefix) {
        /**
         * Reads {@code 192.0.2.1/24} or {@code fd00::1/64}.
         *
         * @throws IllegalArgumentException saying what is wrong
         */
        public static Address parse(String text) {
            int slash = text.indexOf('/');
            String ip = text.substring(0, Math.max(0, slash));
            String prefix = text.substring(slash + 1);
            // What consists of these never makes Java ask a name server.
            boolean literal = ip.matches("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
            if (literal && prefix.matches("\\d{1,3}")) {
                try {
                    Address address = new Address(InetAddress.getByName(ip), Integer.parseInt(prefix));
                    if (address.prefix > 0 && address.prefix <= address.ip.getAddress().length * Byte.SIZE) {
                        return address;
                    }
                } catch (UnknownHostException e) {
                    // Said below.
                }
            }
            throw new IllegalArgumentException(
                    text + " is no address with the length of its prefix, such as 10.0.0.1/24");
        }

        @Override
        public String toString() {
            return ip.getHostAddress() + "/" + prefix;
        }
    }

    /** Checks that nothing is null. */
    public TapConfig {
        Objects.requireNonNull(name);
        Objects.requireNonNull(owner);
        addresses = List.copyOf(addresses);
    }

    /** An interface without addresses. */
    public TapConfig(String name, long mac, int mtu, Optional<String> owner) {
        this(name, mac, mtu, owner, List.of());
    }
}
