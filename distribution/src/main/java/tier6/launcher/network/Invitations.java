package tier6.launcher.network;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tier6.api.admission.Admissions;
import tier6.json.Json;
import tier6.launcher.command.Arguments;
import tier6.launcher.command.Command;
import tier6.launcher.command.Unusable;
import tier6.sanctum.crypto.Secrets;

/** What the owner of a flock does about who may come. */
final class Invitations {
    static final String WHICH = """
              --network NAME  the network, if this host is in several
              --dir DIR       the directory of the network
            """;

    static final String JSON = "  --json          as JSON\n";

    private static final Pattern TIME = Pattern.compile("(\\d{1,4})([smhd])");

    static final List<Command<Desk>> ALL = List.of(
            new Command<>(
                    "invite",
                    "[--devices N] [--for TIME] [--approve] [--qr] [--network NAME] [--dir DIR]",
                    """
                    Makes an invitation and shows it. It is a secret: who has it can join.

                      --devices N     how many devices it is for, 1 to 254; 1 unless given
                      --for TIME      how long it is good, such as 30m, 24h or 7d; 24h unless given
                      --approve       each device waits until 'tier6 approve' lets it in
                      --qr            draw it as a QR code even if this is no terminal
                    """ + WHICH,
                    Invitations::invite),
            new Command<>(
                    "invitations", "[--json] [--network NAME] [--dir DIR]", """
                    Lists the invitations that are good.

                    """ + JSON + WHICH, Invitations::list),
            new Command<>("invitation revoke", "ID [--network NAME] [--dir DIR]", """
                    Ends an invitation. Who came by it stays.

                      ID              the number that 'tier6 invitations' shows
                    """ + WHICH, Invitations::revoke),
            new Command<>(
                    "approve",
                    "[DEVICE] [--json] [--network NAME] [--dir DIR]",
                    """
                    Lets a device in that waits. Without DEVICE: lists those that wait.

                      DEVICE          its name, or the beginning of its fingerprint
                    """ + JSON + WHICH,
                    Invitations::approve),
            new Command<>("refuse", "DEVICE [--network NAME] [--dir DIR]", """
                    Turns a device away that waits.

                      DEVICE          its name, or the beginning of its fingerprint
                    """ + WHICH, Invitations::refuse));

    private Invitations() {}

    private static Admissions admissions(Arguments arguments) throws IOException {
        return NetworkDirectory.of(arguments).home();
    }

    private static void invite(Arguments arguments, Desk desk) throws IOException, Unusable {
        make(admissions(arguments), arguments, 1, desk);
    }

    /** Makes an invitation as the arguments say and shows it. */
    static void make(Admissions admissions, Arguments arguments, int devices, Desk desk) throws IOException, Unusable {
        int number = (int) arguments.number("--devices", 1, Admissions.MOST_DEVICES, devices);
        Duration lifetime = time(arguments, "--for", Duration.ofHours(24));
        Admissions.NewInvitation made = admissions.invite(number, lifetime, arguments.has("--approve"));
        byte[] text = made.text();
        try {
            desk.tell(
                    "Invitation %s to %s, for %s in the next %s%s. Whoever has it can join; on the other host%s:",
                    made.invitation().id(),
                    admissions.flock(),
                    devices(number),
                    text(lifetime),
                    made.invitation().approve() ? ", each to be approved" : "",
                    number == 1 ? "" : "s");
            desk.tell("");
            desk.out().print("  tier6 join ");
            desk.out().write(text, 0, text.length);
            desk.tell("");
            desk.tell("");
            if (arguments.has("--qr") || System.console() != null) {
                byte[] drawing = QrCode.draw(text);
                desk.out().write(drawing, 0, drawing.length);
                desk.tell("");
                Secrets.clear(drawing);
            }
        } finally {
            Secrets.clear(text);
        }
    }

    private static String devices(int number) {
        return number == 1 ? "one device" : number + " devices";
    }

    /** A length of time that was typed. */
    static Duration time(Arguments arguments, String option, Duration fallback) throws Unusable {
        if (!arguments.has(option)) {
            return fallback;
        }
        Matcher matcher = TIME.matcher(arguments.text(option));
        if (!matcher.matches()) {
            throw new Unusable(option + " '" + arguments.text(option) + "' is no time such as 30s, 30m, 24h or 7d");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** As people say it, without seconds. */
    static String text(Duration duration) {
        if (duration.toDays() >= 2) {
            return duration.toDays() + " days";
        }
        if (duration.toHours() >= 2) {
            return duration.toHours() + " hours";
        }
        return duration.toMinutes() < 2 ? "a minute" : duration.toMinutes() + " minutes";
    }

    private static void list(Arguments arguments, Desk desk) throws IOException {
        List<Admissions.Invitation> all = admissions(arguments).invitations();
        if (arguments.has("--json")) {
            desk.out().println(Json.write(all));
            return;
        }
        if (all.isEmpty()) {
            desk.tell("no invitation is good; 'tier6 invite' makes one");
            return;
        }
        desk.tell("ID        CAME   OF  GOOD FOR    EACH");
        for (Admissions.Invitation invitation : all) {
            desk.tell(
                    "%s  %4d  %3d  %-10s  %s",
                    invitation.id(),
                    invitation.admitted(),
                    invitation.devices(),
                    text(Duration.between(Instant.now(), invitation.expires())),
                    invitation.approve() ? "is to be approved" : "comes in");
        }
    }

    private static void revoke(Arguments arguments, Desk desk) throws IOException {
        admissions(arguments).revokeInvitation(arguments.text("ID"));
        desk.tell("invitation %s is not good any more", arguments.text("ID"));
    }

    private static void approve(Arguments arguments, Desk desk) throws IOException {
        Admissions admissions = admissions(arguments);
        if (arguments.has("DEVICE")) {
            admissions.approve(arguments.text("DEVICE"));
            desk.tell("%s is let in when it asks again, within some seconds", arguments.text("DEVICE"));
            return;
        }
        List<Admissions.Waiting> waiting = admissions.waiting();
        if (arguments.has("--json")) {
            desk.out().println(Json.write(waiting));
            return;
        }
        if (waiting.isEmpty()) {
            desk.tell("no device waits");
            return;
        }
        desk.tell("%-20s  FINGERPRINT                       INVITATION  WAITS FOR   FROM", "DEVICE");
        for (Admissions.Waiting device : waiting) {
            desk.tell(
                    "%-20s  %s  %-10s  %-10s  %s",
                    device.name(),
                    device.fingerprint(),
                    device.invitation(),
                    text(Duration.between(device.since(), Instant.now())),
                    device.address());
        }
    }

    private static void refuse(Arguments arguments, Desk desk) throws IOException {
        admissions(arguments).refuse(arguments.text("DEVICE"));
        desk.tell("%s is turned away", arguments.text("DEVICE"));
    }
}
