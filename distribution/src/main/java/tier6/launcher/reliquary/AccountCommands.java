package tier6.launcher.reliquary;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import tier6.discovery.reliquary.Access;
import tier6.discovery.reliquary.Apis;
import tier6.discovery.reliquary.Cathedral;
import tier6.discovery.reliquary.Hex;
import tier6.discovery.reliquary.Membership;
import tier6.discovery.reliquary.Registration;
import tier6.discovery.reliquary.ReliquaryClient;
import tier6.discovery.reliquary.ReliquaryException;
import tier6.launcher.command.Arguments;
import tier6.launcher.command.Command;
import tier6.sanctum.crypto.Secrets;

/** How a device begins at a Reliquary, and what it then has. */
final class AccountCommands {
    private static final String API = """

              API   address of the Reliquary, such as https://vessel.example/v1
            """;

    static final List<Command<Desk>> ALL = List.of(
            new Command<>("reliquary status", "", """
                    Shows what this device has of a Reliquary: address, account, cathedral, and the flocks
                    that it joined. Asks nobody.
                    """, (arguments, here) -> status(here)),
            new Command<>("reliquary init", "API", """
                    Begins without an account. That is enough for a device that joins a flock; the owner of
                    the flock needs an account.
                    """ + API, AccountCommands::init),
            new Command<>("reliquary register", "API", """
                    Begins with a new account and shows its key, which nobody else keeps: store it well.
                    The account lives for a day unless it is prolonged with that key on the account page.
                    """ + API, AccountCommands::register),
            new Command<>("reliquary login", "[API]", """
                    Begins with the account that you have, or renews its token on this device. Asks for
                    the account key on the terminal; without one, reads it from the standard input.
                    """ + API + """
                              if it is left out, the one that this device uses
                    """, AccountCommands::login),
            new Command<>("reliquary cathedral list", "", """
                    Lists the cathedrals. A node finds the nearest one by itself.
                    """, (arguments, here) -> cathedrals(here)));

    private AccountCommands() {}

    private static void status(Desk here) throws IOException {
        here.tell("Reliquary %s in %s", here.api(), here.directory().path());
        here.tell(
                "  account    %s",
                here.directory().token().isEmpty() ? "none, which is enough for a device" : "logged in");
        here.tell("  cathedral  %s", here.directory().cathedral().orElse("none"));
        here.tell("  NAT port   %s", here.directory().natPort().orElse("none"));
        for (Membership membership : here.directory().memberships()) {
            Optional<Integer> csId = membership.csId();
            here.tell("  flock %s", Hex.flock(membership.flock()));
            here.tell("    device   %s", csId.map(Hex::device).orElse("none"));
            here.tell(
                    "    kek      %s",
                    membership
                            .kekId()
                            .map(Hex::kekId)
                            .orElse("none yet: the owner of the flock approves the device and hands it over"));
        }
    }

    private static void init(Arguments arguments, Desk here) throws IOException {
        URI api = Apis.parse(arguments.text("API"));
        if (!here.directory().token().isEmpty()) {
            throw new ReliquaryException("this device has an account at " + here.api() + " in "
                    + here.directory().path() + " already, which is more: there is nothing to do");
        }
        prepare(here);
        try (ReliquaryClient client = new ReliquaryClient(api)) {
            here.directory().write(api, client.init());
        }
        begun(api, here);
        here.tell("  next: tier6 reliquary flock join FLOCK");
    }

    private static void register(Arguments arguments, Desk here) throws IOException {
        URI api = Apis.parse(arguments.text("API"));
        if (here.directory().api().isPresent()) {
            throw new ReliquaryException(
                    "there is a Reliquary in " + here.directory().path()
                            + " already: log in with 'tier6 reliquary login', or set RELIQUARY to another directory");
        }
        prepare(here);
        try (ReliquaryClient client = new ReliquaryClient(api)) {
            Registration registration = client.register();
            // First of all: nobody can ask for it again.
            here.tell("the key of your new account:");
            here.tell("");
            here.tell("    %s", registration.accountKey());
            here.tell("");
            here.tell("  store it well and keep it secret: it is kept nowhere, and who has it owns the account");
            here.tell("  the account lives for a day: prolong it at https://%s/account/login", api.getAuthority());
            here.directory().write(api, registration.access());
        }
        begun(api, here);
        here.tell("  next: tier6 reliquary flock create");
    }

    private static void login(Arguments arguments, Desk here) throws IOException {
        URI api = arguments.has("API") ? Apis.parse(arguments.text("API")) : here.api();
        prepare(here);
        byte[] key = here.accountKeys().ask();
        try (ReliquaryClient client = new ReliquaryClient(api)) {
            Access access = client.login(key);
            here.directory().write(api, access);
        } finally {
            Secrets.clear(key);
        }
        begun(api, here);
    }

    /** What cannot be written is found out before anything is asked for. */
    private static void prepare(Desk here) throws IOException {
        here.directory().make();
        if (!Files.isWritable(here.directory().path())) {
            throw new ReliquaryException(here.directory().path()
                    + " may not be written by this user: run this as its owner, or set RELIQUARY to another directory");
        }
    }

    private static void begun(URI api, Desk here) {
        here.tell("%s is kept in %s", api, here.directory().path());
    }

    private static void cathedrals(Desk here) throws IOException {
        try (ReliquaryClient client = here.client()) {
            for (Cathedral cathedral : client.cathedrals()) {
                here.tell("%s", cathedral);
            }
        }
    }
}
