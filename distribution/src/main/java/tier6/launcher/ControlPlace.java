package tier6.launcher;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import tier6.control.Places;

/** The place of a node's control socket, made while this process still may, and given to the user whom it will become. */
final class ControlPlace {
    private static final Logger LOG = System.getLogger("tier6.launcher");

    private ControlPlace() {}

    /**
     * The path for the socket, its directory ready; empty, with a warning, if that is not possible.
     *
     * @param file the configuration file, which gives the node its name
     * @param user the user whom the process will become, or empty
     */
    static String prepare(Path file, String user) {
        try {
            String name = name(file);
            Path socket = Places.socket(name);
            if (Places.isAlive(socket)) {
                // Two files of the same name in different directories.
                socket = Places.socket(
                        name + "-" + Integer.toHexString(file.toRealPath().hashCode()));
            }
            Path directory = socket.getParent();
            make(directory.getParent(), "rwxr-xr-x");
            make(directory, "rwx------");
            if (!user.isEmpty() && System.getProperty("user.name").equals("root")) {
                Files.setOwner(
                        directory,
                        directory
                                .getFileSystem()
                                .getUserPrincipalLookupService()
                                .lookupPrincipalByName(user));
            }
            return socket.toString();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "no place for a control socket, so 'tier6 status' will not reach this node", e);
            return "";
        }
    }

    /** What the node of a configuration file is called. */
    static String name(Path file) {
        String name = file.getFileName().toString().replaceFirst("\\.conf$", "");
        return name.isEmpty() ? "tier6" : name;
    }

    /** Removes the directory of a node that does not run, if there is nothing in it. */
    static void discard(Path file) throws IOException {
        Path directory = Places.socket(name(file)).getParent();
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            // Another node of this name runs.
        }
    }

    private static void make(Path directory, String permissions) throws IOException {
        try {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
            // The umask may have taken some away.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }
}
