package tier6.launcher.network;

import java.util.List;
import java.util.stream.Stream;
import tier6.launcher.command.Command;
import tier6.sanctum.crypto.RandomSource;

/** The commands that make and change networks: each is a word of its own after {@code tier6}. */
public final class Networks {
    private static final List<Command<Desk>> ALL = Stream.of(Joining.ALL, Invitations.ALL, Devices.ALL)
            .flatMap(List::stream)
            .toList();

    private Networks() {}

    /** Whether this is one of them. */
    public static boolean has(List<String> typed) {
        return !typed.isEmpty()
                && ALL.stream().anyMatch(command -> command.name().split(" ")[0].equals(typed.get(0)));
    }

    /** Runs it; returns the exit status. */
    public static int run(List<String> typed, Starter starter) {
        Desk desk = new Desk(System.out, System.err, System.in, RandomSource.secure(), starter);
        for (Command<Desk> command : ALL) {
            List<String> name = List.of(command.name().split(" "));
            if (typed.size() >= name.size() && typed.subList(0, name.size()).equals(name)) {
                // As of a node without a word before it.
                List<String> rest = typed.subList(name.size(), typed.size()).stream()
                        .map(word -> word.equals("-d") ? "--background" : word)
                        .toList();
                return command.run(rest, desk);
            }
        }
        if (typed.contains("--help") || typed.contains("-h")) {
            ALL.stream()
                    .filter(command -> command.name().startsWith(typed.get(0) + " "))
                    .forEach(command -> command.run(List.of("--help"), desk));
            return 0;
        }
        System.err.println(
                "tier6 " + typed.get(0) + ": what of it? 'tier6 " + typed.get(0) + " revoke --help' says more");
        return Command.BAD_USAGE;
    }
}
