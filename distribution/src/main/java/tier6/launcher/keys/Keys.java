package tier6.launcher.keys;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

    private static final List<Command> COMMANDS = Stream.of(
                    FlockCommands.ALL, DeviceCommands.ALL, VicarCommands.ALL, List.of(Show.COMMAND))
            .flatMap(List::stream)
            .toList();

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
        if (!typed.isEmpty() && List.of("-h", "--help").contains(typed.get(0))) {
            here.out().print(USAGE);
            return 0;
        }
        for (int words = Math.min(2, typed.size()); words > 0; words--) {
            Optional<Command> command = named("keys " + String.join(" ", typed.subList(0, words)));
            if (command.isPresent()) {
                return command.get().run(typed.subList(words, typed.size()), here);
            }
        }
        if (!typed.isEmpty()) {
            here.err().println("tier6 keys: there is no command '" + typed.get(0) + "' that is complete");
        }
        here.err().print(USAGE);
        return Command.BAD_USAGE;
    }

    private static Optional<Command> named(String name) {
        return COMMANDS.stream().filter(command -> command.name().equals(name)).findFirst();
    }
}
