package tier6.api.discovery;

import org.osgi.annotation.versioning.ProviderType;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;

/** Where a {@link PeerSource} says what it knows. Any thread; never blocks. */
@ProviderType
public interface PeerSink {
    /** Says that a peer is there. Said again with the same id, it replaces what this source said before. */
    void announce(Peer peer);

    /** Says that a peer is gone. Its link stays as long as another source still announces it. */
    void withdraw(PeerId id);
}
