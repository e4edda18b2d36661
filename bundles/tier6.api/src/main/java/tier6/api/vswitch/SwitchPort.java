package tier6.api.vswitch;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;
import tier6.api.frame.Batch;

/** The near side of a port: where frames enter the switch. */
@ProviderType
public interface SwitchPort extends AutoCloseable {
    /**
     * Learns from frames that arrived at this port and passes each on to the ports that it is for. Calls their {@link
     * Egress} on the calling thread. Several data path threads at once, each with batches of its own lane.
     */
    void input(Batch frames);

    /**
     * Learns an address that the switch before this one had learned: see {@link VirtualSwitch#macs}. To be called before
     * frames come in, with the address that was idle for longest first. A switch that cannot do this learns from frames.
     *
     * @param mac the address, see {@link tier6.api.frame.Ethernet}
     * @param idle how long ago a frame from it was last seen
     */
    default void learn(long mac, Duration idle) {}

    /** Takes the port away and forgets what was learned on it. Later input does nothing but count. */
    @Override
    void close();
}
