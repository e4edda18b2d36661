package tier6.launcher.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.file.Identity;

class AddDeviceTest {
    private static final String FLOCK = "00ffee1234567800";
    private static final String SETTINGS = """
            # ours
            flock ffee1234567800 {
            \tallow 0a000001 spi 0x01 25
            \tallow 0a000002 spi 2 0
                ambry /ambry
            }
            flock abc0000000000000 {
            }
            federate 192.0.2.9 4500
            """;

    @TempDir
    private Path directory;

    private Shell shell;
    private Path settings;

    @BeforeEach
    void makeCathedral() throws IOException {
        shell = new Shell(directory);
        Files.createDirectory(directory.resolve("secrets"));
        settings = Files.writeString(directory.resolve("settings"), SETTINGS);
        Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-r-----"));
        Files.writeString(directory.resolve("conf"), """
                mode cathedral
                local 192.0.2.1:4500
                secretdir secrets
                settings settings
                """);
    }

    private byte[] bytes(String path) throws IOException {
        return Files.readAllBytes(directory.resolve(path));
    }

    private static String add(String flock, String kekId, String csId, String rest) {
        return "add-device conf --flock " + flock + " --kek-id " + kekId + " --cs-id " + csId + " --out device" + rest;
    }

    @Test
    void admitsADevice() throws IOException {
        shell.makeFlock(FLOCK);
        String said = shell.ok(add("00ffee123456780a", "3", "a000003", " --bandwidth 10"));
        assertTrue(said.contains("cathedral 192.0.2.1:4500"), said);
        assertTrue(said.contains("flock 00ffee123456780a"), said);
        assertEquals(
                SETTINGS.replace("spi 2 0\n", "spi 2 0\n\tallow 0a000003 spi 0x03 10\n"), Files.readString(settings));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(settings)));
        try (Identity identity = Identity.load(0x00ffee123456780aL, 3, 0x0a000003, directory.resolve("device"))) {
            assertArrayEquals(bytes(FLOCK + "/kek-data/kek-0x03"), identity.kek());
            for (String flock : List.of("flock-ffee1234567800", "flock-" + FLOCK)) {
                Path record = directory.resolve("secrets").resolve(flock);
                assertArrayEquals(identity.cs(), Files.readAllBytes(record.resolve("0a000003.key")));
                assertArrayEquals(
                        Ed25519.publicKey(identity.cosk()), Files.readAllBytes(record.resolve("0a000003.pub")));
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(record.resolve("0a000003.key"))));
            }
        }
        try (Stream<Path> all = Files.list(directory)) {
            assertTrue(all.noneMatch(p -> p.toString().endsWith(".new")), "nothing is left beside");
        }
    }

    @Test
    void makesTheBlockOfANewFlock() throws IOException {
        String said = shell.ok(add("123400", "1", "1", ""));
        assertTrue(said.contains("'ambry PATH'"), said);
        assertTrue(said.contains("kek-0x01 comes from the owner of the flock"), said);
        assertEquals(
                SETTINGS + "\nflock 0000000000123400 {\n    allow 00000001 spi 0x01 0\n}\n",
                Files.readString(settings));
        shell.ok(add("123400", "2", "2", ""));
        assertTrue(Files.readString(settings)
                .endsWith("{\n    allow 00000001 spi 0x01 0\n    allow 00000002 spi 0x02 0\n}\n"));
    }

    @Test
    void fillsAnEmptyBlockAndAnEmptyFile() throws IOException {
        shell.ok(add("abc0000000000000", "1", "1", ""));
        assertEquals(
                SETTINGS.replace("c0000000000000 {\n", "c0000000000000 {\n    allow 00000001 spi 0x01 0\n"),
                Files.readString(settings));
        Files.writeString(settings, "");
        shell.ok(add("abc0000000000000", "1", "1", ""));
        assertEquals("flock abc0000000000000 {\n    allow 00000001 spi 0x01 0\n}\n", Files.readString(settings));
    }

    @Test
    void refusesDuplicates() throws IOException {
        for (String[] ids : new String[][] {{"2", "a000002"}, {"9", "a000002"}, {"2", "a000009"}}) {
            String complaint = shell.fails(1, add(FLOCK, ids[0], ids[1], ""));
            assertTrue(complaint.contains("settings:4: "), complaint);
        }
        assertEquals(SETTINGS, Files.readString(settings));
        assertFalse(Files.exists(directory.resolve("device")));
        shell.ok(add("abc0000000000000", "2", "a000002", ""));
    }

    @Test
    void refusesSettingsThatAreNotWhole() throws IOException {
        Files.writeString(settings, "\nflock 1200 {\n");
        String complaint = shell.fails(1, add("1200", "1", "1", ""));
        assertTrue(complaint.contains("settings:2: ") && complaint.contains("'}'"), complaint);
        Files.delete(settings);
        complaint = shell.fails(1, add("1200", "1", "1", ""));
        assertTrue(complaint.contains("settings"), complaint);
    }

    /** A device keeps its signing key to itself. */
    @Test
    void takesTheKeysOfTheDevice() throws IOException {
        shell.makeFlock(FLOCK);
        shell.ok("device " + FLOCK + " 3 a000003 device");
        byte[] cs = bytes("device/id-0a000003");
        byte[] open = bytes("device/cosk-pub-0a000003");
        Files.delete(directory.resolve("device/cosk-0a000003"));
        String said = shell.ok(add(FLOCK, "3", "a000003", ""));
        assertFalse(said.contains("device/cosk-0a000003"), said);
        assertTrue(said.contains("device/kek-0x03"), said);
        assertArrayEquals(cs, bytes("secrets/flock-" + FLOCK + "/0a000003.key"));
        assertArrayEquals(open, bytes("secrets/flock-" + FLOCK + "/0a000003.pub"));
        assertFalse(Files.exists(directory.resolve("device/cosk-0a000003")));
    }

    @Test
    void goesOnWhereItWasInterrupted() throws IOException {
        shell.ok(add(FLOCK, "3", "a000003", ""));
        Files.writeString(settings, SETTINGS);
        byte[] cs = bytes("device/id-0a000003");
        shell.ok(add(FLOCK, "3", "a000003", ""));
        assertArrayEquals(cs, bytes("device/id-0a000003"));
        assertTrue(Files.readString(settings).contains("allow 0a000003"));
    }

    @Test
    void otherKeysInSecretdirAreReplacedOnlyByForce() throws IOException {
        shell.ok(add(FLOCK, "3", "a000003", ""));
        Files.writeString(settings, SETTINGS);
        byte[] before = bytes("secrets/flock-" + FLOCK + "/0a000003.key");
        String again = add(FLOCK, "3", "a000003", "").replace("--out device", "--out second");
        String complaint = shell.fails(1, again);
        assertTrue(complaint.contains("is another key"), complaint);
        assertFalse(Files.exists(directory.resolve("second")));
        assertEquals(SETTINGS, Files.readString(settings));
        shell.ok(again + " --force");
        assertFalse(Arrays.equals(before, bytes("secrets/flock-" + FLOCK + "/0a000003.key")));
    }

    @Test
    void refusesSigningKeysThatDoNotFit() throws IOException {
        shell.ok("cosk one two");
        Files.createDirectory(directory.resolve("device"));
        Files.move(directory.resolve("one"), directory.resolve("device/cosk-0a000003"));
        shell.ok("cosk one three");
        Files.move(directory.resolve("three"), directory.resolve("device/cosk-pub-0a000003"));
        String complaint = shell.fails(1, add(FLOCK, "3", "a000003", ""));
        assertTrue(complaint.contains("is not the public half"), complaint);
    }

    @Test
    void aLinkToTheSettingsStaysALink() throws IOException {
        Path real = Files.move(settings, directory.resolve("real"));
        Files.createSymbolicLink(settings, real);
        shell.ok(add(FLOCK, "3", "a000003", ""));
        assertTrue(Files.isSymbolicLink(settings));
        assertTrue(Files.readString(real).contains("allow 0a000003"));
    }

    @Test
    void filesBelongToWhoTheCathedralRunsAs() throws IOException {
        Files.writeString(
                directory.resolve("conf"), Files.readString(directory.resolve("conf")) + "run cathedral as daemon\n");
        shell.ok(add(FLOCK, "3", "a000003", ""));
        Path key = directory.resolve("secrets/flock-" + FLOCK + "/0a000003.key");
        boolean given = Files.getOwner(key).getName().equals("daemon");
        assertTrue(given || shell.complaint().contains("chown daemon " + key), shell.complaint());
    }

    @Test
    void theConfigurationMustBeOfACathedral() {
        String complaint = shell.fails(1, add(FLOCK, "3", "3", "").replace("conf", "settings"));
        assertTrue(complaint.contains("settings:"), complaint);
        complaint = shell.fails(1, add(FLOCK, "3", "3", "").replace("conf", "nowhere"));
        assertTrue(complaint.contains("no such file"), complaint);
    }
}
