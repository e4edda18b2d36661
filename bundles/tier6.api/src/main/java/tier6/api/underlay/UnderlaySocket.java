package tier6.api.underlay;

import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ConsumerType;
import tier6.api.frame.Batch;

/** A UDP socket. */
@ConsumerType
public interface UnderlaySocket extends AutoCloseable {
    /** Where it is bound. */
    InetSocketAddress local();

    /**
     * Sends every element of {@code datagrams} to {@code remote}, in order. Never waits: what the system does not take
     * is dropped. Several threads at once, each with batches of its own lane.
     *
     * @return how many the system took
     */
    int send(Batch datagrams, InetSocketAddress remote);

    /** Closes it; a datagram may still be handed to the receiver by a poll that is under way. */
    @Override
    void close();
}
