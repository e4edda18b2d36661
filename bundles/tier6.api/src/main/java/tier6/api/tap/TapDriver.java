package tier6.api.tap;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/** Makes TAP interfaces on one kind of system. Registered as a service with the property {@code kind}. */
@ConsumerType
public interface TapDriver {
    /** What it drives: {@code linux}, {@code memory}, … */
    String kind();

    /**
     * Opens an interface as {@code config} says, with its address and MTU set and brought up, or attaches to the one
     * of that name that is there. Called by a control thread; may block.
     *
     * <p>While one driver takes the place of another both have the interface open, and a {@link Tap} goes on serving after
     * the bundle of its driver was stopped, for a minute at most, or until another one is open, also of a newer version of
     * that bundle. So a driver does not close its interfaces when it is deactivated.
     *
     * @throws IOException with a sentence that says what to do about it
     */
    Tap open(TapConfig config) throws IOException;
}
