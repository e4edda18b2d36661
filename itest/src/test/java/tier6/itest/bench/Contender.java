package tier6.itest.bench;

import java.util.List;
import tier6.itest.net.Host;

/**
 * A way to join two hosts.
 *
 * @param name for tables
 * @param about in a few words: layer, cipher
 * @param needs programs that must be there
 * @param start joins the hosts
 */
record Contender(String name, String about, List<String> needs, Starter start) {

    /** Starts programs on the hosts and configures the interfaces that they make. */
    @FunctionalInterface
    interface Starter {
        Ends start(Arena arena) throws Exception;
    }

    /**
     * What came into being.
     *
     * @param target address of host B as host A shall use it
     * @param a names of the running programs on host A
     * @param b names of the running programs on host B
     */
    record Ends(String target, List<String> a, List<String> b) {}

    /** The hosts between which it is measured, and where files may be written. */
    record Arena(Host a, Host b, Host helper, java.nio.file.Path directory) {
        static final String OVERLAY_A = "10.99.0.1";
        static final String OVERLAY_B = "10.99.0.2";

        /** Waits for an interface on each host, sets its MTU, and gives it an address of the overlay. */
        Ends join(String interfaceA, String interfaceB, int mtu, String program) throws Exception {
            configure(a, interfaceA, OVERLAY_A, mtu);
            configure(b, interfaceB, OVERLAY_B, mtu);
            return new Ends(OVERLAY_B, List.of(program), List.of(program));
        }

        private static void configure(Host host, String name, String address, int mtu) throws Exception {
            for (int i = 0; i < 200 && !host.tryRun("ip", "link", "show", name).ok(); i++) {
                Thread.sleep(50);
            }
            host.run("ip", "link", "set", name, "mtu", "" + mtu, "up");
            host.run("ip", "addr", "replace", address + "/24", "dev", name);
        }
    }
}
