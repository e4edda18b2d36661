package tier6.api.node;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;
import tier6.api.peer.PeerId;

/** What can be asked of a running node. The mesh registers one. Any thread; snapshots, not live views. */
@ProviderType
public interface Node {
    /** The word for the backend that had a role before. */
    String BACK = "back";

    /** The node as a whole. */
    NodeStatus status();

    /** Every peer that a source announces, in the order of their ids. */
    List<PeerStatus> peers();

    /**
     * Measures the way to a peer and back, as {@link tier6.api.transport.Link#probe} does.
     *
     * @param size bytes of what is sent
     * @return the same; fails if there is no such peer or no link to it
     */
    default CompletableFuture<Duration> probe(PeerId peer, int size) {
        return CompletableFuture.failedFuture(new IOException("this node measures nothing"));
    }

    /** Every discovery source that is there. */
    List<SourceStatus> sources();

    /** Every role that can be given to another backend while the node runs, and every source. */
    List<RoleStatus> roles();

    /**
     * Gives a role to another backend, which keeps it for as long as it is there, whatever the configuration says, until
     * that changes. Returns when it serves; blocks for seconds at most.
     *
     * @param backend the name of one of the {@link RoleStatus#alternatives}, or {@link #BACK}
     * @throws IllegalArgumentException with a sentence for people if there is no such role or backend
     * @throws IOException with a sentence for people if the backend cannot serve; the one before it still does
     */
    void swap(String role, String backend) throws IOException;
}
