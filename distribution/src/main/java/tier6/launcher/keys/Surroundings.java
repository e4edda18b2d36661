package tier6.launcher.keys;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import tier6.launcher.command.Terminal;
import tier6.sanctum.crypto.RandomSource;

/**
 * What a command works with.
 *
 * @param out for results
 * @param err for progress, warnings and errors
 * @param directory where relative paths begin
 * @param random for keys
 * @param clock for what expires
 * @param passphrases who knows the passphrase of a vicar file
 */
record Surroundings(
        PrintStream out,
        PrintStream err,
        Path directory,
        RandomSource random,
        InstantSource clock,
        Passphrases passphrases)
        implements Terminal {

    static Surroundings ofThisProcess() {
        return new Surroundings(
                System.out,
                System.err,
                Path.of(""),
                RandomSource.secure(),
                InstantSource.system(),
                Passphrases.ofThisProcess());
    }

    /** A path as it was typed; the directory itself if it was left out. */
    Path path(String text) {
        return text == null ? directory : directory.resolve(text);
    }
}
