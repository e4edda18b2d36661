package tier6.launcher.demo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The hosts of the demo: what is behind the interface of each node and answers there. */
interface Hosts {
    /** The protocols that hosts ping with. */
    enum Family {
        IPV4("IPv4", "10.66.0.%d"),
        IPV6("IPv6", "fd66::%x");

        private final String title;
        private final String address;

        Family(String title, String address) {
            this.title = title;
            this.address = address;
        }

        /** The address of the host of node {@code number}. */
        String address(int number) {
            return address.formatted(number);
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /** What they are, in a sentence. */
    String description();

    /** The kind of TAP driver that nodes need. */
    String driver();

    /** The name of the interface of node {@code number}. */
    String tapName(int number);

    /** Sets up the host of a node whose interface is open. */
    void move(DemoNode node) throws Exception;

    /** With what they can be asked. */
    List<Family> families();

    /**
     * Sends one echo request and waits for the answer, a second at most.
     *
     * @return the round-trip time, or empty if none came
     */
    Optional<Duration> ping(DemoNode from, DemoNode to, Family family) throws Exception;
}
