package tier6.admission;

import java.net.InetAddress;
import java.util.Optional;

/** Asks the network of a flock whether somebody has an address already. */
@FunctionalInterface
public interface AddressQuery {
    /**
     * Asks. Any thread; blocks for two seconds at most.
     *
     * @return who says that it has it, in words; empty if nobody does
     */
    Optional<String> user(InetAddress address) throws InterruptedException;
}
