package tier6.launcher.keys;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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

/** Makes what a single device needs (specification section 15.1). */
final class DeviceCommands {
    /** The directory in a device's that is for the cathedral. */
    private static final String FOR_CATHEDRAL = "cathedral";

    static final List<Command<Surroundings>> ALL = List.of(
            new Command<>("keys cosk", "PRIVATE PUBLIC [--force]", """
                    Makes a pair of signing keys (COSK): 64 bytes for the device, 32 bytes for the
                    cathedral.

                      PRIVATE    file of the private key
                      PUBLIC     file of the public key
                      --force    replace files that are there
                    """, DeviceCommands::cosk),
            new Command<>("keys device", "FLOCK KEK-ID CS-ID DIR [--in DIR] [--force]", """
                    Makes the keys of a device: a new cathedral secret and signing key, and its KEK
                    out of FLOCK/kek-data.
                      DIR/id-CSID, cosk-CSID, cosk-pub-CSID, kek-0xNN   for the device
                      DIR/cathedral/flock-FLOCK/CSID.key, CSID.pub      for the cathedral's secretdir

                      FLOCK      the flock
                      KEK-ID     number of the device in the flock, hexadecimal, 01 to fe
                      CS-ID      number of the device at the cathedral, 8 hexadecimal digits
                      DIR        is made if it is not there
                      --in DIR   where the directories of flocks are; the current directory unless given
                      --force    replace files that are there
                    """, DeviceCommands::device));

    private DeviceCommands() {}

    private static void cosk(Arguments arguments, Surroundings here) throws IOException {
        Path privateKey = here.path(arguments.text("PRIVATE"));
        Path publicKey = here.path(arguments.text("PUBLIC"));
        Outputs.checkInPlace(arguments.has("--force"), privateKey);
        Outputs.checkInPlace(arguments.has("--force"), publicKey);
        byte[] secret = Ed25519.generate(here.random());
        try {
            KeyFiles.writeSecret(privateKey, secret);
            KeyFiles.writePublic(publicKey, Ed25519.publicKey(secret));
        } finally {
            Secrets.clear(secret);
        }
        here.tell("made %s for the device and %s for the cathedral", privateKey, publicKey);
    }

    private static void device(Arguments arguments, Surroundings here) throws IOException, Unusable {
        long flock = arguments.flock("FLOCK");
        int kekId = arguments.kekId("KEK-ID", Identity.MAX_KEK_ID);
        int csId = arguments.csId("CS-ID");
        Path directory = here.path(arguments.text("DIR"));
        FlockDirectory keks = FlockDirectory.in(here.path(arguments.text("--in")), flock);
        DeviceSet set = new DeviceSet(directory, kekId, csId);
        CathedralRecord record = new CathedralRecord(directory.resolve(FOR_CATHEDRAL), flock, csId);
        Outputs.check(
                arguments.has("--force"),
                Stream.concat(set.all().stream(), record.files().stream()).toList());

        byte[] kek = keks.readKek(kekId);
        byte[] cs = here.random().bytes(Identity.SECRET_SIZE);
        try (Identity identity = new Identity(flock, kekId, csId, cs, Ed25519.generate(here.random()), kek)) {
            KeyFiles.makePrivate(directory);
            identity.write(directory);
            KeyFiles.makePrivate(record.secretDirectory());
            record.write(identity.cs(), Ed25519.publicKey(identity.cosk()));
        }
        here.tell("made device %s, number %02x of flock %s", DeviceSet.name(csId), kekId, FlockDirectory.name(flock));
        set.explain(here, flock, "ADDRESS:PORT");
        here.tell("at the cathedral: copy into its secretdir");
        record.directories().forEach(d -> here.tell("  %s", d));
        here.tell("and say in its settings, in the block of the flock");
        here.tell("  %s", SettingsFile.allow(csId, kekId, 0));
    }
}
