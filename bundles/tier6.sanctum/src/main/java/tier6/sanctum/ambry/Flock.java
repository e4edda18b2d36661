package tier6.sanctum.ambry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;

/**
 * The owner's side of a flock: the KEKs of all its devices, and what is made of them. Closing it clears the KEKs.
 */
public final class Flock implements AutoCloseable {

    private final long id;
    private final byte[][] keks = new byte[1 + DerivedKeks.DEVICES][];

    private Flock(long id) {
        this.id = id;
    }

    /** Makes a flock with a KEK for every device that it can ever have: 255 draws of 32 bytes. */
    public static Flock generate(long flock, RandomSource random) {
        Flock made = new Flock(flock);
        for (int kekId = 1; kekId <= DerivedKeks.DEVICES; kekId++) {
            made.keks[kekId] = random.bytes(Identity.SECRET_SIZE);
        }
        return made;
    }

    /** Reads the KEKs that {@link #write} wrote. */
    public static Flock load(long flock, Path directory) throws IOException {
        Flock loaded = new Flock(flock);
        for (int kekId = 1; kekId <= DerivedKeks.DEVICES; kekId++) {
            loaded.keks[kekId] = KeyFiles.readSecret(directory.resolve(Identity.kekName(kekId)), Identity.SECRET_SIZE);
        }
        return loaded;
    }

    /** Writes all KEKs into a directory, a file each. */
    public void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (int kekId = 1; kekId <= DerivedKeks.DEVICES; kekId++) {
            KeyFiles.writeSecret(directory.resolve(Identity.kekName(kekId)), keks[kekId]);
        }
    }

    /** Makes a device: its KEK of this flock, and a new cathedral secret and signing key (two draws of 32 bytes). */
    public Identity device(int kekId, int csId, RandomSource random) {
        byte[] cs = random.bytes(Identity.SECRET_SIZE);
        return new Identity(id, kekId, csId, cs, Ed25519.generate(random), kek(kekId));
    }

    /** A copy of a device's KEK, the caller's to clear. */
    public byte[] kek(int kekId) {
        return keks[kekId].clone();
    }

    /** Makes a bundle of new shared secrets for all pairs of devices. */
    public AmbryBundle bundle(int days, long nowSeconds, RandomSource random) {
        try (DerivedKeks derived = derive(id)) {
            return AmbryBundle.make(derived, days, nowSeconds, random);
        }
    }

    /** The KEKs derived for pairs with another flock, to be given to whoever makes the bundle of both. */
    public DerivedKeks derive(long peer) {
        return DerivedKeks.of(keks, id, peer);
    }

    /** The flock id as it was given. */
    public long id() {
        return id;
    }

    @Override
    public void close() {
        Secrets.clear(keks);
    }
}
