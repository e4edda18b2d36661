package tier6.api.vswitch;

import org.osgi.annotation.versioning.ConsumerType;
import tier6.api.frame.Batch;

/** Sees the frames that cross a switch, as a monitoring port would: see {@link VirtualSwitch#mirror}. */
@FunctionalInterface
@ConsumerType
public interface Mirror {
    /** Which way frames cross a port. */
    enum Direction {
        /** Into the switch, before anything is decided about them. */
        IN,
        /** Out of the switch. */
        OUT
    }

    /**
     * Called by data path threads, several at once, each with batches of its own lane. Must not wait, must not change the
     * frames, and must copy what it wants to keep.
     *
     * @param port name of the port that they cross
     */
    void frames(String port, Direction direction, Batch frames);
}
