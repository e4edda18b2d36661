package tier6.api.transport;

import org.osgi.annotation.versioning.ConsumerType;
import tier6.api.frame.Batch;

/** Takes what arrives on a link. */
@FunctionalInterface
@ConsumerType
public interface LinkHandler {
    /**
     * Called with authentic frames, in the order in which they arrived. One data path thread.
     *
     * @param frames valid until the call returns
     */
    void receive(Batch frames);
}
