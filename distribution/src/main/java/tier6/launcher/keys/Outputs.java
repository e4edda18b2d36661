package tier6.launcher.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** What is checked before files are written, so that a command does all of its work or nothing. */
final class Outputs {
    private Outputs() {}

    /**
     * Checks that files can be written.
     *
     * @param force whether they may be there already
     * @throws IOException naming the first that may not be written, and what to do
     */
    static void check(boolean force, List<Path> files) throws IOException {
        for (Path file : files) {
            if (Files.isDirectory(file)) {
                throw new IOException(file + " is a directory: name a file");
            }
            if (!force && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(file + " exists already: name another, or overwrite it with --force");
            }
        }
    }

    /** As {@link #check}, for a file whose directory is not made on the way. */
    static void checkInPlace(boolean force, Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(parent)) {
            throw new IOException(file + " cannot be written: make the directory " + parent + " first");
        }
        check(force, List.of(file));
    }
}
