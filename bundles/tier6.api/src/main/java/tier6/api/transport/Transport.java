package tier6.api.transport;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import tier6.api.peer.Peer;

/** Makes encrypted links to peers. Registered as a service with the property {@code kind}. */
@ConsumerType
public interface Transport {
    /** What it speaks: {@code sanctum}, … */
    String kind();

    /**
     * Makes a link and begins to connect it; returns at once. The link tries for as long as it is open. Any control
     * thread.
     *
     * @param handler takes what arrives
     * @throws IllegalArgumentException with a sentence for people if this transport cannot reach such a peer
     */
    Link connect(Peer peer, LinkHandler handler);

    /**
     * The MTU that an Ethernet may have so that its frames, with a VLAN tag, cross this transport unfragmented: what
     * the network below carries, less headers.
     */
    int mtu();

    /** Numbers of the whole transport, by name; those of a link are in its status. */
    Map<String, Long> counters();
}
