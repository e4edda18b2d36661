package tier6.launcher.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The node of a network as a service of systemd: the unit that the package brings, an instance for each network. */
final class Service {
    private static final Path RUNNING = Path.of("/run/systemd/system");
    private static final List<Path> UNITS = List.of(
            Path.of("/etc/systemd/system/tier6@.service"),
            Path.of("/lib/systemd/system/tier6@.service"),
            Path.of("/usr/lib/systemd/system/tier6@.service"));

    /** Where the unit looks for the configuration of its instance. */
    private static final Path CONFIGURATIONS = Path.of("/etc/tier6");

    private Service() {}

    /** Whether there can be one. */
    static boolean isThere() {
        return NetworkDirectory.isRoot()
                && Files.isDirectory(RUNNING)
                && UNITS.stream().anyMatch(Files::exists);
    }

    static String unit(NetworkDirectory directory) {
        return "tier6@" + directory.name();
    }

    private static Path link(NetworkDirectory directory) {
        return CONFIGURATIONS.resolve(directory.name() + ".conf");
    }

    /** Starts it, now and whenever the host starts. */
    static void enable(NetworkDirectory directory) throws IOException {
        Files.createDirectories(CONFIGURATIONS);
        if (!Files.exists(link(directory))) {
            Files.createSymbolicLink(link(directory), directory.conf());
        }
        systemctl("enable", "--now", unit(directory));
    }

    /** Ends it for good. */
    static void disable(NetworkDirectory directory) throws IOException {
        if (Files.isSymbolicLink(link(directory))) {
            systemctl("disable", "--now", unit(directory));
            systemctl("clean", "--what=cache", unit(directory));
            Files.delete(link(directory));
        }
    }

    private static void systemctl(String... words) throws IOException {
        List<String> command = Stream.concat(Stream.of("systemctl", "--quiet"), Stream.of(words))
                .toList();
        try {
            if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                throw new IOException("'" + String.join(" ", command) + "' failed: what it says is above");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
