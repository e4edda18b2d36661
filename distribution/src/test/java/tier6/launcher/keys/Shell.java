package tier6.launcher.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import tier6.sanctum.ambry.Ambry;
import tier6.sanctum.ambry.DerivedKeks;
import tier6.sanctum.ambry.FlockDirectory;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;

/** Gives commands in a directory, and keeps what they say. */
final class Shell {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final String PASSPHRASE = "correct horse";

    private final Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private String passphrase = PASSPHRASE;
    private Instant now = NOW;

    Shell(Path directory) {
        this.directory = directory;
    }

    Shell typing(String text) {
        passphrase = text;
        return this;
    }

    Shell at(Instant time) {
        now = time;
        return this;
    }

    /** Makes a flock as the command does, but without waiting for the disk after each of 510 files. */
    void makeFlock(String name) throws IOException {
        FlockDirectory flock = FlockDirectory.in(directory, Long.parseUnsignedLong(name, 16));
        Files.createDirectories(flock.keks());
        Files.createDirectories(flock.derived(flock.id()));
        for (int kekId = 1; kekId <= DerivedKeks.DEVICES; kekId++) {
            byte[] kek = RandomSource.secure().bytes(Identity.SECRET_SIZE);
            Files.write(flock.kek(kekId), kek);
            Files.write(
                    flock.derived(flock.id()).resolve(Identity.kekName(kekId)),
                    Ambry.derive(kek, flock.id(), flock.id()));
        }
    }

    /** Gives a command, words separated by blanks; returns its exit status. */
    int run(String line) {
        out.reset();
        err.reset();
        List<String> words = List.of(line.split(" "));
        return words.get(0).equals("add-device")
                ? AddDevice.COMMAND.run(words.subList(1, words.size()), surroundings())
                : Keys.run(words, surroundings());
    }

    /** Gives a command that must do its work; returns what it says. */
    String ok(String line) {
        int status = run(line);
        assertEquals(0, status, () -> line + ": " + complaint());
        return said();
    }

    /** Gives a command that must fail; returns its complaint. */
    String fails(int status, String line) {
        assertEquals(status, run(line), () -> line + ": " + said() + complaint());
        return complaint();
    }

    String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String complaint() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Surroundings surroundings() {
        return new Surroundings(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                directory,
                RandomSource.secure(),
                InstantSource.fixed(now),
                fresh -> passphrase.getBytes(StandardCharsets.UTF_8));
    }
}
