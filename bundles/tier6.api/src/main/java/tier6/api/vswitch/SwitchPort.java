package tier6.api.vswitch;

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

    /** Takes the port away and forgets what was learned on it. Later input does nothing but count. */
    @Override
    void close();
}
