package tier6.control.internal;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import tier6.control.Places;

/** A listening Unix domain socket in a directory that only its owner may write: who can reach it is up to the system. */
final class Door implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OWNER_SOCKET = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> GROUP_DIRECTORY = PosixFilePermissions.fromString("rwxr-x---");
    private static final Set<PosixFilePermission> GROUP_SOCKET = PosixFilePermissions.fromString("rw-rw----");
    private static final int BACKLOG = 16;

    private final Path socket;
    private final String owner;
    private final ServerSocketChannel channel;

    private Door(Path socket, String owner, ServerSocketChannel channel) {
        this.socket = socket;
        this.owner = owner;
        this.channel = channel;
    }

    /**
     * Opens the socket; one that a dead process left is replaced.
     *
     * @param socket its directory is made if it is not there
     * @param group who may use it besides the owner and root; empty: nobody
     * @throws IOException if others may write to the directory, or another node answers there
     */
    static Door open(Path socket, String group) throws IOException {
        Path directory = socket.toAbsolutePath().getParent();
        Files.createDirectories(directory.getParent());
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_DIRECTORY));
        }
        String owner = ownerOfSafe(directory);
        if (Places.isAlive(socket)) {
            throw new IOException("another node answers at " + socket
                    + "; name another place for this one: socket=PATH in etc/tier6.control.cfg");
        }
        Files.deleteIfExists(socket);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            Files.setPosixFilePermissions(directory, OWNER_DIRECTORY);
            channel.bind(UnixDomainSocketAddress.of(socket), BACKLOG);
            // Until here the directory keeps everybody out, whatever the umask made of the socket.
            Files.setPosixFilePermissions(socket, OWNER_SOCKET);
            if (!group.isEmpty()) {
                admit(group, socket, GROUP_SOCKET);
                admit(group, directory, GROUP_DIRECTORY);
            }
            return new Door(socket, owner, channel);
        } catch (IOException | UnsupportedOperationException e) {
            channel.close();
            throw e;
        }
    }

    private static void admit(String group, Path path, Set<PosixFilePermission> permissions) throws IOException {
        GroupPrincipal principal =
                path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group);
        Files.getFileAttributeView(path, PosixFileAttributeView.class).setGroup(principal);
        Files.setPosixFilePermissions(path, permissions);
    }

    private static String ownerOfSafe(Path directory) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> permissions = attributes.permissions();
        if (!attributes.isDirectory()
                || permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(directory
                    + " is no directory that only its owner may write, so that others could put a socket of theirs there:"
                    + " chmod 700 it, or name another place with socket=PATH in etc/tier6.control.cfg");
        }
        return attributes.owner().getName();
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Whether a client is the owner of the directory or root, and may do anything, not only what scope tier6 offers. */
    boolean mayUseAll(SocketChannel client) throws IOException {
        String user = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        return user.equals("root") || user.equals(owner);
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(socket);
        try {
            Files.deleteIfExists(socket.toAbsolutePath().getParent());
        } catch (IOException e) {
            // It is not empty, or it is in a directory that this user must not change.
        }
    }
}
