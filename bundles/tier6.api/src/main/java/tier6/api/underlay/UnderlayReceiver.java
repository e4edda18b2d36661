package tier6.api.underlay;

import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ConsumerType;
import tier6.api.frame.Batch;

/** Takes what arrived on a socket. */
@FunctionalInterface
@ConsumerType
public interface UnderlayReceiver {
    /**
     * Called with datagrams that came in a row from the same sender, in the order of their arrival.
     *
     * @param datagrams valid until the call returns; the receiver may overwrite them, for instance to decrypt in place
     * @param remote the sender; the same object as the last time if it is the same sender
     */
    void receive(Batch datagrams, InetSocketAddress remote);
}
