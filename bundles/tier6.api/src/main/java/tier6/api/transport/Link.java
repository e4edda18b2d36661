package tier6.api.transport;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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

    /**
     * Measures the way to the peer and back, inside the tunnel. Any thread; does not wait.
     *
     * @param size bytes of what is sent, from 4 up; as many as a frame may have tells whether such frames get through. A
     *     second one of the same size must wait for the end of the first
     * @return completed with the time that it took; with an {@link java.io.IOException} for people if nothing could be
     *     sent; never, if it is not answered: who has waited long enough cancels it. What depends on it must not run on
     *     the completing thread
     */
    default CompletableFuture<Duration> probe(int size) {
        return CompletableFuture.failedFuture(new IOException("this kind of link cannot be measured"));
    }

    /** What can be said about it now. Any thread. */
    LinkStatus status();

    /** Ends the link and clears its keys. Later calls do nothing but count. */
    @Override
    void close();
}
