package tier6.sanctum.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.kdf.Flocks;

/**
 * Who a device is: its place in a flock and the secrets that prove it. The arrays are the identity's own; they are zero after
 * {@link #close}.
 *
 * @param flock the flock with its domain
 * @param kekId number of the device in the flock, 1..254
 * @param csId number of the device at the cathedral
 * @param cs cathedral secret, 32 bytes
 * @param cosk signing key, 64 bytes
 * @param kek key-encryption key, 32 bytes, or empty if the device has none
 */
public record Identity(long flock, int kekId, int csId, byte[] cs, byte[] cosk, byte[] kek) implements AutoCloseable {

    /** Bytes of a cathedral secret, a KEK, a shared secret and a sync secret. */
    public static final int SECRET_SIZE = 32;

    /** The highest kek-id that the protocol can use (specification section 14.3). */
    public static final int MAX_KEK_ID = 254;

    public Identity {
        if (kekId < 1 || kekId > MAX_KEK_ID) {
            throw new IllegalArgumentException("a kek-id is 1.." + MAX_KEK_ID + ", not " + kekId);
        }
        Secrets.ofSize(cs, SECRET_SIZE, "a cathedral secret");
        Secrets.ofSize(cosk, Ed25519.SECRET_SIZE, "a signing key");
        if (kek.length != 0) {
            Secrets.ofSize(kek, SECRET_SIZE, "a KEK");
        }
    }

    /**
     * Reads the key files of a device.
     *
     * @param kekPath null if the device has no KEK
     * @throws IOException naming the file that cannot be used
     */
    public static Identity load(long flock, int kekId, int csId, Path csPath, Path coskPath, Path kekPath)
            throws IOException {
        byte[] cs = KeyFiles.readSecret(csPath, SECRET_SIZE);
        byte[] cosk = KeyFiles.readSecret(coskPath, Ed25519.SECRET_SIZE);
        byte[] kek = kekPath == null ? new byte[0] : KeyFiles.readSecret(kekPath, SECRET_SIZE);
        return new Identity(flock, kekId, csId, cs, cosk, kek);
    }

    /** Reads a device's directory, as {@link #write} makes it. */
    public static Identity load(long flock, int kekId, int csId, Path directory) throws IOException {
        return load(
                flock,
                kekId,
                csId,
                directory.resolve(csName(csId)),
                directory.resolve(coskName(csId)),
                directory.resolve(kekName(kekId)));
    }

    /** Writes the device's key files into a directory under their usual names (specification section 15.1). */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        KeyFiles.writeSecret(directory.resolve(csName(csId)), cs);
        KeyFiles.writeSecret(directory.resolve(coskName(csId)), cosk);
        KeyFiles.writePublic(directory.resolve("cosk-pub-" + hex8(csId)), Ed25519.publicKey(cosk));
        if (kek.length != 0) {
            KeyFiles.writeSecret(directory.resolve(kekName(kekId)), kek);
        }
    }

    /**
     * Writes what a cathedral must know of the device into its secret directory. Programs do not agree whether a flock's
     * directory name has leading zeroes; where it matters both are made (specification section 15.2).
     */
    public void writeForCathedral(Path secretDirectory) throws IOException {
        long id = Flocks.mask(flock);
        writeRecord(secretDirectory.resolve("flock-" + Long.toHexString(id)));
        writeRecord(secretDirectory.resolve("flock-" + String.format("%016x", id)));
    }

    private void writeRecord(Path directory) throws IOException {
        Files.createDirectories(directory);
        KeyFiles.writeSecret(directory.resolve(hex8(csId) + ".key"), cs);
        KeyFiles.writePublic(directory.resolve(hex8(csId) + ".pub"), Ed25519.publicKey(cosk));
    }

    /** Whether the device can unwrap ambries. */
    public boolean hasKek() {
        return kek.length != 0;
    }

    /** Clears the secrets. */
    @Override
    public void close() {
        Secrets.clear(cs, cosk, kek);
    }

    /** Says who, and no secret. */
    @Override
    public String toString() {
        return "Identity[flock=" + String.format("%016x", flock) + ", kek-id=" + kekId + ", cs-id=" + hex8(csId) + "]";
    }

    /** File name of a cathedral secret. */
    public static String csName(int csId) {
        return "id-" + hex8(csId);
    }

    /** File name of a signing key. */
    public static String coskName(int csId) {
        return "cosk-" + hex8(csId);
    }

    /** File name of a KEK. */
    public static String kekName(int kekId) {
        return String.format("kek-0x%02x", kekId);
    }

    private static String hex8(int id) {
        return String.format("%08x", id);
    }
}
