package tier6.admission;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tier6.cathedral.CathedralConf;
import tier6.cathedral.CathedralRecord;
import tier6.cathedral.SettingsFile;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.ambry.FlockDirectory;
import tier6.sanctum.file.KeyFiles;

/**
 * What the cathedral of a flock reads. It is in the directory of the flock, for a cathedral of its own; or it is of a cathedral
 * of this host that may have other flocks, too: then nothing of theirs is touched.
 *
 * @param flock id of the flock
 * @param settings file of flocks and devices
 * @param secretDirectory directory of the devices' keys
 * @param ambries file of the secrets between devices
 * @param user whom the cathedral runs as; empty: who keeps the flock
 */
record CathedralFiles(long flock, Path settings, Path secretDirectory, Path ambries, Optional<String> user) {
    private static final String SETTINGS = "settings", SECRETS = "secretdir", USER = "cathedral-user";
    private static final String HEADING = "# Kept by tier6: who is admitted.\n";

    /** Those of a flock that {@code conf} describes. */
    static CathedralFiles of(long flock, Fields conf, Path root) {
        if (conf.text(SETTINGS).isEmpty()) {
            return new CathedralFiles(
                    flock,
                    root.resolve("settings.conf"),
                    root.resolve("secretdir"),
                    root.resolve("ambry.bundle"),
                    Optional.empty());
        }
        Path settings = Path.of(conf.text(SETTINGS));
        return new CathedralFiles(
                flock,
                settings,
                Path.of(conf.text(SECRETS)),
                settings.resolveSibling(FlockDirectory.name(flock) + ".ambries"),
                Optional.of(conf.text(USER)));
    }

    /** Notes in {@code conf} that the flock has another cathedral than one of its own. */
    static void put(Fields conf, CathedralConf cathedral) throws IOException {
        String user = cathedral.user().isPresent()
                ? cathedral.user().get()
                : Files.getOwner(cathedral.secretDirectory()).getName();
        conf.put(SETTINGS, cathedral.settings().toRealPath())
                .put(SECRETS, cathedral.secretDirectory().toRealPath())
                .put(USER, user);
    }

    /** Brings the flock in, with nobody in it. */
    void found() throws IOException {
        if (user.isEmpty()) {
            KeyFiles.makePrivate(secretDirectory);
            KeyFiles.writeSecret(settings, HEADING.getBytes(StandardCharsets.US_ASCII));
        }
        SettingsFile file = SettingsFile.read(settings);
        // A path in a file of the flock's own begins at its directory, which can so be moved and restored.
        Path path = user.isEmpty() ? ambries.getFileName() : ambries;
        file.replace(file.with(flock, path.toString()));
    }

    /** Takes the flock out, and all that was written for it. */
    void dissolve(List<Integer> csIds) throws IOException {
        SettingsFile file = SettingsFile.read(settings);
        file.replace(file.without(flock));
        for (int csId : csIds) {
            delete(record(csId));
        }
        for (Path directory : record(0).directories()) {
            Files.deleteIfExists(directory);
        }
        Files.deleteIfExists(ambries);
    }

    private CathedralRecord record(int csId) {
        return new CathedralRecord(secretDirectory, flock, csId);
    }

    /** What a device and the cathedral know; empty if the cathedral does not know the device. The caller clears it. */
    Optional<byte[]> secret(int csId) throws IOException {
        return record(csId).secret();
    }

    /** Lets a device in. Once more does no harm. */
    void admit(int csId, int kekId, byte[] secret, byte[] cosk) throws IOException {
        record(csId).write(secret, cosk);
        give(record(csId));
        SettingsFile file = SettingsFile.read(settings);
        file.replace(SettingsFile.parse(settings, file.without(flock, csId)).allowing(flock, csId, kekId, 0));
    }

    /** Shuts a device out. */
    void remove(int csId) throws IOException {
        SettingsFile file = SettingsFile.read(settings);
        file.replace(file.without(flock, csId));
        delete(record(csId));
    }

    private static void delete(CathedralRecord record) throws IOException {
        for (Path file : record.files()) {
            Files.deleteIfExists(file);
        }
    }

    void write(AmbryBundle bundle) throws IOException {
        bundle.write(ambries);
    }

    /** The cathedral reads these files as the user that it runs as. */
    private void give(CathedralRecord record) throws IOException {
        if (user.isEmpty()) {
            return;
        }
        UserPrincipal owner = principal(user.get());
        for (Path path : Stream.concat(record.directories().stream(), record.files().stream())
                .toList()) {
            if (!Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
                Files.setOwner(path, owner);
            }
        }
    }

    private UserPrincipal principal(String name) throws IOException {
        try {
            return settings.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException("the cathedral runs as " + name + ", but there is no such user", e);
        }
    }

    /** Whether what has to be written here can be written by this user without being root. */
    boolean areOf(String name) throws IOException {
        return user.isEmpty()
                || user.get().equals(name)
                        && Files.getOwner(secretDirectory).getName().equals(name)
                        && Files.getOwner(settings.getParent()).getName().equals(name);
    }
}
