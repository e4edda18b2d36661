package tier6.launcher.keys;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tier6.launcher.command.Command;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.ambry.DerivedKeks;
import tier6.sanctum.ambry.FlockDirectory;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;
import tier6.sanctum.file.RemembranceFile;
import tier6.sanctum.file.Vicar;

/**
 * Says what a file of specification section 15 is, from its size, its structure, its name and where it lies. Of secrets it says
 * that they are there; a fingerprint it makes of public parts only, because that of a secret would let others recognise it.
 */
final class Show {
    static final Command<Surroundings> COMMAND = new Command<>(
            "keys show", "FILE", """
            Says what a file of keys is, without showing a secret: KEK, cathedral secret, signing
            key, ambry bundle, vicar file, remembrance, or the directory of a flock. For another
            directory it says so of each file in it.

              FILE       a file or directory
            """, (arguments, here) -> new Show(here).show(here.path(arguments.text("FILE"))));

    private static final Pattern KEK = Pattern.compile("kek-0x([0-9a-f]{2})");
    private static final Pattern CS = Pattern.compile("id-([0-9a-f]{8})");
    private static final Pattern COSK = Pattern.compile("cosk-([0-9a-f]{8})");
    private static final Pattern COSK_PUBLIC = Pattern.compile("cosk-pub-([0-9a-f]{8})");
    private static final Pattern CATHEDRAL_RECORD = Pattern.compile("([0-9a-f]{8})\\.(key|pub)");
    private static final Pattern CATHEDRAL_FLOCK = Pattern.compile("flock-([0-9a-f]{1,16})");
    private static final Pattern FLOCK = Pattern.compile("[0-9a-f]{16}");

    private static final int REMEMBRANCE_OF_TIER6 = 260;
    private static final int REMEMBRANCE_OF_SANCTUM = 192;

    /** Sizes of bundles of C programs built with a cipher whose tags have 32 bytes. */
    private static final Set<Long> BUNDLES_OF_OTHER_BUILDS = Set.of(4_793_050L, 9_623_770L);

    private static final int FINGERPRINT_SIZE = 16;
    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Surroundings here;

    private Show(Surroundings here) {
        this.here = here;
    }

