package tier6.mesh.internal;

import java.util.Optional;
import java.util.OptionalInt;
import tier6.api.frame.Ethernet;
import tier6.api.tap.TapConfig;

/**
 * What the mesh is told: PID {@code tier6.mesh}.
 *
 * @param tapName name of the interface
 * @param mac its hardware address
 * @param mtu its MTU, or empty for what the transport carries
 * @param runAs user to become once the interface is open
 * @param graceSeconds how long a peer outlives the source that announced it, and a backend its bundle
 * @param targets who may be the TAP driver, the transport and the switch
 */
record MeshConfig(
        String tapName, long mac, OptionalInt mtu, Optional<String> runAs, int graceSeconds, Targets targets) {
    /** Filters for who may have a role; empty: everybody. */
    record Targets(String driver, String transport, String vswitch) {
        static final Targets ALL = new Targets("", "", "");
    }

    private static final int SMALLEST_MTU = 68; // RFC 791
    private static final int LARGEST_MTU = 65_521;

    /**
     * Reads the texts of a configuration.
     *
     * @throws IllegalArgumentException naming the property and what it should be
     */
    static MeshConfig of(String tapName, String mac, String mtu, String runAs, int graceSeconds, Targets targets) {
        return new MeshConfig(
                tapName.strip(),
                Ethernet.parse(mac),
                parseMtu(mtu),
                Optional.of(runAs.strip()).filter(user -> !user.isEmpty()),
                graceSeconds,
                targets);
    }

    private static OptionalInt parseMtu(String text) {
        if (text.strip().equals("auto")) {
            return OptionalInt.empty();
        }
        try {
            int mtu = Integer.parseInt(text.strip());
            if (mtu >= SMALLEST_MTU && mtu <= LARGEST_MTU) {
                return OptionalInt.of(mtu);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "tap.mtu: " + text + " is neither auto nor a number from " + SMALLEST_MTU + " to " + LARGEST_MTU);
    }

    TapConfig tap(int mtu) {
        return new TapConfig(tapName, mac, mtu, runAs);
    }
}
