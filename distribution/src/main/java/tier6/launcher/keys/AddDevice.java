package tier6.launcher.keys;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.stream.Stream;
import tier6.cathedral.CathedralConf;
import tier6.cathedral.CathedralRecord;
import tier6.cathedral.SettingsFile;
import tier6.launcher.command.Arguments;
import tier6.launcher.command.Command;
import tier6.launcher.command.Unusable;
import tier6.sanctum.ambry.FlockDirectory;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;

/**
 * Admits a device to a cathedral: its keys into the secret directory, then its line into the settings. Keys that are there
 * already are taken, so that a command that was interrupted can be given again.
 */
final class AddDevice {
    static final Command<Surroundings> COMMAND = new Command<>(
            "cathedral add-device",
            "CATHEDRAL.CONF --flock FLOCK --kek-id N --cs-id ID --out DIR [--bandwidth M] [--in DIR] [--force]",
            """
            Admits a device to a cathedral, which notices it within seconds. Writes what the device
            needs to DIR, what the cathedral needs to its secretdir, and a line to its settings.

            Keys that are in DIR already are taken; others are made. A device that made its own
            sends id-CSID and cosk-pub-CSID, and keeps cosk-CSID.

              CATHEDRAL.CONF   the configuration file of the cathedral
              --flock FLOCK    16 hexadecimal digits; its block in the settings is made if missing
              --kek-id N       number of the device in the flock, hexadecimal, 01 to fe
              --cs-id ID       number of the device at the cathedral, 8 hexadecimal digits
              --out DIR        the keys of the device; is made if it is not there
              --bandwidth M    Mbit/s that are relayed for it; without it there is no limit
              --in DIR         where FLOCK/kek-data is, if it is on this host; the current directory
                               unless given
              --force          replace other keys of this device in secretdir
            """,
            (arguments, here) -> new AddDevice(arguments, here).run());

    private static final long MOST_MBITS = 0xffff_ffffL;

    private final Arguments arguments;
    private final Surroundings here;
    private final long flock;
    private final int kekId;
    private final int csId;
    private final long mbits;
    private final DeviceSet set;

    private AddDevice(Arguments arguments, Surroundings here) throws Unusable {
        this.arguments = arguments;
        this.here = here;
        flock = arguments.flock("--flock");
        kekId = arguments.kekId("--kek-id", Identity.MAX_KEK_ID);
        csId = arguments.csId("--cs-id");
        mbits = arguments.number("--bandwidth", 0, MOST_MBITS, 0);
        set = new DeviceSet(here.path(arguments.text("--out")), kekId, csId);
    }

    private void run() throws IOException {
        CathedralConf conf = configuration(here.path(arguments.text("CATHEDRAL.CONF")));
        SettingsFile settings = SettingsFile.read(conf.settings());
        settings.checkFree(flock, csId, kekId);
        boolean newFlock = !settings.knows(flock);

        CathedralRecord record = new CathedralRecord(conf.secretDirectory(), flock, csId);
        byte[] cs = existing(set.cs(), Identity.SECRET_SIZE);
        byte[] cosk = existing(set.cosk(), Ed25519.SECRET_SIZE);
        byte[] publicKey = existing(set.coskPublic(), Ed25519.PUBLIC_SIZE);
        byte[] kek = kek();
        try {
            boolean madeCs = cs == null;
            boolean madeCosk = cosk == null && publicKey == null;
            cs = madeCs ? here.random().bytes(Identity.SECRET_SIZE) : cs;
            cosk = madeCosk ? Ed25519.generate(here.random()) : cosk;
            publicKey = publicKey(cosk, publicKey);
            checkRecord(record, cs, publicKey);

            KeyFiles.makePrivate(set.directory());
            if (madeCs) {
                KeyFiles.writeSecret(set.cs(), cs);
            }
            if (madeCosk) {
                KeyFiles.writeSecret(set.cosk(), cosk);
            }
            if (!Files.exists(set.coskPublic())) {
                KeyFiles.writePublic(set.coskPublic(), publicKey);
            }
            if (kek != null && !Files.exists(set.kek())) {
                KeyFiles.writeSecret(set.kek(), kek);
            }
            record.write(cs, publicKey);
        } finally {
            Secrets.clear(cs, cosk, kek);
        }
        giveToCathedral(conf, record);
        settings.replace(settings.allowing(flock, csId, kekId, mbits));
        explain(conf, newFlock, kek != null);
    }

