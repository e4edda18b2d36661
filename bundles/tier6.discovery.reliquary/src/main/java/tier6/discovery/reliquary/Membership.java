package tier6.discovery.reliquary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;

/**
 * What a device is in one flock: the files of its subdirectory (specification section 15.5). Blocks on the file system.
 *
 * @param directory where they are
 * @param flock the flock
 */
public record Membership(Path directory, long flock) {
    private static final String CATHEDRAL_ID = "cathedral_id";
    private static final String DEVICE_KEK = "device_kek";

    /** Whether the device has joined. */
    public boolean isJoined() {
        return Files.isRegularFile(directory.resolve(CATHEDRAL_ID));
    }

    /** The number of the device at the cathedrals; nothing before it joined. */
    public Optional<Integer> csId() throws IOException {
        return number(CATHEDRAL_ID, Hex.DEVICE);
    }

    /** The number of the device in the flock; nothing before its KEK was installed. */
    public Optional<Integer> kekId() throws IOException {
        return number(DEVICE_KEK, Hex.KEK_ID);
    }

    private Optional<Integer> number(String name, String format) throws IOException {
        Optional<String> line = ReliquaryDirectory.line(directory.resolve(name));
        if (line.isPresent() && !line.get().matches(format)) {
            throw new ReliquaryException(directory.resolve(name) + " holds no hexadecimal number of that length: "
                    + "write it as the Reliquary named it");
        }
        return line.map(digits -> Integer.parseUnsignedInt(digits, 16));
    }

    /** File of the cathedral secret. */
    public Path cs(int csId) {
        return directory.resolve(Identity.csName(csId));
    }

    /** File of the signing key. */
    public Path cosk(int csId) {
        return directory.resolve(Identity.coskName(csId));
    }

    /** File of the KEK. */
    public Path kek(int kekId) {
        return directory.resolve(Identity.kekName(kekId));
    }

    /**
     * Keeps what the device was given when it joined. The file that says that it did comes last.
     *
     * @param cosk its signing key, 64 bytes
     */
    public void join(NewDevice device, byte[] cosk) throws IOException {
        ReliquaryDirectory.makePrivate(directory);
        KeyFiles.writeSecret(cs(device.csId()), device.cs());
        KeyFiles.writeSecret(cosk(device.csId()), cosk);
        KeyFiles.writePublic(directory.resolve("cosk-pub-" + Hex.device(device.csId())), Ed25519.publicKey(cosk));
        KeyFiles.writePublic(directory.resolve(CATHEDRAL_ID), ReliquaryDirectory.text(Hex.device(device.csId())));
    }

    /**
     * Keeps the KEK that the flock's owner handed over. The file that says so comes last.
     *
     * @param kek 32 bytes
     */
    public void installKek(int kekId, byte[] kek) throws IOException {
        KeyFiles.writeSecret(kek(kekId), kek);
        KeyFiles.writePublic(directory.resolve(DEVICE_KEK), ReliquaryDirectory.text(Hex.kekId(kekId)));
    }
}
