package tier6.launcher.network;

import java.io.InputStream;
import java.io.PrintStream;
import tier6.launcher.command.Terminal;
import tier6.sanctum.crypto.RandomSource;

/**
 * What a command works with.
 *
 * @param out for results
 * @param err for progress, warnings and errors
 * @param in where an invitation may come from
 * @param random for keys
 * @param starter runs nodes
 */
record Desk(PrintStream out, PrintStream err, InputStream in, RandomSource random, Starter starter)
        implements Terminal {}
