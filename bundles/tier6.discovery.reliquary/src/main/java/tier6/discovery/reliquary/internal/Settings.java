package tier6.discovery.reliquary.internal;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tier6.api.config.Setting;
import tier6.discovery.reliquary.ReliquaryDirectory;

/**
 * The configuration, read.
 *
 * @param flock with its domain
 * @param directory of the Reliquary
 * @param local address that sockets are bound to
 * @param remembrance where discovery remembers cathedrals
 * @param wishes what the discovery of cathedrals is told besides
 */
record Settings(
        long flock, ReliquaryDirectory directory, InetAddress local, Path remembrance, Map<String, Object> wishes) {
    private static final String PID = "tier6.discovery.reliquary";

    /** Properties that are passed on as they are. */
    private static final Set<String> WISHES = Set.of("group", "hidden", "tunnels");

    /**
     * Reads a configuration; looks at no file.
     *
     * @param properties the same as {@code config}, and what is not known there
     * @throws IllegalArgumentException naming the property and the remedy
     */
    static Settings parse(ReliquarySource.Config config, Map<String, Object> properties) {
        Map<String, Object> wishes = new HashMap<>(properties);
        wishes.keySet().retainAll(WISHES);
        ReliquaryDirectory directory = config.directory().isBlank()
                ? ReliquaryDirectory.standard()
                : new ReliquaryDirectory(Path.of(config.directory().strip()));
        long flock = flock(new Setting(PID, "flock", config.flock()));
        Path remembrance = config.remembrance().isBlank()
                ? directory.membership(flock).directory().resolve("remembrance")
                : Path.of(config.remembrance().strip());
        return new Settings(flock, directory, new Setting(PID, "local", config.local()).local(), remembrance, wishes);
    }

    private static long flock(Setting flock) {
        if (flock.value().isEmpty()) {
            throw flock.wrong("write the 16 hexadecimal digits that 'tier6 reliquary status' shows");
        }
        return flock.hex(16);
    }
}
