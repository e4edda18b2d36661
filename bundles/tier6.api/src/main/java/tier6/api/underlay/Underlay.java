package tier6.api.underlay;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/** A way to send and receive UDP datagrams. Registered as a service with the property {@code kind}. */
@ConsumerType
public interface Underlay {
    /** What it is: {@code nio}, {@code linux}, … */
    String kind();

    /** Opens a loop: sockets that are served by one thread. */
    UnderlayLoop open() throws IOException;
}
