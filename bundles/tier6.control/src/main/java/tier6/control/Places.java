package tier6.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where control sockets are: {@code BASE/NAME/control}, a directory for each node, because each may belong to another
 * user. BASE is {@code /run/tier6} for root, else {@code tier6} in {@code XDG_RUNTIME_DIR}, else a directory of the user in
 * that for temporary files. Under systemd a node uses the directory that its unit has ({@code RuntimeDirectory=tier6/NAME}).
 */
public final class Places {
    /** The framework property that names the socket. */
    public static final String PROPERTY = "tier6.control";

    private static final String SOCKET = "control";
    private static final Path SYSTEM = Path.of("/run/tier6");

    private Places() {}

    /** The socket for a node that this process runs. */
    public static Path socket(String name) {
        String unit = System.getenv("RUNTIME_DIRECTORY");
        return unit != null
                ? Path.of(unit.split(":")[0], SOCKET)
                : base().resolve(name).resolve(SOCKET);
    }

    /** Where the directories of nodes of this user are. */
    private static Path base() {
        String user = System.getProperty("user.name");
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (user.equals("root")) {
            return SYSTEM;
        }
        return runtime != null && !runtime.isEmpty()
                ? Path.of(runtime, "tier6")
                : Path.of(System.getProperty("java.io.tmpdir"), "tier6-run-" + user);
    }

    /** The name of the node of a socket. */
    public static String name(Path socket) {
        return socket.getParent().getFileName().toString();
    }

    /** The sockets that this user can see, those of its own first, in the order of names. Some may be left from the dead. */
    public static List<Path> sockets() {
        List<Path> found = new ArrayList<>(in(base()));
        if (!base().equals(SYSTEM)) {
            found.addAll(in(SYSTEM));
        }
        return found;
    }

    private static List<Path> in(Path base) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> nodes = Files.newDirectoryStream(base)) {
            for (Path node : nodes) {
                Path socket = node.resolve(SOCKET);
                if (Files.exists(socket)) {
                    found.add(socket);
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        found.sort(null);
        return found;
    }

    /**
     * Connects to a node.
     *
     * @throws IOException if none is there, or this user must not
     */
    public static SocketChannel connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether a node answers there. */
    public static boolean isAlive(Path socket) {
        try (SocketChannel channel = connect(socket)) {
            return channel.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
