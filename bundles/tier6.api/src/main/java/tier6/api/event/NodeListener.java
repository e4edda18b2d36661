package tier6.api.event;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears what happens in a node. Registered as a service. */
@FunctionalInterface
@ConsumerType
public interface NodeListener {
    /** Called by one thread at a time, in the order of the events. Should not block for long. */
    void event(NodeEvent event);
}
