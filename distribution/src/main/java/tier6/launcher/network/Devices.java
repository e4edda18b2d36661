package tier6.launcher.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import tier6.admission.AdmissionClient;
import tier6.admission.Fields;
import tier6.admission.Seat;
import tier6.api.admission.Admissions;
import tier6.json.Json;
import tier6.launcher.command.Arguments;
import tier6.launcher.command.Command;
import tier6.launcher.command.Unusable;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;

/** What is done about devices that are in. */
final class Devices {
    static final List<Command<Desk>> ALL = List.of(
            new Command<>(
                    "devices",
                    "[--json] [--network NAME] [--dir DIR]",
                    """
                    Lists the devices of the flock that this host keeps.

                    """ + Invitations.JSON + Invitations.WHICH,
                    Devices::list),
            new Command<>("revoke", "DEVICE [--network NAME] [--dir DIR]", """
                    Shuts a device out for good: takes its keys from the cathedral, renews its KEK and
                    all secrets between devices. It is cut off within 75 seconds.

                      DEVICE          its name, or its number in two hexadecimal digits
                    """ + Invitations.WHICH, Devices::revoke),
            new Command<>("rename", "NEW [--network NAME] [--dir DIR]", """
                    Gives this device another name in the flock.

                      NEW             small letters, digits and hyphens between them, 63 at most
                    """ + Invitations.WHICH, Devices::rename),
            new Command<>("leave", "[--force] [--network NAME] [--dir DIR]", """
                    Leaves the network: tells its owner, stops the node, removes everything that this
                    host has of it.

                      --force         even if the owner cannot be told, who then should revoke this
                                      device; where the flock is kept: give it up, for all its devices
                    """ + Invitations.WHICH, Devices::leave));

    private Devices() {}

    private static void list(Arguments arguments, Desk desk) throws IOException {
        List<Admissions.Device> all = NetworkDirectory.of(arguments).home().devices();
        if (arguments.has("--json")) {
            desk.out().println(Json.write(all));
            return;
        }
        desk.tell("NO  %-20s  FINGERPRINT                       ADDRESSES", "DEVICE");
        for (Admissions.Device device : all) {
            desk.tell(
                    "%02x  %-20s  %s  %s",
                    device.kekId(),
                    device.name(),
                    device.fingerprint(),
                    device.addresses().stream()
                            .map(address -> address.split("/")[0])
                            .collect(Collectors.joining(" ")));
        }
    }

    private static void revoke(Arguments arguments, Desk desk) throws IOException {
        NetworkDirectory.of(arguments).home().revoke(arguments.text("DEVICE"));
        desk.tell("%s is shut out; the others notice within 75 seconds", arguments.text("DEVICE"));
    }

    private static void rename(Arguments arguments, Desk desk) throws IOException, Unusable {
        NetworkDirectory directory = NetworkDirectory.of(arguments);
        String name = arguments.text("NEW");
        Fields fields = Fields.read(directory.member());
        try (Seat seat = Files.isDirectory(directory.owner())
                ? directory.home().rename((int) fields.hex("cs-id"), name)
                : asMember(directory, fields, member -> AdmissionClient.rename(member, name))) {
            Joining.put(fields, seat).write(directory.member());
            directory.handOver();
            desk.tell("this device is %s.%s.t6 now; the others hear of it within a minute", name, seat.flockName());
        }
    }

    /** Something that a device asks of the owner. */
    @FunctionalInterface
    private interface Question<T> {
        T ask(AdmissionClient.Member member) throws IOException;
    }

    private static <T> T asMember(NetworkDirectory directory, Fields fields, Question<T> question) throws IOException {
        int csId = (int) fields.hex("cs-id");
        String server = fields.text("server");
        int colon = server.lastIndexOf(':');
        try (AdmissionClient.Member member = new AdmissionClient.Member(
                InetSocketAddress.createUnresolved(
                        server.substring(0, colon), Integer.parseInt(server.substring(colon + 1))),
                csId,
                KeyFiles.readSecret(directory.keys().resolve(Identity.csName(csId)), Identity.SECRET_SIZE),
                KeyFiles.readSecret(directory.keys().resolve(Identity.coskName(csId)), Ed25519.SECRET_SIZE),
                HexFormat.of().parseHex(fields.text("owner")))) {
            return question.ask(member);
        }
    }

    private static void leave(Arguments arguments, Desk desk) throws IOException {
        NetworkDirectory directory = NetworkDirectory.of(arguments);
        if (Files.isDirectory(directory.owner())) {
            if (!arguments.has("--force")) {
                throw new IOException("this host keeps flock " + directory.name()
                        + ": without it the others cannot find each other, and nobody can join; to give it up,"
                        + " tier6 leave --force");
            }
        } else {
            tellOwner(directory, arguments.has("--force"), desk);
        }
        Service.disable(directory);
        desk.starter().stop(directory.conf());
        if (Files.isDirectory(directory.owner())) {
            directory.home().giveUp();
        }
        desk.starter().forget(directory.conf());
        directory.delete();
        desk.tell("left %s; nothing of it is on this host any more", directory.name());
    }

    private static void tellOwner(NetworkDirectory directory, boolean force, Desk desk) throws IOException {
        try {
            asMember(directory, Fields.read(directory.member()), member -> {
                AdmissionClient.leave(member);
                return member;
            });
        } catch (IOException e) {
            if (!force) {
                throw new IOException(
                        "the owner cannot be told: " + e.getMessage() + "; to leave all the same, tier6 leave --force",
                        e);
            }
            desk.err().println("the owner was not told: " + e.getMessage());
        }
    }
}
