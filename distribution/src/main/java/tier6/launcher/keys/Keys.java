package tier6.launcher.keys;

import java.util.List;
import java.util.stream.Stream;
import tier6.launcher.command.Commands;

/**
 * The commands on keys. No framework is started; all of them block on the file system.
 *
 * <p>Exit statuses: 0 done, 1 failed and nothing half done, 2 not understood.
 */
public final class Keys {
    private static final String USAGE = """
            Usage: tier6 keys COMMAND ...

            Makes and shows the keys of flocks and devices, in the files and directories of the C
            programs 'ambry' and 'vicar'.

              create-flock   a flock with a KEK for every device
              renew-kek      a new KEK for a device that was lost
              export         KEKs for bundles with another flock
              bundle         an ambry bundle for cathedrals
              cosk           a pair of signing keys
              device         the keys of a device
              vicar write    the keys of a device in one file under a passphrase
              vicar read     the keys out of such a file
              show           what a file is

            'tier6 keys COMMAND --help' says more. Flocks, kek-ids and cs-ids are hexadecimal.
            """;

    private static final Commands<Surroundings> COMMANDS = new Commands<>(
            "keys",
            USAGE,
            Stream.of(FlockCommands.ALL, DeviceCommands.ALL, VicarCommands.ALL, List.of(Show.COMMAND))
                    .flatMap(List::stream)
                    .toList());

    private Keys() {}

    /** {@code tier6 keys …}: returns the exit status. */
    public static int run(List<String> typed) {
        return run(typed, Surroundings.ofThisProcess());
    }

    /** {@code tier6 cathedral add-device …}: returns the exit status. */
    public static int addDevice(List<String> typed) {
        return AddDevice.COMMAND.run(typed, Surroundings.ofThisProcess());
    }

    static int run(List<String> typed, Surroundings here) {
        return COMMANDS.run(typed, here);
    }
}