    private static CathedralConf configuration(Path file) throws IOException {
        try {
            return CathedralConf.read(file);
        } catch (CathedralConf.Faulty e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static byte[] existing(Path file, int size) throws IOException {
        return Files.exists(file) ? KeyFiles.readSecret(file, size) : null;
    }

    /** The device's KEK: what it has, else what the owner of the flock has for it, else null. */
    private byte[] kek() throws IOException {
        FlockDirectory owners = FlockDirectory.in(here.path(arguments.text("--in")), flock);
        byte[] own = existing(set.kek(), Identity.SECRET_SIZE);
        return own == null ? existing(owners.kek(kekId), Identity.SECRET_SIZE) : own;
    }

    private byte[] publicKey(byte[] cosk, byte[] known) throws IOException {
        if (cosk == null) {
            return known;
        }
        byte[] publicKey = Ed25519.publicKey(cosk);
        if (known != null && !Secrets.equal(known, publicKey)) {
            throw new IOException(
                    set.coskPublic() + " is not the public half of " + set.cosk() + ": remove the one that is wrong");
        }
        return publicKey;
    }

    private void checkRecord(CathedralRecord record, byte[] cs, byte[] publicKey) throws IOException {
        List<Path> different = record.contradicting(cs, publicKey);
        if (!different.isEmpty() && !arguments.has("--force")) {
            throw new IOException(different.get(0) + " exists already and is another key: take another cs-id,"
                    + " or shut out whoever has it with --force");
        }
    }

    /** The cathedral reads these files as the user that it runs as. */
    private void giveToCathedral(CathedralConf conf, CathedralRecord record) throws IOException {
        Path home = conf.secretDirectory();
        UserPrincipal user;
        try {
            user = conf.user().isPresent()
                    ? home.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByName(conf.user().get())
                    : Files.getOwner(home);
        } catch (UserPrincipalNotFoundException e) {
            here.err().println("warning: the cathedral shall run as " + e.getName() + ", but there is no such user");
            return;
        } catch (UnsupportedOperationException e) {
            return;
        }
        for (Path path : Stream.concat(record.directories().stream(), record.files().stream())
                .toList()) {
            if (!Files.getOwner(path).equals(user)) {
                try {
                    Files.setOwner(path, user);
                } catch (FileSystemException e) {
                    here.err()
                            .println("warning: " + path + " must belong to " + user.getName()
                                    + ", who the cathedral runs as: chown " + user.getName() + " " + path);
                }
            }
        }
    }

    private void explain(CathedralConf conf, boolean newFlock, boolean hasKek) {
        InetSocketAddress announced = conf.announced();
        here.tell(
                "admitted device %s, number %02x of flock %s, to the cathedral of %s",
                DeviceSet.name(csId), kekId, FlockDirectory.name(flock), arguments.text("CATHEDRAL.CONF"));
        if (newFlock) {
            here.tell("  the flock is new there: make a bundle for it ('tier6 keys bundle'), and put a line");
            here.tell("  'ambry PATH' into its block in %s", conf.settings());
        }
        set.explain(here, flock, announced.getAddress().getHostAddress() + ":" + announced.getPort());
        if (!hasKek) {
            here.tell(
                    "  %s comes from the owner of the flock: kek-data/%s",
                    set.kek().getFileName(), set.kek().getFileName());
        }
    }
}
