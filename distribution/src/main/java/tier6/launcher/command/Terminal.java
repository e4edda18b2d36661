package tier6.launcher.command;

import java.io.PrintStream;

/** Where a command speaks. */
public interface Terminal {
    /** For results. */
    PrintStream out();

    /** For progress, warnings and errors. */
    PrintStream err();

    /** Says something to whoever reads the results. */
    default void tell(String line, Object... arguments) {
        out().println(arguments.length == 0 ? line : line.formatted(arguments));
    }
}
