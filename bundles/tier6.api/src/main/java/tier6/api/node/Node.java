package tier6.api.node;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What can be asked of a running node. The mesh registers one. Any thread; snapshots, not live views. */
@ProviderType
public interface Node {
    /** The node as a whole. */
    NodeStatus status();

    /** Every peer that a source announces, in the order of their ids. */
    List<PeerStatus> peers();

    /** Every discovery source that is there. */
    List<SourceStatus> sources();
}
