package tier6.launcher.keys;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tier6.launcher.command.Arguments;
import tier6.launcher.command.Command;
import tier6.launcher.command.Unusable;
import tier6.sanctum.ambry.FlockDirectory;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;
import tier6.sanctum.file.Vicar;

/** Vicar files: all that a device needs, under a passphrase (specification section 15.6). */
final class VicarCommands {
    private static final String PASSPHRASE = """

            The passphrase is asked for on the terminal, or taken from the environment variable
            VICAR_PASSPHRASE; it has up to 255 bytes.
            """;

    static final List<Command<Surroundings>> ALL = List.of(
            new Command<>(
                    "keys vicar write",
                    "FLOCK KEK-ID CS-ID DIR --cathedral IP:PORT --out FILE [--force]",
                    """
                    Puts the keys of a device, as 'tier6 keys device' makes them, into one file under
                    a passphrase. Takes seconds, on purpose.

                      FLOCK      the flock with its domain
                      KEK-ID     number of the device in the flock, hexadecimal, 01 to fe
                      CS-ID      number of the device at the cathedral, 8 hexadecimal digits
                      DIR        where id-CSID, cosk-CSID and kek-0xNN are
                      --cathedral IP:PORT
                                 the cathedral that the device asks first
                      --out FILE where it goes
                      --force    replace a file that is there
                    """ + PASSPHRASE,
                    VicarCommands::write),
            new Command<>("keys vicar read", "FILE DIR [--force]", """
                    Takes the keys of a device out of a vicar file. Takes seconds, on purpose.

                      FILE       the vicar file
                      DIR        gets id-CSID, cosk-CSID, cosk-pub-CSID and kek-0xNN; is made if it is
                                 not there
                      --force    replace files that are there
                    """ + PASSPHRASE, VicarCommands::read));

    private VicarCommands() {}

    private static void write(Arguments arguments, Surroundings here) throws IOException, Unusable {
        long flock = arguments.flock("FLOCK");
        int kekId = arguments.kekId("KEK-ID", Identity.MAX_KEK_ID);
        int csId = arguments.csId("CS-ID");
        InetSocketAddress cathedral = arguments.endpoint("--cathedral");
        Path out = here.path(arguments.text("--out"));
        Outputs.checkInPlace(arguments.has("--force"), out);
        try (Identity identity = Identity.load(flock, kekId, csId, here.path(arguments.text("DIR")))) {
            byte[] passphrase = here.passphrases().ask(true);
            try {
                Vicar vicar = new Vicar(
                        csId,
                        flock,
                        kekId << Byte.SIZE,
                        ByteBuffer.wrap(cathedral.getAddress().getAddress()).getInt(),
                        cathedral.getPort(),
                        identity.kek(),
                        identity.cosk(),
                        identity.cs());
                Progress.show(here.err(), "deriving the key of the passphrase", () -> {
                    vicar.write(out, passphrase, here.random());
                    return vicar;
                });
            } finally {
                Secrets.clear(passphrase);
            }
        }
        here.tell(
                "made %s: device %s, number %02x of flock %s, cathedral %s",
                out, DeviceSet.name(csId), kekId, FlockDirectory.name(flock), arguments.text("--cathedral"));
    }

    private static void read(Arguments arguments, Surroundings here) throws IOException {
        Path file = here.path(arguments.text("FILE"));
        if (Files.size(file) != Vicar.FILE_SIZE) {
            throw new IOException(file + " is no vicar file, for that has " + Vicar.FILE_SIZE + " bytes");
        }
        byte[] passphrase = here.passphrases().ask(false);
        try (Vicar vicar =
                Progress.show(here.err(), "deriving the key of the passphrase", () -> Vicar.read(file, passphrase))) {
            unpack(vicar, file, arguments, here);
        } finally {
            Secrets.clear(passphrase);
        }
    }

    private static void unpack(Vicar vicar, Path file, Arguments arguments, Surroundings here) throws IOException {
        int kekId = vicar.tunnel() >>> Byte.SIZE;
        if (kekId < 1 || kekId > Identity.MAX_KEK_ID) {
            throw new IOException(file
                    + String.format(
                            " is for tunnel %04x, which is no device's: the upper two digits must be a kek-id, 01 to fe",
                            vicar.tunnel()));
        }
        DeviceSet set = new DeviceSet(here.path(arguments.text("DIR")), kekId, vicar.csId());
        Outputs.check(arguments.has("--force"), set.all());
        KeyFiles.makePrivate(set.directory());
        try (Identity identity = vicar.identity()) {
            identity.write(set.directory());
        }
        here.tell(
                "read %s: device %s, number %02x of flock %s",
                file, DeviceSet.name(vicar.csId()), kekId, FlockDirectory.name(vicar.flock()));
        set.explain(here, vicar.flock(), address(vicar));
    }

    private static String address(Vicar vicar) throws IOException {
        InetAddress ip = InetAddress.getByAddress(
                ByteBuffer.allocate(Integer.BYTES).putInt(vicar.ip()).array());
        return ip.getHostAddress() + ":" + vicar.port();
    }
}
