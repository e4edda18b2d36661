package tier6.cathedral;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tier6.sanctum.ambry.FlockDirectory;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;
import tier6.sanctum.kdf.Flocks;

/**
 * What a cathedral knows of a device, in its secret directory: the cathedral secret and the public half of the signing key.
 * Programs do not agree whether the name of a flock's directory has leading zeroes; where it matters there are both
 * (specification section 15.2).
 *
 * @param secretDirectory the cathedral's
 * @param flock the flock, with or without domain
 * @param csId number of the device
 */
public record CathedralRecord(Path secretDirectory, long flock, int csId) {

    public List<Path> directories() {
        long id = Flocks.mask(flock);
        return Stream.of(Long.toHexString(id), FlockDirectory.name(id))
                .distinct()
                .map(name -> secretDirectory.resolve("flock-" + name))
                .toList();
    }

    private Path cs(Path directory) {
        return directory.resolve(Device.name(csId) + ".key");
    }

    private Path cosk(Path directory) {
        return directory.resolve(Device.name(csId) + ".pub");
    }

    public List<Path> files() {
        return directories().stream().flatMap(d -> Stream.of(cs(d), cosk(d))).toList();
    }

    /** The cathedral secret; empty if there is none. The caller clears it. */
    public Optional<byte[]> secret() throws IOException {
        return KeyFiles.readSecretIfThere(cs(directories().get(0)), Identity.SECRET_SIZE);
    }

    /** The files that are there and hold something else than these keys. */
    public List<Path> contradicting(byte[] cs, byte[] publicKey) throws IOException {
        List<Path> different = new ArrayList<>();
        for (Path directory : directories()) {
            addIfDifferent(cs(directory), cs, Identity.SECRET_SIZE, different);
            addIfDifferent(cosk(directory), publicKey, Ed25519.PUBLIC_SIZE, different);
        }
        return different;
    }

    private static void addIfDifferent(Path file, byte[] key, int size, List<Path> different) throws IOException {
        if (Files.exists(file)) {
            byte[] there = KeyFiles.readSecret(file, size);
            if (!Secrets.equal(there, key)) {
                different.add(file);
            }
            Secrets.clear(there);
        }
    }

    /** Writes all of them. */
    public void write(byte[] cs, byte[] publicKey) throws IOException {
        for (Path directory : directories()) {
            KeyFiles.makePrivate(directory);
            KeyFiles.writeSecret(cs(directory), cs);
            KeyFiles.writePublic(cosk(directory), publicKey);
        }
    }
}
