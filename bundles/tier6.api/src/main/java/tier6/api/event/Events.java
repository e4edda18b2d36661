package tier6.api.event;

import org.osgi.annotation.versioning.ProviderType;

/** Takes events and passes them to every {@link NodeListener}, in order, on a thread of its own. */
@ProviderType
public interface Events {
    /** Never blocks; if listeners cannot keep up, the oldest events are dropped. Any thread. */
    void publish(NodeEvent event);
}
