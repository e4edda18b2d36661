package tier6.api.vswitch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A learning Ethernet switch (IEEE 802.1D without the spanning tree, which a full mesh does not need). Registered as a
 * service with the property {@code kind}. It goes on forwarding after its bundle was stopped, for a minute at most, or
 * until another one has its ports.
 */
@ProviderType
public interface VirtualSwitch {
    /**
     * Adds a port. Any control thread.
     *
     * @param name for people, unique among the ports of the moment
     * @param kind frames are never forwarded from one {@link PortKind#TUNNEL} port to another
     * @param egress takes the frames that leave the switch by this port
     */
    SwitchPort attach(String name, PortKind kind, Egress egress);

    /** The ports of the moment, in the order of their attachment. */
    List<PortStatus> ports();

    /** The addresses learned, in no particular order. */
    List<MacEntry> macs();

    /**
     * Where a frame to {@code mac} would leave the switch: the name of a port, or empty if it would be flooded or
     * dropped.
     */
    Optional<String> lookup(long mac);

    /** What it does with frames now; empty if it does not say. */
    default Optional<SwitchRules> rules() {
        return Optional.empty();
    }

    /**
     * Shows a mirror all frames from now on. Any control thread. Without one, frames take no notice of this.
     *
     * @return ends it
     * @throws UnsupportedOperationException with a sentence for people if this switch cannot
     */
    default Runnable mirror(Mirror mirror) {
        throw new UnsupportedOperationException("this switch shows its frames to nobody");
    }

    /** Numbers of the whole switch, by name. */
    Map<String, Long> counters();
}
