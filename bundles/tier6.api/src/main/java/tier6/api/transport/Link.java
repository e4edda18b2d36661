package tier6.api.transport;

import org.osgi.annotation.versioning.ConsumerType;
import tier6.api.frame.Batch;
import tier6.api.peer.Peer;

/** An encrypted link to one peer. */
@ConsumerType
public interface Link extends AutoCloseable {
    /**
     * Seals and sends frames, in order. Never waits; what cannot be sent (no key yet, nowhere to send to, too long,
     * link closed) is dropped and counted. Several data path threads at once, each with batches of its own lane.
     */
    void send(Batch frames);

    /** Tells the link what is known about its peer now. Any control thread. */
    void update(Peer peer);

    /** What can be said about it now. Any thread. */
    LinkStatus status();

    /** Ends the link and clears its keys. Later calls do nothing but count. */
    @Override
    void close();
}
