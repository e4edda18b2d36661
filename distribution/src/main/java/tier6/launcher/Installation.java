package tier6.launcher;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where this program lies on disk: the unpacked archive. */
public record Installation(Path home) {

    /**
     * Finds the archive that this class was loaded from.
     *
     * @throws IllegalStateException if it was loaded from somewhere else, such as a build directory
     */
    public static Installation locate() {
        try {
            Path code = Path.of(Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path home = code.getParent().getParent();
            if (!Files.isDirectory(home.resolve("bundle"))) {
                throw new IllegalStateException(home + " has no directory 'bundle'; start tier6 with bin/tier6");
            }
            return new Installation(home);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What every node starts. */
    public Path bundles() {
        return home.resolve("bundle");
    }

    /** Bundles of third parties, watched while a node runs. */
    public Path plugins() {
        return home.resolve("plugins");
    }

    /** What authors of plug-ins need: templates, and the tests of the contracts. */
    public Path kit() {
        return home.resolve("kit");
    }

    /** Configurations of single components, watched while a node runs. */
    public Path etc() {
        return home.resolve("etc");
    }
}
