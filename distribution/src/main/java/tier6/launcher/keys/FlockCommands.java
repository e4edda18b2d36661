package tier6.launcher.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import tier6.launcher.command.Arguments;
import tier6.launcher.command.Command;
import tier6.launcher.command.Unusable;
import tier6.sanctum.ambry.Ambry;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.ambry.DerivedKeks;
import tier6.sanctum.ambry.FlockDirectory;
import tier6.sanctum.kdf.Flocks;

/** What the owner of a flock does with its KEKs: the commands of the {@code ambry} tool (specification section 16). */
final class FlockCommands {
    private static final int MOST_DAYS = 0xffff;
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    private static final String IN = """
              --in DIR   where the directories of flocks are; the current directory unless given
            """;

    static final List<Command<Surroundings>> ALL = List.of(
            new Command<>("keys create-flock", "FLOCK [--in DIR]", """
                    Makes the directory of a flock, which its owner keeps to himself:
                      FLOCK/kek-data   a KEK for every device that the flock can ever have
                      FLOCK/internal   derived from them, for bundles of this flock
                      FLOCK/external   empty, for 'tier6 keys export'

                      FLOCK      16 hexadecimal digits, of which the last two are left out of account
                    """ + IN, FlockCommands::create),
            new Command<>("keys renew-kek", "FLOCK KEK-ID [--in DIR]", """
                    Replaces the KEK of a device that was lost. It takes effect with the next bundle:
                    then the old KEK opens nothing any more, and the device needs the new one.

                      FLOCK      the flock
                      KEK-ID     number of the device, hexadecimal
                    """ + IN, FlockCommands::renew),
            new Command<>(
                    "keys export", "FLOCK OTHER-FLOCK [--in DIR] [--force]", """
                    Derives the KEKs of FLOCK for bundles with another flock, into
                    FLOCK/external/OTHER-FLOCK. Whoever makes the bundle of the two needs that
                    directory of both flocks; it opens no other bundle.

                      FLOCK        your flock
                      OTHER-FLOCK  the flock to be joined with
                    """ + IN + """
                              --force    replace an export made before
                            """, FlockCommands::export),
            new Command<>(
                    "keys bundle",
                    "FLOCK [OTHER-FLOCK] --days N --out FILE [--in DIR] [--force]",
                    """
                    Makes an ambry bundle, which cathedrals hand out: a new shared secret for every
                    pair of devices, wrapped so that only they can open it. With OTHER-FLOCK it is
                    for pairs between two flocks, whose exports must lie side by side.

                      --days N   how long it may be used
                      --out FILE where it goes; a bundle that is there is replaced in one step
                    """ + IN + """
                              --force    replace FILE even if it is no bundle
                            """,
                    FlockCommands::bundle));

    private FlockCommands() {}

    private static void create(Arguments arguments, Surroundings here) throws IOException, Unusable {
        long flock = arguments.flock("FLOCK");
        warnOfDomain(flock, here);
        FlockDirectory directory = FlockDirectory.in(here.path(arguments.text("--in")), flock);
        Progress.show(here.err(), "making " + DerivedKeks.DEVICES + " KEKs in " + directory.root(), () -> {
            directory.create(here.random());
            return directory;
        });
        here.tell("made flock %s in %s", FlockDirectory.name(directory.id()), directory.root());
        here.tell("  keep kek-data and internal to yourself, and keep a copy: nothing can bring them back");
    }

    private static void renew(Arguments arguments, Surroundings here) throws IOException, Unusable {
        FlockDirectory directory = FlockDirectory.in(here.path(arguments.text("--in")), arguments.flock("FLOCK"));
        int kekId = arguments.kekId("KEK-ID", DerivedKeks.DEVICES);
        directory.renew(kekId, here.random());
        String name = FlockDirectory.name(directory.id());
        here.tell("renewed %s", directory.kek(kekId));
        here.tell("  bring it to the device, then make a new bundle: tier6 keys bundle %s --days N --out FILE", name);
        for (String other : directory.exports()) {
            here.tell(
                    "  the export for flock %s still has the old one: tier6 keys export %s %s --force",
                    other, name, other);
        }
    }