    private void show(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            if (!showFile(path)) {
                throw new IOException(
                        path + " has " + Files.size(path) + " bytes: no file of keys has this name or this size");
            }
        } else if (Files.isDirectory(path.resolve("kek-data"))) {
            showFlock(path);
        } else {
            showAll(path);
        }
    }

    private void showAll(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        boolean any = false;
        for (Path file : files) {
            any |= showFile(file);
        }
        if (!any) {
            throw new IOException(directory + " has no file of keys in it");
        }
    }

    private void showFlock(Path root) throws IOException {
        String name = root.toRealPath().getFileName().toString();
        FlockDirectory flock =
                new FlockDirectory(root, FLOCK.matcher(name).matches() ? Long.parseUnsignedLong(name, 16) : 0);
        here.tell("%s: directory of flock %s", root, name);
        tellKeks("KEKs", flock.keks());
        tellKeks("derived for its own bundles", root.resolve("internal"));
        for (String other : flock.exports()) {
            tellKeks(
                    "derived for bundles with flock " + other,
                    root.resolve("external").resolve(other));
        }
    }

    private void tellKeks(String what, Path directory) {
        long there = 0;
        for (int id = 1; id <= DerivedKeks.DEVICES; id++) {
            there += Files.isRegularFile(directory.resolve(Identity.kekName(id))) ? 1 : 0;
        }
        here.tell(
                "  %3d %s%s",
                there, what, there == DerivedKeks.DEVICES ? "" : ": " + DerivedKeks.DEVICES + " are needed");
    }

    /** Says what the file is; false if it is none of ours. */
    private boolean showFile(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file
                    + (Files.isSymbolicLink(file)
                            ? " is a symbolic link, which no program takes keys from"
                            : Files.exists(file) ? " is no regular file" : " does not exist"));
        }
        long size = Files.size(file);
        if (size == AmbryBundle.INTRA_SIZE || size == AmbryBundle.CROSS_SIZE) {
            here.tell("%s: ambry bundle", file);
            FlockCommands.explain(AmbryBundle.read(file), here);
        } else if (BUNDLES_OF_OTHER_BUILDS.contains(size)) {
            here.tell("%s: ambry bundle of C programs built with another cipher, of no use here", file);
        } else if (size == Vicar.FILE_SIZE) {
            here.tell("%s: vicar file, the keys of a device under a passphrase", file);
            here.tell("  'tier6 keys vicar read' takes them out");
        } else if (size == REMEMBRANCE_OF_TIER6 || size == REMEMBRANCE_OF_SANCTUM) {
            showRemembrance(file, size);
        } else {
            return showKey(file, size);
        }
        return true;
    }

    private void showRemembrance(Path file, long size) throws IOException {
        List<InetSocketAddress> cathedrals = RemembranceFile.read(file).cathedrals();
        here.tell("%s: remembrance of %s", file, size == REMEMBRANCE_OF_TIER6 ? "a node" : "sanctum");
        cathedrals.forEach(c -> here.tell("  cathedral    %s:%d", c.getAddress().getHostAddress(), c.getPort()));
    }

    private boolean showKey(Path file, long size) throws IOException {
        String name = file.getFileName().toString();
        Matcher kek = KEK.matcher(name);
        Matcher cs = CS.matcher(name);
        Matcher coskPublic = COSK_PUBLIC.matcher(name);
        Matcher record = CATHEDRAL_RECORD.matcher(name);
        Matcher cosk = COSK.matcher(name);
        if (kek.matches()) {
            secret(file, size, "KEK of device " + kek.group(1) + placeOfKek(file));
        } else if (cs.matches()) {
            secret(file, size, "cathedral secret of device " + cs.group(1));
        } else if (coskPublic.matches()) {
            publicKey(file, "public signing key of device " + coskPublic.group(1));
        } else if (record.matches() && record.group(2).equals("key")) {
            secret(file, size, "cathedral secret of device " + record.group(1) + flockOfRecord(file));
        } else if (record.matches()) {
            publicKey(file, "public signing key of device " + record.group(1) + flockOfRecord(file));
        } else if (cosk.matches() || size == Ed25519.SECRET_SIZE) {
            signingKey(file, cosk.matches() ? " of device " + cosk.group(1) : "");
        } else if (size == Identity.SECRET_SIZE) {
            secret(file, size, "32 bytes, a shared secret, a sync secret or any other key by its size");
        } else {
            return false;
        }
        return true;
    }

    private static String placeOfKek(Path file) throws IOException {
        Path directory = file.toRealPath().getParent();
        String place = name(directory);
        String parent = name(directory.getParent());
        if (place.equals("kek-data") && FLOCK.matcher(parent).matches()) {
            return " in flock " + parent;
        }
        if (place.equals("internal") && FLOCK.matcher(parent).matches()) {
            return ", derived for bundles of flock " + parent;
        }
        if (parent.equals("external") && FLOCK.matcher(place).matches()) {
            return ", derived for bundles with flock " + place;
        }
        return "";
    }

    private static String flockOfRecord(Path file) throws IOException {
        Matcher flock = CATHEDRAL_FLOCK.matcher(name(file.toRealPath().getParent()));
        return flock.matches() ? " in flock " + FlockDirectory.name(Long.parseUnsignedLong(flock.group(1), 16)) : "";
    }

    private static String name(Path path) {
        return path == null || path.getFileName() == null
                ? ""
                : path.getFileName().toString();
    }

    private void secret(Path file, long size, String what) throws IOException {
        checkSize(file, size, Identity.SECRET_SIZE);
        here.tell("%s: %s, secret", file, what);
        if (size > Identity.SECRET_SIZE) {
            here.tell("  longer than a key: programs read the first %d of its %d bytes", Identity.SECRET_SIZE, size);
        }
        tellMode(file);
    }

    private void publicKey(Path file, String what) throws IOException {
        byte[] key = KeyFiles.readSecret(file, Ed25519.PUBLIC_SIZE);
        here.tell("%s: %s", file, what);
        tellFingerprint(key);
    }

    private void signingKey(Path file, String whose) throws IOException {
        checkSize(file, Files.size(file), Ed25519.SECRET_SIZE);
        byte[] secret = KeyFiles.readSecret(file, Ed25519.SECRET_SIZE);
        byte[] seed = Arrays.copyOf(secret, Ed25519.SECRET_SIZE - Ed25519.PUBLIC_SIZE);
        byte[] right = Ed25519.ofSeed(seed);
        try {
            if (!Secrets.equal(secret, right)) {
                throw new IOException(file + " is no signing key: its two halves do not belong together");
            }
            here.tell("%s: signing key%s, secret", file, whose);
            tellFingerprint(Ed25519.publicKey(secret));
            tellMode(file);
        } finally {
            Secrets.clear(secret, seed, right);
        }
    }

    private static void checkSize(Path file, long size, int needed) throws IOException {
        if (size < needed) {
            throw new IOException(file + " has " + size + " bytes and should have " + needed + ": it is damaged");
        }
    }

    private void tellFingerprint(byte[] publicKey) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA3-256").digest(publicKey);
            here.tell("  fingerprint  %s", HexFormat.of().formatHex(digest, 0, FINGERPRINT_SIZE));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA3-256", e);
        }
    }

    private void tellMode(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null) {
            Set<PosixFilePermission> mode = view.readAttributes().permissions();
            here.tell(
                    "  mode         %s%s",
                    PosixFilePermissions.toString(mode),
                    OWNERS.containsAll(mode) ? "" : ", which is too much: chmod go= " + file);
        }
    }
}
