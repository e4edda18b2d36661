package tier6.shell.internal;

import java.util.List;

/**
 * What was typed after a command.
 *
 * @param json for programs
 * @param help only say what the command does
 * @param all leave nothing out
 */
record Options(boolean json, boolean help, boolean all) {
    /**
     * Reads the arguments of {@code command}.
     *
     * @param known the options that it has, each as it is typed
     * @throws BadArgument if there is another
     */
    static Options parse(String command, List<String> known, String... arguments) {
        boolean json = false;
        boolean help = false;
        boolean all = false;
        for (String argument : arguments) {
            if (!known.contains(argument)) {
                throw new BadArgument("%s %s \"%s\". It takes %s. See tier6:%s --help"
                        .formatted(
                                command,
                                argument.startsWith("-") ? "has no option" : "takes no argument",
                                argument,
                                String.join(", ", known),
                                command));
            }
            switch (argument) {
                case "--json" -> json = true;
                case "-a", "--all" -> all = true;
                default -> help = true;
            }
        }
        return new Options(json, help, all);
    }
}
