package tier6.api.underlay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/** Sockets that one thread serves. Serving 254 of them costs no more a datagram than serving three. */
@ConsumerType
public interface UnderlayLoop extends AutoCloseable {
    /**
     * Opens a socket. Any thread.
     *
     * @param local address to bind to, port 0 for any
     * @param receiver is called by {@link #poll} only, and not after {@link UnderlaySocket#close} returned on the
     *     polling thread
     */
    UnderlaySocket open(InetSocketAddress local, UnderlayReceiver receiver) throws IOException;

    /**
     * Waits for datagrams on any socket and hands what is there to the receivers, in batches of {@code lane}. One
     * thread, always the same lane.
     *
     * @param lane lane of the calling thread
     * @param timeoutNanos longest time to wait; 0 does not wait
     * @return the number of datagrams handed over; 0 after {@link #wakeup} or when nothing came
     */
    int poll(int lane, long timeoutNanos) throws IOException;

    /** Makes {@link #poll} return, now or the next time it is called. Any thread. */
    void wakeup();

    /** Numbers for people, by name; cheap to ask for. Any thread. */
    default Map<String, Long> counters() {
        return Map.of();
    }

    /** Closes all sockets, once {@link #poll} has returned. */
    @Override
    void close();
}
