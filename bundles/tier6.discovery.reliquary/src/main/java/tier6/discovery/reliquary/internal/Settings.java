package tier6.discovery.reliquary.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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
    private static final String PID = "tier6.discovery.reliquary: ";

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
        long flock = flock(config.flock().strip());
        Path remembrance = config.remembrance().isBlank()
                ? directory.membership(flock).directory().resolve("remembrance")
                : Path.of(config.remembrance().strip());
        return new Settings(flock, directory, local(config.local().strip()), remembrance, wishes);
    }

    private static long flock(String text) {
        if (!text.matches("[0-9a-fA-F]{1,16}")) {
            throw new IllegalArgumentException(
                    PID + "flock '" + text + "': write the 16 hexadecimal digits that 'tier6 reliquary status' shows");
        }
        return Long.parseUnsignedLong(text, 16);
    }

    private static InetAddress local(String text) {
        try {
            return InetAddress.getByName(text.isEmpty() ? "0.0.0.0" : text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(PID + "local '" + text + "' is not an address of this host", e);
        }
    }
}
