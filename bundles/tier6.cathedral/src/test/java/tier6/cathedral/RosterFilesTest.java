package tier6.cathedral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.sanctum.crypto.RandomSource;

class RosterFilesTest {
    private static final long FLOCK = 0x0000ffee12345600L;
    private static final long NOW = 1_800_000_000_000L;
    private static final RandomSource RANDOM = new Random(1)::nextBytes;

    @TempDir
    Path directory;

    private Path settings;
    private Path secrets;
    private RosterFiles files;

    @BeforeEach
    void twoDevices() throws IOException {
        settings = directory.resolve("settings");
        secrets = Files.createDirectories(directory.resolve("secrets"));
        device("flock-ffee12345600", "0a000001");
        device("flock-0000ffee12345600", "0a000002");
        write("flock ffee12345600 {", "allow 0a000001 spi 1 0", "allow 0a000002 spi 2 25", "}");
        files = new RosterFiles(settings, secrets, Rig.CATHEDRAL);
    }

    private void device(String flock, String csId) throws IOException {
        Path flockDirectory = Files.createDirectories(secrets.resolve(flock));
        Files.write(flockDirectory.resolve(csId + ".key"), RANDOM.bytes(32));
        Files.write(flockDirectory.resolve(csId + ".pub"), RANDOM.bytes(32));
    }

    /** Replaces the settings by a file of other length, so that the change shows whatever the clock of the disk says. */
    private void write(String... lines) throws IOException {
        StringBuilder text = new StringBuilder(String.join("\n", lines)).append('\n');
        long before = Files.exists(settings) ? Files.size(settings) : 0;
        while (text.length() <= before) {
            text.append("#\n");
        }
        Files.writeString(settings, text);
    }

    private Roster changed() {
        Optional<Roster> roster = files.poll(NOW);
        assertTrue(roster.isPresent(), "a change is noticed");
        return roster.get();
    }

    private static Device device(Roster roster, int csId) {
        return roster.flock(FLOCK).device(csId);
    }

    @Test
    void findsKeysUnderBothNamesOfADirectory() {
        Roster roster = changed();
        assertEquals(List.of(), files.problems());
        assertNotNull(device(roster, 0x0a000001).keys());
        assertNotNull(device(roster, 0x0a000002).keys());
        assertEquals(Optional.empty(), files.poll(NOW), "nothing changed");
    }

    @Test
    void aMistakeIsToldByLineAndRemovesNothing() throws IOException {
        Roster first = changed();
        write("flock ffee12345600 {", "allow 0a000001 spi 1 0", "allow 0a000003 spi three 0", "}");
        Roster second = changed();
        assertEquals(1, files.problems().size());
        assertTrue(
                files.problems().get(0).startsWith(settings + ": line 3: "),
                files.problems().toString());
        assertSame(device(first, 0x0a000002).keys(), device(second, 0x0a000002).keys());

        write("flock ffee12345600 {", "allow 0a000001 spi 1 0", "}");
        Roster third = changed();
        assertEquals(List.of(), files.problems());
        assertNull(device(third, 0x0a000002), "once mended, what is not there is gone");
    }

    @Test
    void aMissingFileLeavesInForceWhatWasRead() throws IOException {
        changed();
        Files.delete(settings);
        assertEquals(Optional.empty(), files.poll(NOW));
        assertEquals(1, files.problems().size());
        assertTrue(files.problems().get(0).contains("no such file"));
        write("flock ffee12345600 {", "}");
        assertEquals(0, changed().deviceCount());
        assertEquals(List.of(), files.problems());
    }

    @Test
    void keysAreNoticedWhenTheyComeChangeAndGo() throws IOException {
        write(
                "flock ffee12345600 {",
                "allow 0a000001 spi 1 0",
                "allow 0a000002 spi 2 25",
                "allow 0a000003 spi 3 0",
                "}");
        Roster roster = changed();
        assertNull(device(roster, 0x0a000003).keys());
        assertTrue(
                files.problems().get(0).contains("0a000003.key"),
                files.problems().toString());

        device("flock-ffee12345600", "0a000003");
        Roster come = changed();
        assertNotNull(device(come, 0x0a000003).keys());
        assertEquals(List.of(), files.problems());
        assertSame(device(roster, 0x0a000001).keys(), device(come, 0x0a000001).keys(), "others are left alone");

        Path key = secrets.resolve("flock-ffee12345600/0a000003.key");
        Files.write(key, new byte[31]);
        assertEquals(Optional.empty(), files.poll(NOW), "half a key does not replace a whole one");
        assertEquals(1, files.problems().size());

        Files.delete(key);
        assertNull(device(changed(), 0x0a000003).keys(), "taken away on purpose");
    }

    @Test
    void bundlesAreNoticedWithoutTouchingTheSettings() throws IOException {
        Path bundle = directory.resolve("bundle");
        write("flock ffee12345600 {", "allow 0a000001 spi 1 0", "ambry bundle", "}");
        assertNull(changed().flock(FLOCK).ambry);
        assertTrue(files.problems().stream().anyMatch(p -> p.contains("line 3: ambry") && p.contains("no such file")));

        Rig.bundle(FLOCK, 5).write(bundle);
        assertEquals(5, changed().flock(FLOCK).ambry.generation());
        assertEquals(List.of(), files.problems());

        Files.write(bundle, new byte[1000]);
        assertEquals(Optional.empty(), files.poll(NOW));
        assertTrue(
                files.problems().get(0).contains("stays in use"),
                files.problems().toString());

        Rig.bundle(FLOCK, 6).write(bundle);
        assertEquals(6, changed().flock(FLOCK).ambry.generation());

        files.poll(NOW * 3);
        assertTrue(
                files.problems().get(0).contains("out of date"),
                files.problems().toString());
    }

    @Test
    void doesNotFederateWithItself() throws IOException {
        write("federate 203.0.113.1 4500", "federate 203.0.113.2 4500");
        assertEquals(List.of(Address.endpoint("203.0.113.2:4500")), changed().federations);
    }
}
