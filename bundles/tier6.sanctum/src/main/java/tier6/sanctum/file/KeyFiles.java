package tier6.sanctum.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import tier6.sanctum.crypto.Secrets;

/** Reads and writes files that hold raw keys (specification section 15.1). Blocks on the file system. */
public final class KeyFiles {

    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private KeyFiles() {}

    /**
     * Reads the first {@code size} bytes of a file; a longer file is accepted, its rest ignored.
     *
     * @throws IOException naming the file and what is wrong with it: missing, not a regular file, a symbolic link, too short
     */
    public static byte[] readSecret(Path path, int size) throws IOException {
        byte[] secret = new byte[size];
        ByteBuffer into = ByteBuffer.wrap(secret);
        try (FileChannel channel = open(path)) {
            while (into.hasRemaining()) {
                if (channel.read(into) < 0) {
                    throw new IOException(
                            path + " is too short for a key: it must hold " + size + " bytes, not " + into.position());
                }
            }
            return secret;
        } catch (IOException e) {
            Secrets.clear(secret);
            throw e;
        }
    }

    /** {@link #readSecret}, or empty if there is no such file. */
    public static Optional<byte[]> readSecretIfThere(Path path, int size) throws IOException {
        return Files.exists(path) ? Optional.of(readSecret(path, size)) : Optional.empty();
    }

    /**
     * Opens a file to be read; the caller closes it.
     *
     * @throws IOException naming the file and what is wrong with it: missing, not a regular file, a symbolic link
     */
    public static FileChannel open(Path path) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            throw new IOException(path + " does not exist", e);
        }
        if (!attributes.isRegularFile()) {
            throw new IOException(path + (attributes.isSymbolicLink() ? " is a symbolic link" : " is no regular file"));
        }
        return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Reads a whole file that may be read only in one of the given sizes. Nothing is read from a file of another size.
     *
     * @throws IOException naming the file and what is wrong with it
     */
    public static byte[] readSized(Path path, int... sizes) throws IOException {
        try (FileChannel channel = open(path)) {
            long size = channel.size();
            for (int allowed : sizes) {
                if (size == allowed) {
                    ByteBuffer into = ByteBuffer.allocate(allowed);
                    while (into.hasRemaining() && channel.read(into) >= 0) {
                        continue;
                    }
                    if (into.hasRemaining()) {
                        throw new IOException(path + " became shorter while it was read");
                    }
                    return into.array();
                }
            }
            throw new IOException(path + " has " + size + " bytes and cannot be what it should be");
        }
    }

    /**
     * Writes a file that only its owner can read: beside it first, then renamed over it, so that nobody ever sees half a key
     * and a crash leaves the old one.
     */
    public static void writeSecret(Path path, byte[] content) throws IOException {
        write(path, content);
    }

    /** As {@link #writeSecret}, with the permissions that new files get by default: for what is no secret. */
    public static void writePublic(Path path, byte[] content) throws IOException {
        write(path, content);
        if (Files.getFileAttributeView(path, PosixFileAttributeView.class) != null) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
        }
    }

    /** Makes a directory that only its owner can look into, unless it is there. */
    public static Path makePrivate(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return directory;
        }
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(directory.toString());
        }
        Path parent = directory.toAbsolutePath().getParent();
        boolean posix = parent.getFileSystem().supportedFileAttributeViews().contains("posix");
        return Files.createDirectories(
                directory, posix ? new FileAttribute<?>[] {PRIVATE_DIRECTORY} : new FileAttribute<?>[0]);
    }

    private static void write(Path path, byte[] content) throws IOException {
        Path directory = path.toAbsolutePath().getParent();
        Path beside = Files.createTempFile(directory, "." + path.getFileName(), ".new", ownerOnly(directory));
        try {
            try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                ByteBuffer from = ByteBuffer.wrap(content);
                while (from.hasRemaining()) {
                    channel.write(from);
                }
                channel.force(true);
            }
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) {
        return Files.getFileAttributeView(directory, PosixFileAttributeView.class) == null
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)};
    }
}
