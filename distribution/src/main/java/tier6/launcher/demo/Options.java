package tier6.launcher.demo;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command line of the demo.
 *
 * @param nodes how many
 * @param length how long; empty: until the shell is left
 * @param console whether node 1 serves the web console
 * @param help only say what the demo does
 */
record Options(int nodes, Optional<Duration> length, boolean console, boolean help) {
    static final String USAGE = """
            Usage: tier6 demo [--nodes N] [--for DURATION] [--console]

            A whole network in this process: a flock with fresh keys, a cathedral and
            N nodes, which find each other and ping all others. It needs no configuration
            and no rights, and leaves nothing behind.

              --nodes N       how many nodes, 2 to 16; 3 unless given
              --for DURATION  end after so long, such as 30s, 2m or 1h; without it the
                              shell of node 1 opens, and leaving that ends the demo
              --console       node 1 serves the web console; its address is printed, and
                              the nodes go on pinging, so that there is something to see
              -h, --help      this text

            As root on Linux every node has a real interface in a network namespace of
            its own; otherwise a small host inside each node answers. With --for the exit
            status is 0 if at the end every node could ping every other, 1 if not.
            """;

    private static final int FEWEST = 2;
    private static final int MOST = 16;
    private static final int USUAL = 3;
    private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([smh])");

    /**
     * Reads what was typed after {@code demo}.
     *
     * @throws IllegalArgumentException with what is wrong and how to mend it
     */
    static Options parse(List<String> arguments) {
        int nodes = USUAL;
        Optional<Duration> length = Optional.empty();
        boolean console = false;
        boolean help = false;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            int equals = argument.indexOf('=');
            String option = argument.startsWith("--") && equals > 0 ? argument.substring(0, equals) : argument;
            switch (option) {
                case "--nodes" -> nodes = nodes(value(argument, equals, rest));
                case "--for" -> length = Optional.of(duration(value(argument, equals, rest)));
                case "--console" -> console = true;
                case "-h", "--help" -> help = true;
                default ->
                    throw new IllegalArgumentException("'" + argument
                            + "' is not known here; there are --nodes N, --for DURATION, --console and --help");
            }
        }
        return new Options(nodes, length, console, help);
    }

    private static String value(String argument, int equals, Iterator<String> rest) {
        if (equals > 0) {
            return argument.substring(equals + 1);
        }
        if (!rest.hasNext()) {
            throw new IllegalArgumentException(
                    argument + " needs a value, such as " + argument + (argument.equals("--for") ? " 30s" : " 3"));
        }
        return rest.next();
    }

    private static int nodes(String text) {
        int nodes = text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0;
        if (nodes < FEWEST || nodes > MOST) {
            throw new IllegalArgumentException(
                    "--nodes takes a number from " + FEWEST + " to " + MOST + ", not '" + text + "'");
        }
        return nodes;
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        if (number == 0) {
            throw new IllegalArgumentException("--for takes a time such as 30s, 2m or 1h, not '" + text + "'");
        }
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
