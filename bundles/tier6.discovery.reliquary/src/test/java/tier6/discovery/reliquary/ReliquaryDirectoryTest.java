package tier6.discovery.reliquary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.file.Identity;

/** The files of section 15.5, byte for byte. */
class ReliquaryDirectoryTest {
    private static final long FLOCK = 0x00ffee1234567800L;
    private static final String TOKEN = "0123456789abcdef".repeat(2);
    private static final URI API = URI.create("https://vessel.example/v1");

    @TempDir
    private Path home;

    private ReliquaryDirectory directory() {
        return new ReliquaryDirectory(home.resolve("reliquary"));
    }

    private static byte[] filled(int size, int with) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    /** All files with their modes. */
    private Map<String, String> modes() throws IOException {
        Map<String, String> modes = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory().path())) {
            for (Path path : all.toList()) {
                modes.put(
                        directory().path().relativize(path).toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            }
        }
        return modes;
    }

    private String content(String name) throws IOException {
        return Files.readString(directory().path().resolve(name));
    }

    @Test
    void anEmptyDirectoryHasNothing() throws Exception {
        assertEquals(Optional.empty(), directory().api());
        assertEquals("", directory().token());
        assertEquals(Optional.empty(), directory().cathedral());
        assertEquals(Optional.empty(), directory().natPort());
        assertEquals(List.of(), directory().memberships());
        assertEquals(Optional.empty(), directory().membership(FLOCK).csId());
        assertFalse(directory().membership(FLOCK).isJoined());
    }

    @Test
    void everythingIsWhereTheScriptsLook() throws Exception {
        directory().write(API, new Access(TOKEN, "192.0.2.1:4500", 4470));
        byte[] cosk = Ed25519.ofSeed(filled(32, 7));
        Membership membership = directory().membership(FLOCK | 0x42);
        membership.join(new NewDevice(0x0a00000b, filled(32, 5)), cosk);
        membership.installKek(0x0b, filled(32, 9));

        String flock = "00ffee1234567800";
        Map<String, String> expected = new TreeMap<>(Map.of(
                "",
                "rwx------",
                "api",
                "rw-r--r--",
                "token",
                "rw-------",
                "natport",
                "rw-r--r--",
                "cathedral",
                "rw-r--r--",
                flock,
                "rwx------"));
        expected.putAll(Map.of(
                flock + "/cathedral_id", "rw-r--r--",
                flock + "/id-0a00000b", "rw-------",
                flock + "/cosk-0a00000b", "rw-------",
                flock + "/cosk-pub-0a00000b", "rw-r--r--",
                flock + "/device_kek", "rw-r--r--",
                flock + "/kek-0x0b", "rw-------"));
        assertEquals(expected, modes());
        assertEquals("https://vessel.example/v1\n", content("api"));
        assertEquals(TOKEN + "\n", content("token"));
        assertEquals("4470\n", content("natport"));
        assertEquals("192.0.2.1:4500\n", content("cathedral"));
        assertEquals("0a00000b\n", content(flock + "/cathedral_id"));
        assertEquals("0b\n", content(flock + "/device_kek"));
        Path room = directory().path().resolve(flock);
        assertArrayEquals(filled(32, 5), Files.readAllBytes(room.resolve("id-0a00000b")));
        assertArrayEquals(cosk, Files.readAllBytes(room.resolve("cosk-0a00000b")));
        assertArrayEquals(Ed25519.publicKey(cosk), Files.readAllBytes(room.resolve("cosk-pub-0a00000b")));
        assertArrayEquals(filled(32, 9), Files.readAllBytes(room.resolve("kek-0x0b")));

        assertEquals(Optional.of(API), directory().api());
        assertEquals(TOKEN, directory().token());
        assertEquals(Optional.of("192.0.2.1:4500"), directory().cathedral());
        assertEquals(Optional.of("4470"), directory().natPort());
        assertEquals(List.of(new Membership(room, FLOCK)), directory().memberships());
        assertEquals(Optional.of(0x0a00000b), membership.csId());
        assertEquals(Optional.of(0x0b), membership.kekId());
        try (Identity identity = Identity.load(
                FLOCK,
                0x0b,
                0x0a00000b,
                membership.cs(0x0a00000b),
                membership.cosk(0x0a00000b),
                membership.kek(0x0b))) {
            assertTrue(identity.hasKek());
        }
    }

    @Test
    void withoutAnAccountTheTokenIsAnEmptyFile() throws Exception {
        directory().write(API, new Access("", "192.0.2.1:4500", 4470));
        assertEquals("", content("token"));
        assertEquals("", directory().token());
    }

    @Test
    void whatIsNotWhatItShouldBeIsNamed() throws Exception {
        directory().make();
        Files.writeString(directory().path().resolve("token"), "hello\n");
        assertTrue(assertThrows(ReliquaryException.class, () -> directory().token())
                .getMessage()
                .contains("holds no token"));
        Files.write(directory().path().resolve("cathedral"), new byte[5000]);
        assertTrue(assertThrows(ReliquaryException.class, () -> directory().cathedral())
                .getMessage()
                .contains("not a file with one line"));
        Files.createDirectories(directory().path().resolve("natport"));
        assertThrows(ReliquaryException.class, () -> directory().natPort());
        Path room = Files.createDirectories(directory().membership(FLOCK).directory());
        for (String number : List.of("0a00001", "0A000001", "../../../")) {
            Files.writeString(room.resolve("cathedral_id"), number);
            assertThrows(
                    ReliquaryException.class,
                    () -> directory().membership(FLOCK).csId());
        }
        Files.writeString(room.resolve("device_kek"), "0x01");
        assertThrows(
                ReliquaryException.class, () -> directory().membership(FLOCK).kekId());
    }
}
