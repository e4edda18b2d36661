package tier6.discovery.reliquary;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tier6.sanctum.file.KeyFiles;

/**
 * The directory in which a device keeps what it has of a Reliquary, specification section 15.5; the C scripts work on the
 * same files. Blocks on the file system.
 *
 * @param path where it is; need not exist
 */
public record ReliquaryDirectory(Path path) {

    /** The environment variable that names another directory than the default one. */
    public static final String VARIABLE = "RELIQUARY";

    private static final int LONGEST_LINE = 1024;
    private static final String API = "api";
    private static final String TOKEN = "token";
    private static final String NAT_PORT = "natport";
    private static final String CATHEDRAL = "cathedral";

    /** The directory of this user, named by {@value #VARIABLE} or else in the home. */
    public static ReliquaryDirectory standard() {
        String named = System.getenv(VARIABLE);
        return new ReliquaryDirectory(
                named == null || named.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".config", "reliquary")
                        : Path.of(named));
    }

    /** The address of the API, or nothing if this directory was never initialised. */
    public Optional<URI> api() throws IOException {
        Optional<String> line = line(path.resolve(API));
        return line.isEmpty() ? Optional.empty() : Optional.of(Apis.parse(line.get()));
    }

    /** What proves the account; empty if there is none. */
    public String token() throws IOException {
        String token = line(path.resolve(TOKEN)).orElse("");
        if (!token.isEmpty() && !token.matches(Hex.TOKEN)) {
            throw new ReliquaryException(
                    path.resolve(TOKEN) + " holds no token: get a new one with 'tier6 reliquary login'");
        }
        return token;
    }

    /** The cathedral to begin with, {@code address:port}. */
    public Optional<String> cathedral() throws IOException {
        return line(path.resolve(CATHEDRAL));
    }

    /** The second port of the cathedrals, as written. */
    public Optional<String> natPort() throws IOException {
        return line(path.resolve(NAT_PORT));
    }

    /** Makes the directory, for its owner only, if it is not there. */
    public void make() throws IOException {
        makePrivate(path);
    }

    /** Keeps what a Reliquary said at the beginning. */
    public void write(URI api, Access access) throws IOException {
        make();
        KeyFiles.writePublic(path.resolve(API), text(api.toString()));
        KeyFiles.writePublic(path.resolve(NAT_PORT), text(Integer.toString(access.natPort())));
        KeyFiles.writePublic(path.resolve(CATHEDRAL), text(access.cathedral()));
        // The scripts make an empty file, without a line, where there is no account.
        KeyFiles.writeSecret(path.resolve(TOKEN), access.token().isEmpty() ? new byte[0] : text(access.token()));
    }

    /** What this device is in a flock; its domain does not matter. */
    public Membership membership(long flock) {
        return new Membership(path.resolve(Hex.flock(flock)), flock);
    }

    /** All flocks that this device has joined, in order of their tokens. */
    public List<Membership> memberships() throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(path)) {
            return children.filter(child -> child.getFileName().toString().matches(Hex.FLOCK))
                    .sorted()
                    .map(child -> new Membership(
                            child, Long.parseUnsignedLong(child.getFileName().toString(), 16)))
                    .filter(Membership::isJoined)
                    .toList();
        }
    }

    static byte[] text(String line) {
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** The line that a small text file consists of; nothing if there is no such file or nothing in it. */
    static Optional<String> line(Path file) throws IOException {
        try {
            if (!Files.isRegularFile(file) && Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.size(file) > LONGEST_LINE) {
                throw new ReliquaryException(file + " is not a file with one line of text: move it away");
            }
            String line = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
            return line.isEmpty() ? Optional.empty() : Optional.of(line);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    static void makePrivate(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(directory.toString());
        }
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        Files.createDirectories(
                directory,
                posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                        }
                        : new FileAttribute<?>[0]);
    }
}