    private static void export(Arguments arguments, Surroundings here) throws IOException, Unusable {
        FlockDirectory directory = FlockDirectory.in(here.path(arguments.text("--in")), arguments.flock("FLOCK"));
        long other = arguments.flock("OTHER-FLOCK");
        checkOther(directory, other);
        Path target = directory.export(other, arguments.has("--force"));
        here.tell(
                "exported the KEKs of flock %s for bundles with flock %s to %s",
                FlockDirectory.name(directory.id()), FlockDirectory.name(Flocks.mask(other)), target);
        here.tell("  give this directory, and nothing else, to whoever makes the bundle");
    }

    private static void checkOther(FlockDirectory directory, long other) throws Unusable {
        if (directory.id() == Flocks.mask(other)) {
            throw new Unusable("OTHER-FLOCK is FLOCK itself: flocks that differ only in the last two digits are one");
        }
    }

    private static void bundle(Arguments arguments, Surroundings here) throws IOException, Unusable {
        Path parent = here.path(arguments.text("--in"));
        FlockDirectory a = FlockDirectory.in(parent, arguments.flock("FLOCK"));
        FlockDirectory b = a;
        if (arguments.has("OTHER-FLOCK")) {
            long other = arguments.flock("OTHER-FLOCK");
            checkOther(a, other);
            b = FlockDirectory.in(parent, other);
        }
        int days = days(arguments, here.clock().instant());
        Path out = here.path(arguments.text("--out"));
        Outputs.checkInPlace(arguments.has("--force") || isBundle(out), out);
        FlockDirectory other = b;
        String whose =
                "flock " + FlockDirectory.name(a.id()) + (a == b ? "" : " and flock " + FlockDirectory.name(b.id()));
        AmbryBundle bundle = Progress.show(
                here.err(),
                "making the bundle of " + whose,
                () -> a.bundle(other, days, here.clock().instant().getEpochSecond(), here.random()));
        bundle.write(out);
        here.tell("made %s", out);
        explain(bundle, here);
        here.tell("  name it in the cathedral's settings; the C program reads it when the settings change: touch them");
    }

    private static int days(Arguments arguments, Instant now) throws Unusable {
        int days = (int) arguments.number("--days", 1, MOST_DAYS, 0);
        try {
            Ambry.expiryAfter(days, now.getEpochSecond());
            return days;
        } catch (IllegalArgumentException e) {
            throw new Unusable("--days " + days + " is more than the format can say");
        }
    }

    private static boolean isBundle(Path file) throws IOException {
        return Files.isRegularFile(file)
                && (Files.size(file) == AmbryBundle.INTRA_SIZE || Files.size(file) == AmbryBundle.CROSS_SIZE);
    }

    /** Tells what anybody may know of a bundle. */
    static void explain(AmbryBundle bundle, Surroundings here) {
        for (long flock : bundle.flocks()) {
            here.tell("  flock        %s", FlockDirectory.name(flock));
        }
        here.tell("  generation   %08x", bundle.generation());
        here.tell("  pairs        %d", bundle.size() / 2);
        boolean expired = bundle.expired(here.clock().instant().getEpochSecond());
        here.tell("  expire%s      %s", expired ? "d" : "s", day(bundle));
    }

    private static String day(AmbryBundle bundle) {
        return DAY.format(Instant.ofEpochSecond(Ambry.expirySeconds(bundle.expires())));
    }

    private static void warnOfDomain(long flock, Surroundings here) {
        if (Flocks.domain(flock) != 0) {
            here.err()
                    .printf(
                            "the last two digits, %02x, are a domain of the flock: keys do not depend on it%n",
                            Flocks.domain(flock));
        }
    }
}
