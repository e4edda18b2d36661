package tier6.api.tap;

import java.io.IOException;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import tier6.api.frame.Batch;

/**
 * An open TAP interface. Frames are plain Ethernet frames of at most MTU + 18 bytes, without frame check sequence;
 * what a system offers beyond that (segmentation, checksums) is the driver's business and invisible here.
 */
@ConsumerType
public interface Tap extends AutoCloseable {
    /** The interface's name, as the system shows it. */
    String name();

    /** The MTU that is set. */
    int mtu();

    /** How many threads may read at once, each with its own queue number from 0. */
    default int queues() {
        return 1;
    }

    /**
     * Waits for a frame and appends it, and as many as are there without waiting again, to {@code batch}. One thread
     * a queue.
     *
     * @return the number of frames appended; 0 after {@link #wakeup}, after close, or now and then without reason
     * @throws IOException if the interface is gone
     */
    int read(int queue, Batch batch) throws IOException;

    /**
     * Hands frames to the system. Never waits: what the system does not take is dropped and counted. Several threads
     * at once, each with batches of its own lane.
     */
    void write(Batch batch);

    /** Makes waiting {@link #read} calls return. Any thread. */
    void wakeup();

    /** Numbers for people, by name; cheap to ask for. */
    Map<String, Long> counters();

    /**
     * Takes no more frames from the system, but keeps the interface in being, with its addresses, its routes and its
     * carrier, until this is closed. So the same driver finds it again if it is to serve again after another one has.
     * Nobody reads or writes any more.
     *
     * @return whether the system can do that; if not, the caller closes this
     */
    default boolean park() {
        return false;
    }

    /** Closes the interface once no call is inside. Later reads return 0, later writes are counted drops. */
    @Override
    void close();
}
