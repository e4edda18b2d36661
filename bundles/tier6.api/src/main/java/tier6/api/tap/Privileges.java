package tier6.api.tap;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/** Gives up the rights that were needed to open an interface. A service of the platform's driver bundle. */
@ConsumerType
public interface Privileges {
    /**
     * Makes the whole process, all threads that there are and will be, run as {@code user}. Does nothing if it does
     * already.
     *
     * @throws IOException if there is no such user or any thread kept its rights
     */
    void drop(String user) throws IOException;
}
