package tier6.sanctum.ambry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;
import tier6.sanctum.kdf.Flocks;

/**
 * The KEKs of a flock's devices, each derived for a pair of flocks: what the maker of a bundle needs. Closing it clears them.
 */
public final class DerivedKeks implements AutoCloseable {

    /** Devices that a bundle has room for; kek-ids are 1 to this. */
    public static final int DEVICES = 255;

    private final long flock;
    private final byte[][] keys = new byte[1 + DEVICES][];

    private DerivedKeks(long flock) {
        this.flock = Flocks.mask(flock);
    }

    /**
     * Derives them from the KEKs themselves.
     *
     * @param keks indexed by kek-id, 256 of them, the first unused
     * @param own the flock of these devices
     * @param peer the other flock, or the same
     */
    public static DerivedKeks of(byte[][] keks, long own, long peer) {
        DerivedKeks derived = new DerivedKeks(own);
        for (int id = 1; id <= DEVICES; id++) {
            derived.keys[id] = Ambry.derive(keks[id], own, peer);
        }
        return derived;
    }

    /**
     * Reads what {@link #write} wrote. Which pair of flocks the files are for is not in them; whoever reads them knows it from
     * the name of the directory.
     *
     * @param own the flock of these devices
     * @throws IOException naming the file that cannot be used
     */
    public static DerivedKeks load(long own, Path directory) throws IOException {
        DerivedKeks derived = new DerivedKeks(own);
        try {
            for (int id = 1; id <= DEVICES; id++) {
                derived.keys[id] = KeyFiles.readSecret(directory.resolve(Identity.kekName(id)), Identity.SECRET_SIZE);
            }
            return derived;
        } catch (IOException e) {
            derived.close();
            throw e;
        }
    }

    /** Writes them into a directory, a file each. */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (int id = 1; id <= DEVICES; id++) {
            KeyFiles.writeSecret(directory.resolve(Identity.kekName(id)), keys[id]);
        }
    }

    /** The flock of these devices, without domain. */
    public long flock() {
        return flock;
    }

    byte[] key(int id) {
        return keys[id];
    }

    @Override
    public void close() {
        Secrets.clear(keys);
        Arrays.fill(keys, null);
    }
}
