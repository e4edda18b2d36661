package tier6.sanctum.ambry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;
import tier6.sanctum.kdf.Flocks;

/**
 * What the owner of a flock keeps, laid out as the {@code ambry} tool does (specification section 16):
 *
 * <pre>
 * FLOCK/kek-data/kek-0xNN          the KEKs, which devices get
 * FLOCK/internal/kek-0xNN          derived from them, for bundles of this flock
 * FLOCK/external/OTHER/kek-0xNN    derived from them, for bundles of this flock and another
 * </pre>
 *
 * Blocks on the file system.
 *
 * @param root the directory of the flock
 * @param id the flock without domain
 */
public record FlockDirectory(Path root, long id) {
    private static final int DIGITS_OF_NAME = 16;

    /** The flock's directory among those of others. */
    public static FlockDirectory in(Path parent, long flock) {
        long id = Flocks.mask(flock);
        return new FlockDirectory(parent.resolve(name(id)), id);
    }

    /** A flock as its directory is called. */
    public static String name(long id) {
        return String.format("%0" + DIGITS_OF_NAME + "x", id);
    }

    public Path keks() {
        return root.resolve("kek-data");
    }

    public Path kek(int kekId) {
        return keks().resolve(Identity.kekName(kekId));
    }

    /** What is derived for bundles with another flock, or with itself. */
    public Path derived(long other) {
        return Flocks.mask(other) == id ? root.resolve("internal") : external().resolve(name(Flocks.mask(other)));
    }

    private Path external() {
        return root.resolve("external");
    }

    /** Makes a flock with all its KEKs. Each of the three directories appears when it is complete. */
    public void create(RandomSource random) throws IOException {
        for (Path path : List.of(keks(), derived(id), external())) {
            if (Files.exists(path)) {
                throw new IOException(path + " exists already, and a flock is made once:"
                        + " 'tier6 keys renew-kek' replaces a single KEK; to begin anew move " + root + " away");
            }
        }
        KeyFiles.makePrivate(root);
        Path beside = Files.createTempDirectory(root, ".new");
        FlockDirectory made = new FlockDirectory(beside, id);
        try (Flock flock = Flock.generate(id, random);
                DerivedKeks internal = flock.derive(id)) {
            flock.write(KeyFiles.makePrivate(made.keks()));
            internal.write(KeyFiles.makePrivate(made.derived(id)));
            KeyFiles.makePrivate(made.external());
            Files.move(made.external(), external());
            Files.move(made.derived(id), derived(id));
            Files.move(made.keks(), keks());
        } finally {
            discard(beside);
        }
    }

    /** Replaces the KEK of a device, and what is derived from it for bundles of this flock. */
    public void renew(int kekId, RandomSource random) throws IOException {
        checkThere();
        byte[] kek = random.bytes(Identity.SECRET_SIZE);
        byte[] derived = Ambry.derive(kek, id, id);
        try {
            KeyFiles.writeSecret(kek(kekId), kek);
            KeyFiles.writeSecret(KeyFiles.makePrivate(derived(id)).resolve(Identity.kekName(kekId)), derived);
        } finally {
            Secrets.clear(kek, derived);
        }
    }

    /** The flocks that KEKs were exported for, as their directories are called. */
    public List<String> exports() throws IOException {
        if (!Files.isDirectory(external())) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(external())) {
            return all.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.matches("[0-9a-f]{" + DIGITS_OF_NAME + "}"))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Derives all KEKs for bundles with another flock. A new directory appears when it is complete.
     *
     * @param force whether to replace those of an export before
     * @return where they are
     */
    public Path export(long other, boolean force) throws IOException {
        checkThere();
        Path target = derived(other);
        boolean again = Files.exists(target);
        if (again && !force) {
            throw new IOException(target + " exists already: replace it with --force");
        }
        KeyFiles.makePrivate(external());
        try (Flock flock = Flock.load(id, keks());
                DerivedKeks derived = flock.derive(other)) {
            if (again) {
                derived.write(target);
                return target;
            }
            Path beside = Files.createTempDirectory(external(), ".new");
            try {
                derived.write(beside);
                Files.move(beside, target);
            } finally {
                discard(beside);
            }
        }
        return target;
    }

    /** Makes a bundle of this flock, or of this and another: a new shared secret for every pair of devices. */
    public AmbryBundle bundle(FlockDirectory other, int days, long nowSeconds, RandomSource random) throws IOException {
        try (DerivedKeks own = load(other);
                DerivedKeks others = other.load(this)) {
            return AmbryBundle.make(own, others, days, nowSeconds, random);
        }
    }

    private DerivedKeks load(FlockDirectory other) throws IOException {
        Path directory = derived(other.id);
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + " does not exist: "
                    + (other.id == id
                            ? "'tier6 keys create-flock " + name(id) + "' makes it"
                            : "the owner of flock " + name(id) + " makes it with 'tier6 keys export " + name(id) + " "
                                    + name(other.id) + "'"));
        }
        return DerivedKeks.load(id, directory);
    }

    /** The KEK of a device, the caller's to clear. */
    public byte[] readKek(int kekId) throws IOException {
        checkThere();
        return KeyFiles.readSecret(kek(kekId), Identity.SECRET_SIZE);
    }

    private void checkThere() throws IOException {
        if (!Files.isDirectory(keks())) {
            throw new IOException(keks() + " does not exist: make the flock with 'tier6 keys create-flock " + name(id)
                    + "', or say with --in where its directory is");
        }
    }

    /** Removes a directory and what is in it, as far as it can be removed. */
    private static void discard(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
