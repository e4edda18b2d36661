package tier6.launcher.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What is checked before files are written, so that a command does all of its work or nothing. */
final class Outputs {
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

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

    /** Makes a directory that only its owner can look into, unless it is there. */
    static Path makePrivate(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return directory;
        }
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(directory.toString());
        }
        Path parent = directory.toAbsolutePath().getParent();
        boolean posix = parent.getFileSystem().supportedFileAttributeViews().contains("posix");
        return Files.createDirectories(directory, posix ? new FileAttribute<?>[] {PRIVATE} : new FileAttribute<?>[0]);
    }

    /** Removes a directory and what is in it, as far as it can be removed. */
    static void discard(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
