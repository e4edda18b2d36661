package tier6.api.node;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A node at one moment.
 *
 * @param uptime since the node was activated
 * @param tap the open interface, if any
 * @param problem why there is no interface, or what else stands in the way, if anything
 * @param backends what serves each role now, by role: {@code tap}, {@code transport}, {@code switch}
 * @param counters those of the TAP and of the transport, by {@code tap.NAME} and {@code transport.NAME}
 */
public record NodeStatus(
        Duration uptime,
        Optional<TapStatus> tap,
        Optional<String> problem,
        Map<String, String> backends,
        Map<String, Long> counters) {

    /**
     * An open interface.
     *
     * @param driver kind of the driver
     * @param name as the system shows it
     * @param mac hardware address
     * @param mtu bytes of an IP packet
     */
    public record TapStatus(String driver, String name, long mac, int mtu) {}
}
