package tier6.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The directory in which the framework of one node keeps what it unpacks. It belongs to a configuration file: the next
 * start with that file empties it and uses it again, and a second node with the same file is refused meanwhile, since two
 * nodes with one identity would fight over each session.
 *
 * <p>Its place is {@code $CACHE_DIRECTORY} (systemd), {@code /var/cache/tier6} for root, {@code ~/.cache/tier6} for others,
 * {@code tier6-USER} in the directory for temporary files for who has no home.
 */
final class NodeCache implements AutoCloseable {
    private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");

    private final Path directory;
    private final FileChannel channel;

    private NodeCache(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * @param file the configuration file
     * @throws IOException if the directory cannot be made or another process holds it; the message says which
     */
    static NodeCache open(Path file) throws IOException {
        Path directory = place(file);
        Path lockFile = lock(directory);
        FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new IOException("another tier6 runs with " + file.toRealPath() + "; stop that one first");
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return new NodeCache(directory, channel);
    }

    private static Path place(Path file) throws IOException {
        Path real = file.toRealPath();
        return place().resolve(real.getFileName() + "-"
                + Integer.toHexString(real.toString().hashCode()));
    }

    private static Path lock(Path directory) {
        return directory.resolveSibling(directory.getFileName() + ".lock");
    }

    /** The process that runs a node of this file, if there is one. */
    static Optional<ProcessHandle> holder(Path file) throws IOException {
        Path lock = lock(place(file));
        if (!Files.exists(lock)) {
            return Optional.empty();
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            FileLock free = channel.tryLock();
            if (free != null) {
                return Optional.empty();
            }
        }
        String pid = Files.readString(lock, StandardCharsets.US_ASCII);
        return pid.matches("\\d{1,18}") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
    }

    /** Removes what was kept for a file whose node does not run. */
    static void discard(Path file) throws IOException {
        Path directory = place(file);
        Files.deleteIfExists(lock(directory));
        if (Files.isDirectory(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    private static Path place() throws IOException {
        String systemd = System.getenv("CACHE_DIRECTORY");
        if (systemd != null) {
            return Files.createDirectories(Path.of(systemd));
        }
        if (isRoot()) {
            return Files.createDirectories(Path.of("/var/cache/tier6"));
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path home = xdg != null ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache");
        try {
            return Files.createDirectories(home.resolve("tier6"));
        } catch (IOException e) {
            return temporary();
        }
    }

    /** A name that anybody can guess, so it must not be somebody else's. */
    private static Path temporary() throws IOException {
        String user = System.getProperty("user.name");
        Path place = Path.of(System.getProperty("java.io.tmpdir"), "tier6-" + user);
        try {
            Files.createDirectory(place, PosixFilePermissions.asFileAttribute(OURS));
        } catch (FileAlreadyExistsException e) {
            boolean ours = Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(place, LinkOption.NOFOLLOW_LINKS)
                            .getName()
                            .equals(user)
                    && Files.getPosixFilePermissions(place).equals(OURS);
            if (!ours) {
                throw new IOException(place + " is not a directory of this user alone; set XDG_CACHE_HOME to one", e);
            }
        }
        return place;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    Path directory() {
        return directory;
    }

    /**
     * Closes the directory to others. It stays with who starts the node: whoever gives up rights gives it away then, with all
     * that is in it, and not before, since nobody else must be able to put links there that are followed.
     */
    void shut() throws IOException {
        Files.createDirectories(directory);
        if (isRoot()) {
            // The one before may have left it to another user.
            Files.setOwner(
                    directory,
                    directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("root"));
        }
        Files.setPosixFilePermissions(directory, OURS);
    }

    /** Releases the lock; what the directory holds stays until the next start. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
