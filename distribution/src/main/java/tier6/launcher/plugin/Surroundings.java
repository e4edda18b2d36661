package tier6.launcher.plugin;

import java.io.PrintStream;
import java.nio.file.Path;
import tier6.launcher.Installation;
import tier6.launcher.command.Terminal;

/**
 * What a command works with.
 *
 * @param out for results
 * @param err for errors
 * @param directory where relative paths begin
 * @param installation where the templates and the contracts are
 */
record Surroundings(PrintStream out, PrintStream err, Path directory, Installation installation) implements Terminal {}
