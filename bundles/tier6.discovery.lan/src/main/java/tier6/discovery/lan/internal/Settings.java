package tier6.discovery.lan.internal;

import java.nio.file.Path;
import tier6.api.config.Setting;

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
    private static final String PID = "tier6.discovery.lan";
    private static final int MAX_DEVICE = 254;
    private static final int MAX_PORT = 0xffff - MAX_DEVICE;

    static Settings of(LanSource.Config config, Path directory) {
        Setting kekId = new Setting(PID, "kek.id", config.kek_id()).required();
        int device = (int) kekId.hex(2);
        if (device < 1 || device > MAX_DEVICE) {
            throw kekId.wrong("write 01 to fe");
        }
        if (config.port() < 1 || config.port() > MAX_PORT) {
            throw new Setting(PID, "port", "" + config.port())
                    .wrong("write one from 1 to " + MAX_PORT + "; the 254 after it are used");
        }
        return new Settings(
                new Setting(PID, "flock", config.flock()).hex(16),
                device,
                Path.of(new Setting(PID, "secret", config.secret()).required().value()),
                config.port(),
                config.tap().strip(),
                directory);
    }
}
