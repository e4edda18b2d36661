package tier6.launcher.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tier6.sanctum.ambry.Ambry;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.file.Identity;

class KeysTest {
    private static final long FLOCK = 0x00ffee1234567800L;
    private static final String NAME = "00ffee1234567800";
    private static final long OTHER = 0xabc0000000000000L;
    private static final String OTHER_NAME = "abc0000000000000";

    @TempDir
    private Path directory;

    private Shell shell() {
        return new Shell(directory);
    }

    private byte[] bytes(String path) throws IOException {
        return Files.readAllBytes(directory.resolve(path));
    }

    private String mode(String path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(path)));
    }

    private List<String> names(String path) throws IOException {
        try (Stream<Path> all = Files.list(directory.resolve(path))) {
            return all.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void everyCommandHelps() {
        Shell shell = shell();
        String all = shell.ok("--help");
        for (String name : List.of(
                "create-flock",
                "renew-kek",
                "export",
                "bundle",
                "cosk",
                "device",
                "vicar write",
                "vicar read",
                "show")) {
            assertTrue(all.contains("  " + name + " "), name);
            String help = shell.ok(name + " --help");
            assertTrue(help.startsWith("Usage: tier6 keys " + name + " "), help);
            assertTrue(help.lines().skip(1).allMatch(line -> line.length() <= 100), help);
        }
        assertTrue(shell.ok("add-device --help").startsWith("Usage: tier6 cathedral add-device "));
    }

    @ParameterizedTest
    @CsvSource({
        "nonsense, no command 'nonsense'",
        "vicar, no command 'vicar'",
        "create-flock, FLOCK is missing",
        "create-flock xyz, 'xyz' is not a flock id",
        "renew-kek 1 00, '00' is not a kek-id",
        "device 1 ff 1 dir, write two hexadecimal digits from 01 to fe",
        "export 1200 12ff, OTHER-FLOCK is FLOCK itself",
        "bundle 1200 --days 0 --out x, '0' is not a number from 1",
        "bundle 1200 --days 65535 --out x, more than the format can say",
        "bundle 1200 --out x, --days N is missing"
    })
    void badUsageIsTwo(String line, String part) {
        String complaint = shell().fails(2, line);
        assertTrue(complaint.contains(part), complaint);
    }

    @Test
    void aFlockIsMadeOnceWithAllItsKeks() throws IOException {
        shell().ok("create-flock " + NAME);
        assertEquals(List.of("external", "internal", "kek-data"), names(NAME));
        assertEquals(255, names(NAME + "/kek-data").size());
        assertEquals(255, names(NAME + "/internal").size());
        assertEquals("rw-------", mode(NAME + "/kek-data/kek-0x01"));
        assertEquals("rwx------", mode(NAME));
        assertEquals("rwx------", mode(NAME + "/kek-data"));
        byte[] kek = bytes(NAME + "/kek-data/kek-0xff");
        assertEquals(32, kek.length);
        assertArrayEquals(Ambry.derive(kek, FLOCK, FLOCK), bytes(NAME + "/internal/kek-0xff"));

        String complaint = shell().fails(1, "create-flock 0xffee12345678ab");
        assertTrue(complaint.contains("exists already"), complaint);
        assertArrayEquals(kek, bytes(NAME + "/kek-data/kek-0xff"));
        assertEquals(List.of("external", "internal", "kek-data"), names(NAME));
    }

    @Test
    void renewsOneKek() throws IOException {
        Shell shell = shell();
        shell.makeFlock(NAME);
        shell.ok("export " + NAME + " " + OTHER_NAME);
        byte[] one = bytes(NAME + "/kek-data/kek-0x0f");
        byte[] other = bytes(NAME + "/kek-data/kek-0x10");
        String said = shell.ok("renew-kek " + NAME + " 0x0f");
        assertTrue(said.contains("tier6 keys export " + NAME + " " + OTHER_NAME + " --force"), said);
        byte[] renewed = bytes(NAME + "/kek-data/kek-0x0f");
        assertFalse(Arrays.equals(one, renewed));
        assertArrayEquals(other, bytes(NAME + "/kek-data/kek-0x10"));
        assertArrayEquals(Ambry.derive(renewed, FLOCK, FLOCK), bytes(NAME + "/internal/kek-0x0f"));

        String complaint = shell.fails(1, "export " + NAME + " " + OTHER_NAME);
        assertTrue(complaint.contains("--force"), complaint);
        shell.ok("export " + NAME + " " + OTHER_NAME + " --force");
        assertArrayEquals(Ambry.derive(renewed, FLOCK, OTHER), bytes(NAME + "/external/" + OTHER_NAME + "/kek-0x0f"));
    }

    @Test
    void aFlockMustBeThere() {
        for (String line :
                List.of("renew-kek 1200 1", "export 1200 1300", "device 1200 1 1 d", "bundle 1200 --days 1 --out x")) {
            String complaint = shell().fails(1, line);
            assertTrue(complaint.contains("does not exist") && complaint.contains("create-flock"), complaint);
        }
        assertFalse(Files.exists(directory.resolve("0000000000001200")));
        assertFalse(Files.exists(directory.resolve("d")));
    }

    @Test
    void makesABundleForAFlock() throws IOException {
        Shell shell = shell();
        shell.makeFlock(NAME);
        String said = shell.ok("bundle " + NAME + " --days 30 --out bundle");
        assertTrue(said.contains("pairs        32385"), said);
        AmbryBundle bundle = AmbryBundle.read(directory.resolve("bundle"));
        byte[] one = Ambry.unwrap(bytes(NAME + "/kek-data/kek-0x01"), FLOCK, FLOCK, bundle.find(FLOCK, 0x01fe));
        byte[] two = Ambry.unwrap(bytes(NAME + "/kek-data/kek-0xfe"), FLOCK, FLOCK, bundle.find(FLOCK, 0xfe01));
        assertEquals(32, one.length);
        assertArrayEquals(one, two);
        assertFalse(bundle.expired(Shell.NOW.plus(Duration.ofDays(29)).getEpochSecond()));
        assertTrue(bundle.expired(Shell.NOW.plus(Duration.ofDays(30)).getEpochSecond()));
        assertTrue(shell.complaint().matches("(?s)making the bundle of flock " + NAME + " \\.\\.\\.+ done, .* s\\R"));

        // Bundles are replaced all the time, other files are not.
        shell.ok("bundle " + NAME + " --days 30 --out bundle");
        assertFalse(bundle.generation()
                == AmbryBundle.read(directory.resolve("bundle")).generation());
        Files.writeString(directory.resolve("precious"), "text");
        String complaint = shell.fails(1, "bundle " + NAME + " --days 30 --out precious");
        assertTrue(complaint.contains("--force"), complaint);
        assertEquals("text", Files.readString(directory.resolve("precious")));
        complaint = shell.fails(1, "bundle " + NAME + " --days 30 --out missing/bundle");
        assertTrue(complaint.contains("make the directory"), complaint);
    }

    /** The owners exchange what they derived; a KEK leaves neither. */
    @Test
    void makesABundleForAPairOfFlocks() throws IOException {
        Shell owner = new Shell(Files.createDirectory(directory.resolve("owner")));
        Shell friend = new Shell(Files.createDirectory(directory.resolve("friend")));
        owner.makeFlock(NAME);
        owner.ok("export " + NAME + " " + OTHER_NAME);
        String complaint = owner.fails(1, "bundle " + NAME + " " + OTHER_NAME + " --days 7 --out bundle");
        assertTrue(complaint.contains("'tier6 keys export " + OTHER_NAME + " " + NAME + "'"), complaint);

        friend.makeFlock(OTHER_NAME);
        friend.ok("export " + OTHER_NAME + " " + NAME);
        Path brought = directory.resolve("owner/" + OTHER_NAME + "/external");
        Files.createDirectories(brought);
        Files.move(directory.resolve("friend/" + OTHER_NAME + "/external/" + NAME), brought.resolve(NAME));
        owner.ok("bundle " + NAME + " " + OTHER_NAME + " --days 7 --out bundle");

        AmbryBundle bundle = AmbryBundle.read(directory.resolve("owner/bundle"));
        byte[] one =
                Ambry.unwrap(bytes("owner/" + NAME + "/kek-data/kek-0x05"), FLOCK, OTHER, bundle.find(FLOCK, 0x0505));
        byte[] two = Ambry.unwrap(
                bytes("friend/" + OTHER_NAME + "/kek-data/kek-0x05"), OTHER, FLOCK, bundle.find(OTHER, 0x0505));
        assertEquals(32, one.length);
        assertArrayEquals(one, two);
    }

    @Test
    void makesAPairOfSigningKeys() throws IOException {
        shell().ok("cosk private public");
        byte[] secret = bytes("private");
        assertArrayEquals(Ed25519.ofSeed(Arrays.copyOf(secret, 32)), secret);
        assertArrayEquals(Ed25519.publicKey(secret), bytes("public"));
        assertEquals("rw-------", mode("private"));
        String complaint = shell().fails(1, "cosk other public");
        assertTrue(complaint.contains("public exists already"), complaint);
        assertFalse(Files.exists(directory.resolve("other")));
        shell().ok("cosk private public --force");
        assertFalse(Arrays.equals(secret, bytes("private")));
    }

    @Test
    void makesADevice() throws IOException {
        Shell shell = shell();
        shell.makeFlock(NAME);
        String said = shell.ok("device 00ffee123456780a 0x07 a000007 device");
        assertTrue(said.contains("flock 00ffee123456780a\n"), said);
        assertEquals(
                List.of("cathedral", "cosk-0a000007", "cosk-pub-0a000007", "id-0a000007", "kek-0x07"), names("device"));
        try (Identity identity = Identity.load(FLOCK, 7, 0x0a000007, directory.resolve("device"))) {
            assertArrayEquals(bytes(NAME + "/kek-data/kek-0x07"), identity.kek());
            for (String flock : List.of("flock-ffee1234567800", "flock-" + NAME)) {
                assertArrayEquals(identity.cs(), bytes("device/cathedral/" + flock + "/0a000007.key"));
                assertArrayEquals(
                        Ed25519.publicKey(identity.cosk()), bytes("device/cathedral/" + flock + "/0a000007.pub"));
            }
            assertFalse(said.contains(HexFormat.of().formatHex(identity.cs(), 0, 4)));
        }
        for (String secret :
                List.of("id-0a000007", "cosk-0a000007", "kek-0x07", "cathedral/flock-" + NAME + "/0a000007.key")) {
            assertEquals("rw-------", mode("device/" + secret), secret);
        }
        String complaint = shell.fails(1, "device " + NAME + " 07 0a000007 device");
        assertTrue(complaint.contains("exists already"), complaint);
    }

    /** The key derivation takes seconds, so there is one test for both directions. */
    @Test
    void aDeviceTravelsInAVicarFile() throws IOException {
        Shell shell = shell();
        shell.makeFlock(NAME);
        shell.ok("device " + NAME + " fe 80000001 device");
        shell.ok("vicar write 00ffee123456780a fe 80000001 device --cathedral 192.0.2.200:4500 --out vicar");
        assertEquals("rw-------", mode("vicar"));
        String said = shell.ok("vicar read vicar again");
        assertTrue(said.contains("cathedral 192.0.2.200:4500"), said);
        assertTrue(said.contains("flock 00ffee123456780a"), said);
        for (String name : List.of("id-80000001", "cosk-80000001", "cosk-pub-80000001", "kek-0xfe")) {
            assertArrayEquals(bytes("device/" + name), bytes("again/" + name), name);
        }
        String complaint = shell.typing("wrong").fails(1, "vicar read vicar third");
        assertTrue(complaint.contains("passphrase is wrong"), complaint);
        assertFalse(Files.exists(directory.resolve("third")));
        complaint = shell.fails(1, "vicar read device/id-80000001 third");
        assertTrue(complaint.contains("216 bytes"), complaint);
        complaint =
                shell.fails(1, "vicar write " + NAME + " fe 80000001 device --cathedral 192.0.2.200:4500 --out vicar");
        assertTrue(complaint.contains("--force"), complaint);
    }
}
