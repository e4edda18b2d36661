package tier6.launcher;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Where this program lies on disk: the unpacked archive. */
public record Installation(Path home) {

    /**
     * Finds the archive that this class was loaded from.
     *
     * @throws IllegalStateException if it was loaded from somewhere else, such as a build directory
     */
    public static Installation locate() {
        try {
            // The JVM does not know the source of a class from an archive that moved with its installation, but it
            // still finds the file of the class.
            URLConnection self = Objects.requireNonNull(Installation.class.getResource("Installation.class"))
                    .openConnection();
            if (!(self instanceof JarURLConnection jar)) {
                throw new IllegalStateException(self.getURL() + " is in no archive; start tier6 with bin/tier6");
            }
            Path code = Path.of(jar.getJarFileURL().toURI());
            Path home = code.getParent().getParent();
            if (!Files.isDirectory(home.resolve("bundle"))) {
                throw new IllegalStateException(home + " has no directory 'bundle'; start tier6 with bin/tier6");
            }
            return new Installation(home);
        } catch (URISyntaxException | IOException e) {
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
