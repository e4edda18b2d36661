package tier6.launcher.reliquary;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import tier6.discovery.reliquary.ReliquaryClient;
import tier6.discovery.reliquary.ReliquaryDirectory;
import tier6.discovery.reliquary.ReliquaryException;
import tier6.launcher.command.Terminal;
import tier6.sanctum.crypto.RandomSource;

/**
 * What a command works with.
 *
 * @param working where relative paths begin
 * @param directory of the Reliquary
 * @param random for keys
 * @param clock for what expires
 * @param accountKeys who knows the key of the account
 */
record Desk(
        PrintStream out,
        PrintStream err,
        Path working,
        ReliquaryDirectory directory,
        RandomSource random,
        InstantSource clock,
        AccountKeys accountKeys)
        implements Terminal {

    static Desk ofThisProcess() {
        return new Desk(
                System.out,
                System.err,
                Path.of(""),
                ReliquaryDirectory.standard(),
                RandomSource.secure(),
                InstantSource.system(),
                AccountKeys.ofThisProcess());
    }

    /** A path as it was typed. */
    Path path(String text) {
        return working.resolve(text);
    }

    /** The address of the API that this device uses. */
    URI api() throws IOException {
        return directory
                .api()
                .orElseThrow(() -> new ReliquaryException("there is no Reliquary in " + directory.path()
                        + ": begin with 'tier6 reliquary init API', or name its directory in "
                        + ReliquaryDirectory.VARIABLE));
    }

    /** A client with the account of this device, if it has one. */
    ReliquaryClient client() throws IOException {
        return new ReliquaryClient(api(), directory.token());
    }
}
