package tier6.api.node;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A role in a node that one of several backends has. A bundle that has such a role to give registers this service; {@link
 * Node#roles} shows it and {@link Node#swap} passes it on. Any thread.
 */
@ConsumerType
public interface Swappable {
    /** What can be said about it now. Its {@link RoleStatus#role} never changes. */
    RoleStatus status();

    /**
     * Gives the role to another backend. As {@link Node#swap}, and may take as long.
     *
     * @param backend a name, or {@link Node#BACK}
     */
    void swap(String backend) throws IOException;
}
