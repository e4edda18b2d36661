package tier6.discovery.lan.internal;

import java.nio.file.Path;

/**
 * The configuration, read.
 *
 * @param device kek-id of this node
 * @param secret file of the secret of the segment
 * @param port the port before the first of our tunnels
 * @param tap name of our own interface, where nobody is looked for
 * @param directory where secrets of pairs are written
 */
record Settings(long flock, int device, Path secret, int port, String tap, Path directory) {
    private static final String PID = "tier6.discovery.lan: ";
    private static final int MAX_DEVICE = 254;
    private static final int MAX_PORT = 0xffff - MAX_DEVICE;

    static Settings of(LanSource.Config config, Path directory) {
        int device = (int) hex("kek.id", config.kek_id(), 2);
        if (device < 1 || device > MAX_DEVICE) {
            throw new IllegalArgumentException(PID + "kek.id '" + config.kek_id() + "': write 01 to fe");
        }
        if (config.secret().isBlank()) {
            throw new IllegalArgumentException(PID + "secret is missing");
        }
        if (config.port() < 1 || config.port() > MAX_PORT) {
            throw new IllegalArgumentException(PID + "port " + config.port() + ": write one from 1 to " + MAX_PORT
                    + "; the 254 after it are used");
        }
        return new Settings(
                hex("flock", config.flock(), 16),
                device,
                Path.of(config.secret().strip()),
                config.port(),
                config.tap().strip(),
                directory);
    }

    private static long hex(String name, String text, int digits) {
        String bare = text.strip();
        if (!bare.matches("[0-9a-fA-F]{1," + digits + "}")) {
            throw new IllegalArgumentException(
                    PID + name + " '" + text + "': write up to " + digits + " hexadecimal digits");
        }
        return Long.parseUnsignedLong(bare, 16);
    }
}
