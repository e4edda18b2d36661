package tier6.launcher.reliquary;

import java.util.List;
import java.util.stream.Stream;
import tier6.launcher.command.Command;
import tier6.launcher.command.Commands;

/**
 * The commands on a Reliquary. No framework is started; they block on the file system and the network.
 *
 * <p>Exit statuses: 0 done, 1 failed, 2 not understood.
 */
public final class Reliquary {
    private static final String USAGE = """
            Usage: tier6 reliquary COMMAND ...

            Speaks to a Reliquary, which hosts cathedrals, and keeps what it gives in $RELIQUARY, by
            default ~/.config/reliquary, in the files of the program 'rlq'.

              status          what this device has
              init            begin without an account: enough for a device that joins a flock
              register        begin with a new account
              login           begin with the account that you have

              flock create    a new flock
              flock list      the flocks of the account
              flock join      make this device one of a flock
              flock delete    delete a flock with all its devices
              device list     the devices of a flock
              device approve  let a device into a flock
              device delete   remove a device from a flock
              ambry upload    the shared secrets of a flock, wrapped, for cathedrals to hand out
              kek install     the KEK of this device, from the owner of its flock
              cathedral list  the cathedrals

            'tier6 reliquary COMMAND --help' says more. Flocks, devices and kek-ids are hexadecimal.
            """;

    private static final Commands<Desk> COMMANDS = new Commands<>(
            "reliquary",
            USAGE,
            Stream.of(AccountCommands.ALL, OwnerCommands.ALL, DeviceCommands.ALL)
                    .flatMap(List::stream)
                    .toList());

    private Reliquary() {}

    /** {@code tier6 reliquary …}: returns the exit status. */
    public static int run(List<String> typed) {
        return run(typed, Desk.ofThisProcess());
    }

    static int run(List<String> typed, Desk here) {
        if (typed.stream().anyMatch(word -> word.matches("[0-9a-fA-F]{64}"))) {
            here.err()
                    .println(
                            "tier6 reliquary: an account key is never typed behind a command, where other users of this "
                                    + "host and the history of the shell see it: run this without, and it is asked for");
            return Command.BAD_USAGE;
        }
        return COMMANDS.run(typed, here);
    }
}
