package tier6.launcher.reliquary;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import tier6.discovery.reliquary.Device;
import tier6.discovery.reliquary.Hex;
import tier6.discovery.reliquary.ReliquaryClient;
import tier6.discovery.reliquary.ReliquaryException;
import tier6.launcher.command.Arguments;
import tier6.launcher.command.Command;
import tier6.launcher.command.Unusable;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.file.Identity;
import tier6.sanctum.kdf.Flocks;

/** What the owner of flocks does. All of it needs an account. */
final class OwnerCommands {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);
    private static final String FLOCK = """

              FLOCK   16 hexadecimal digits, of which the last two are left out of account
            """;
    private static final String DEVICE = """
              DEVICE  8 hexadecimal digits, as 'flock join' showed them on the device
            """;

    static final List<Command<Desk>> ALL = List.of(
            new Command<>("reliquary flock create", "", """
                    Makes a flock and shows its name. Then make its keys with 'tier6 keys create-flock'.
                    """, (arguments, here) -> create(here)),
            new Command<>("reliquary flock list", "", """
                    Lists the flocks of the account.
                    """, (arguments, here) -> list(here)),
            new Command<>("reliquary flock delete", "FLOCK", """
                    Deletes a flock and all its devices, at once and for good.
                    """ + FLOCK, OwnerCommands::delete),
            new Command<>("reliquary device list", "FLOCK", """
                    Lists the devices that joined a flock: number, kek-id, when they joined.
                    """ + FLOCK, OwnerCommands::devices),
            new Command<>("reliquary device approve", "FLOCK DEVICE", """
                    Lets a device into a flock and shows which KEK to hand over to it.
                    """ + FLOCK + DEVICE, OwnerCommands::approve),
            new Command<>("reliquary device delete", "FLOCK DEVICE", """
                    Removes a device from a flock. Renew its KEK too, with 'tier6 keys renew-kek', and
                    upload a new bundle: what it knows does not go away by itself.
                    """ + FLOCK + DEVICE, OwnerCommands::deleteDevice),
            new Command<>("reliquary ambry upload", "FLOCK FILE", """
                    Gives the cathedrals a new ambry bundle, as 'tier6 keys bundle' makes it. Nobody there
                    can read it.
                    """ + FLOCK + """
                      FILE    the bundle
                    """, OwnerCommands::upload));

    private OwnerCommands() {}

    private static void create(Desk here) throws IOException {
        try (ReliquaryClient client = here.client()) {
            String flock = Hex.flock(client.createFlock());
            here.tell("made flock %s", flock);
            here.tell("  next: tier6 keys create-flock %s", flock);
            here.tell("        tier6 keys bundle %s --days 60 --out FILE", flock);
            here.tell("        tier6 reliquary ambry upload %s FILE", flock);
            here.tell("  and on each device: tier6 reliquary flock join %s", flock);
        }
    }

    private static void list(Desk here) throws IOException {
        try (ReliquaryClient client = here.client()) {
            client.flocks().forEach(flock -> here.tell("%s", Hex.flock(flock)));
        }
    }

    private static void delete(Arguments arguments, Desk here) throws IOException, Unusable {
        long flock = arguments.flock("FLOCK");
        try (ReliquaryClient client = here.client()) {
            client.deleteFlock(flock);
        }
        here.tell("deleted flock %s", Hex.flock(flock));
    }

    private static void devices(Arguments arguments, Desk here) throws IOException, Unusable {
        long flock = arguments.flock("FLOCK");
        List<Device> devices;
        try (ReliquaryClient client = here.client()) {
            devices = client.devices(flock);
        }
        if (devices.isEmpty()) {
            here.err().println("no device has joined flock " + Hex.flock(flock));
        }
        devices.stream().sorted(Comparator.comparing(Device::created)).forEach(device -> {
            String kek = device.approved() ? "kek " + Hex.kekId(device.kekId()) : "not approved";
            here.tell("%s  %-12s  joined %s", Hex.device(device.csId()), kek, DAY.format(device.created()));
        });
    }

    private static void approve(Arguments arguments, Desk here) throws IOException, Unusable {
        long flock = arguments.flock("FLOCK");
        int csId = arguments.csId("DEVICE");
        int kekId;
        try (ReliquaryClient client = here.client()) {
            kekId = client.approve(flock, csId);
        }
        String name = Hex.flock(flock);
        if (kekId > Identity.MAX_KEK_ID) {
            throw new ReliquaryException("device %s was given kek-id %s, which the protocol cannot use: delete devices"
                            .formatted(Hex.device(csId), Hex.kekId(kekId))
                    + " that are gone and this one, and let it join again");
        }
        here.tell("approved %s: its kek-id is %s", Hex.device(csId), Hex.kekId(kekId));
        here.tell("  hand over %s/kek-data/%s by a safe way, then run on the device:", name, Identity.kekName(kekId));
        here.tell("  tier6 reliquary kek install %s %s FILE", name, Hex.kekId(kekId));
    }

    private static void deleteDevice(Arguments arguments, Desk here) throws IOException, Unusable {
        long flock = arguments.flock("FLOCK");
        int csId = arguments.csId("DEVICE");
        try (ReliquaryClient client = here.client()) {
            client.deleteDevice(flock, csId);
        }
        here.tell("deleted %s from flock %s", Hex.device(csId), Hex.flock(flock));
        here.tell("  renew its KEK and upload a new bundle, so that its keys open nothing any more");
    }

    private static void upload(Arguments arguments, Desk here) throws IOException, Unusable {
        long flock = arguments.flock("FLOCK");
        Path file = here.path(arguments.text("FILE"));
        AmbryBundle bundle = AmbryBundle.read(file);
        check(bundle, file, flock, here);
        try (ReliquaryClient client = here.client()) {
            client.uploadAmbry(flock, bundle.toBytes());
        }
        here.tell("uploaded generation %08x of flock %s", bundle.generation(), Hex.flock(flock));
        here.tell("  devices get it within a minute");
    }

    /** A mistake here would cut off a whole flock. */
    private static void check(AmbryBundle bundle, Path file, long flock, Desk here) throws ReliquaryException {
        if (!bundle.flocks().equals(List.of(Flocks.mask(flock)))) {
            List<String> flocks = bundle.flocks().stream().map(Hex::flock).toList();
            throw new ReliquaryException(file + " is a bundle for flock " + String.join(" and ", flocks)
                    + ": make one with 'tier6 keys bundle " + Hex.flock(flock) + "'");
        }
        if (bundle.expired(here.clock().instant().getEpochSecond())) {
            throw new ReliquaryException(
                    file + " has expired: make a new one with 'tier6 keys bundle " + Hex.flock(flock) + "'");
        }
    }
}
