package tier6.mesh.internal;

import tier6.api.frame.Batch;
import tier6.api.vswitch.SwitchPort;

/** Hears what failed on the path of a frame: an interface, a link, or a port of the switch. Any thread; must not wait. */
@FunctionalInterface
interface PathFailure {
    /** Takes note of the part that failed, and how. */
    void of(Object part, Throwable failure);

    /** Hands frames to the switch, if there is one. Whoever brought them has nothing to do with it if the switch fails. */
    default void forward(Batch frames, SwitchPort to) {
        if (to != null) {
            try {
                to.input(frames);
            } catch (RuntimeException | Error e) {
                of(to, e);
            }
        }
    }
}
