package tier6.launcher.reliquary;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tier6.discovery.reliquary.Hex;
import tier6.discovery.reliquary.Membership;
import tier6.discovery.reliquary.NewDevice;
import tier6.discovery.reliquary.ReliquaryClient;
import tier6.discovery.reliquary.ReliquaryDirectory;
import tier6.discovery.reliquary.ReliquaryException;
import tier6.launcher.command.Arguments;
import tier6.launcher.command.Command;
import tier6.launcher.command.Unusable;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;

/** What a device does to become one of a flock. None of it needs an account. */
final class DeviceCommands {
    static final List<Command<Desk>> ALL = List.of(
            new Command<>("reliquary flock join", "FLOCK [DIR]", """
                    Makes this device one of a flock: makes its signing key, tells the Reliquary the public
                    half, and keeps what it is given. Then the owner of the flock must approve it.

                      FLOCK   16 hexadecimal digits, from the owner of the flock: whether they are right
                              shows when he looks for the device, the Reliquary does not tell
                      DIR     put the directory of the flock there, not into that of the Reliquary
                    """, DeviceCommands::join),
            new Command<>("reliquary kek install", "FLOCK KEK-ID FILE", """
                    Keeps the KEK that the owner of the flock handed over.

                      FLOCK   the flock
                      KEK-ID  number of this device, as the owner named it
                      FILE    the KEK, 32 bytes; it may be deleted afterwards
                    """, DeviceCommands::install));

    private DeviceCommands() {}

    private static void join(Arguments arguments, Desk here) throws IOException, Unusable {
        long flock = arguments.flock("FLOCK");
        ReliquaryDirectory directory =
                arguments.has("DIR") ? new ReliquaryDirectory(here.path(arguments.text("DIR"))) : here.directory();
        Membership membership = directory.membership(flock);
        if (membership.isJoined()) {
            throw new ReliquaryException("this device is %s in flock %s already: to join anew, move %s away first"
                    .formatted(
                            membership.csId().map(Hex::device).orElse("unnamed"),
                            Hex.flock(flock),
                            membership.directory()));
        }
        directory.make();
        byte[] cosk = Ed25519.generate(here.random());
        try (ReliquaryClient client = here.client()) {
            NewDevice device = client.join(flock, Ed25519.publicKey(cosk));
            membership.join(device, cosk);
            Secrets.clear(device.cs());
            here.tell("this device is %s in flock %s", Hex.device(device.csId()), Hex.flock(flock));
            here.tell("  tell the owner of the flock, who runs");
            here.tell("  tier6 reliquary device approve %s %s", Hex.flock(flock), Hex.device(device.csId()));
        } finally {
            Secrets.clear(cosk);
        }
    }

    private static void install(Arguments arguments, Desk here) throws IOException, Unusable {
        long flock = arguments.flock("FLOCK");
        int kekId = arguments.kekId("KEK-ID", Identity.MAX_KEK_ID);
        Path file = here.path(arguments.text("FILE"));
        Membership membership = here.directory().membership(flock);
        if (!membership.isJoined()) {
            throw new ReliquaryException("this device did not join flock " + Hex.flock(flock)
                    + ": run 'tier6 reliquary flock join " + Hex.flock(flock) + "' first");
        }
        if (membership.kekId().isPresent()) {
            throw new ReliquaryException("this device has KEK %s of flock %s already: to replace it, move %s away first"
                    .formatted(
                            Hex.kekId(membership.kekId().get()),
                            Hex.flock(flock),
                            membership.directory().resolve("device_kek")));
        }
        byte[] kek = KeyFiles.readSized(file, Identity.SECRET_SIZE);
        try {
            membership.installKek(kekId, kek);
        } finally {
            Secrets.clear(kek);
        }
        here.tell("kept KEK %s in %s; delete %s", Hex.kekId(kekId), membership.directory(), file);
        here.tell("  in tier6.conf these lines stand for cathedral, ids and keys:");
        here.tell("  flock %s", Hex.flock(flock));
        here.tell("  reliquary %s", here.directory().path().toAbsolutePath());
    }
}
