package tier6.launcher.command;

import java.util.List;

/**
 * The commands that begin with the same word.
 *
 * @param name that word, after {@code tier6}
 * @param usage the help that names them all
 * @param all the commands; each has one or two words more
 * @param <T> what they work with
 */
public record Commands<T extends Terminal>(String name, String usage, List<Command<T>> all) {

    /** Runs the one that was typed; returns the exit status. */
    public int run(List<String> typed, T here) {
        if (!typed.isEmpty() && List.of("-h", "--help", "help").contains(typed.get(0))) {
            here.out().print(usage);
            return 0;
        }
        for (int words = Math.min(2, typed.size()); words > 0; words--) {
            String called = name + " " + String.join(" ", typed.subList(0, words));
            for (Command<T> command : all) {
                if (command.name().equals(called)) {
                    return command.run(typed.subList(words, typed.size()), here);
                }
            }
        }
        if (!typed.isEmpty()) {
            here.err().println("tier6 " + name + ": there is no command '" + typed.get(0) + "' that is complete");
        }
        here.err().print(usage);
        return Command.BAD_USAGE;
    }
}
