package tier6.api.tap;

import java.util.Objects;
import java.util.Optional;

/**
 * How an interface shall be.
 *
 * @param name the interface's name; drivers of systems that number their devices take what they get
 * @param mac hardware address, see {@link tier6.api.frame.Ethernet}
 * @param mtu bytes of an IP packet; a frame is this plus 14, and 4 more with a VLAN tag
 * @param owner user who may attach to the interface again after privileges are dropped
 */
public record TapConfig(String name, long mac, int mtu, Optional<String> owner) {
    /** Checks that nothing is null. */
    public TapConfig {
        Objects.requireNonNull(name);
        Objects.requireNonNull(owner);
    }
}
