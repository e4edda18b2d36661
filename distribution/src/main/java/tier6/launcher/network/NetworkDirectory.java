package tier6.launcher.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tier6.admission.FlockHome;
import tier6.launcher.command.Arguments;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.KeyFiles;

/**
 * What this host keeps of a network:
 *
 * <pre>
 * NAME.conf     configuration of the node
 * member        who this device is there
 * keys/         its keys
 * owner/        the flock itself, where it is kept
 * </pre>
 *
 * @param root {@code /var/lib/tier6/NAME} for root; for others in {@code ~/.local/state/tier6}
 */
record NetworkDirectory(Path root) {
    /** The user that the package makes. */
    private static final String USER = "tier6";

    /** The directory that was typed, or that of the network that was typed, or of the only one there is. */
    static NetworkDirectory of(Arguments arguments) throws IOException {
        if (arguments.has("--dir")) {
            return existing(Path.of(arguments.text("--dir")));
        }
        if (arguments.has("--network")) {
            return existing(base().resolve(arguments.text("--network")));
        }
        List<NetworkDirectory> all = all();
        if (all.size() == 1) {
            return all.get(0);
        }
        throw new IOException(
                all.isEmpty()
                        ? "this host is in no network: 'tier6 up' makes one, 'tier6 join' joins one"
                        : "this host is in several networks: say with --network which, "
                                + String.join(
                                        " or ",
                                        all.stream().map(NetworkDirectory::name).toList()));
    }

    /** Where a network of this name goes. */
    static NetworkDirectory of(Arguments arguments, String name) {
        Path root = arguments.has("--dir") ? Path.of(arguments.text("--dir")) : base().resolve(name);
        return new NetworkDirectory(root.toAbsolutePath().normalize());
    }

    private static NetworkDirectory existing(Path root) throws IOException {
        NetworkDirectory directory = new NetworkDirectory(root.toAbsolutePath().normalize());
        if (!directory.exists()) {
            throw new IOException("there is no network in " + directory.root());
        }
        return directory;
    }

    /** Those that are complete. */
    static List<NetworkDirectory> all() throws IOException {
        if (!Files.isDirectory(base())) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(base())) {
            return paths.sorted()
                    .map(NetworkDirectory::new)
                    .filter(NetworkDirectory::exists)
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    static Path base() {
        if (isRoot()) {
            return Path.of("/var/lib/tier6");
        }
        String xdg = System.getenv("XDG_STATE_HOME");
        return (xdg == null ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(xdg))
                .resolve("tier6");
    }

    /** Makes sure that networks can be kept here. */
    static void checkBase() throws IOException {
        if (!Files.isWritable(Files.createDirectories(base()))) {
            throw new IOException(base() + ", where networks are kept, cannot be written by this user");
        }
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    boolean exists() {
        return Files.isRegularFile(conf());
    }

    String name() {
        return root.getFileName().toString();
    }

    Path conf() {
        return root.resolve(name() + ".conf");
    }

    Path member() {
        return root.resolve("member");
    }

    Path keys() {
        return root.resolve("keys");
    }

    Path owner() {
        return root.resolve("owner");
    }

    /** The flock that is kept here. */
    FlockHome home() throws IOException {
        if (!Files.isDirectory(owner())) {
            throw new IOException("flock " + name()
                    + " is not kept by this host: only where 'tier6 up' made it can this" + " be done");
        }
        return FlockHome.open(owner(), RandomSource.secure());
    }

    /**
     * Who the node of this directory is to run as, as configurations have it. Who keeps a flock writes its files, which is not
     * for a user that is shared with others.
     */
    String user() throws IOException {
        if (isRoot() && hasUser() && (!Files.isDirectory(owner()) || home().canBeKeptBy(USER))) {
            return USER;
        }
        return !isRoot() || Files.isDirectory(owner()) ? "-" : "nobody";
    }

    /** Has the node become a user who is there by now; whether there is one. */
    boolean changeUser() throws IOException {
        String before = Files.readString(conf());
        String after = before.replaceFirst("(?m)^runas -$", "runas " + user());
        if (!isRoot() || after.equals(before)) {
            return false;
        }
        KeyFiles.writeSecret(conf(), after.getBytes(StandardCharsets.UTF_8));
        handOver();
        return true;
    }

    private boolean hasUser() {
        try {
            principal(USER);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private UserPrincipal principal(String user) throws IOException {
        return root.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
    }

    /** Gives everything to that user, if this one can. */
    void handOver() throws IOException {
        if (!isRoot() || user().equals("-")) {
            return;
        }
        UserPrincipal user = principal(user());
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                if (!Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(user)) {
                    Files.setOwner(path, user);
                }
            }
        }
    }

    /** Removes it and what is in it. */
    void delete() throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
