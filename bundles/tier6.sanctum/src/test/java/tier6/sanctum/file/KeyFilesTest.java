package tier6.sanctum.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;

class KeyFilesTest {

    private final RandomSource random = new Random(15)::nextBytes;

    @TempDir
    private Path directory;

    @Test
    void writesWhatOnlyItsOwnerCanRead() throws IOException {
        Path file = directory.resolve("secret");
        byte[] secret = random.bytes(32);
        KeyFiles.writeSecret(file, new byte[64]);
        KeyFiles.writeSecret(file, secret);
        assertArrayEquals(secret, KeyFiles.readSecret(file, 32));
        assertEquals(List.of(file), list(), "nothing beside it is left");
        if (posix()) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    @Test
    void writesWhatAllCanRead() throws IOException {
        Path file = directory.resolve("public");
        KeyFiles.writePublic(file, new byte[] {1});
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(file));
        assumeTrue(posix(), "no permissions on this file system");
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void aFailedWriteLeavesNothingBehind() throws IOException {
        Path taken = Files.createDirectory(directory.resolve("taken"));
        Files.createFile(taken.resolve("by this"));
        assertThrows(IOException.class, () -> KeyFiles.writeSecret(taken, new byte[32]));
        assertEquals(List.of(taken), list());
    }

    @Test
    void readsTheBeginningOfALongerFile() throws IOException {
        Path file = directory.resolve("long");
        byte[] content = random.bytes(40);
        Files.write(file, content);
        assertArrayEquals(Arrays.copyOf(content, 32), KeyFiles.readSecret(file, 32));
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        Path shorter = Files.write(directory.resolve("short"), new byte[31]);
        assertRefused(shorter, "too short");
        assertRefused(directory.resolve("none"), "does not exist");
        assertRefused(directory, "no regular file");
        Path target = Files.write(directory.resolve("target"), new byte[32]);
        assertRefused(Files.createSymbolicLink(directory.resolve("link"), target), "symbolic link");
    }

    @Test
    void readsOnlyTheSizesAskedFor() throws IOException {
        Path file = Files.write(directory.resolve("sized"), new byte[7]);
        assertEquals(7, KeyFiles.readSized(file, 3, 7).length);
        IOException e = assertThrows(IOException.class, () -> KeyFiles.readSized(file, 6, 8));
        assertTrue(e.getMessage().contains("7 bytes"), e.getMessage());
    }

    @Test
    void anIdentityGoesThroughFiles() throws IOException {
        long flock = 0x00abcdef0102030aL;
        byte[] cs = random.bytes(32);
        byte[] cosk = Ed25519.generate(random);
        byte[] kek = random.bytes(32);
        try (Identity identity = new Identity(flock, 8, 0xf056e10, cs, cosk, kek)) {
            identity.write(directory.resolve("device"));
            assertEquals(
                    List.of("cosk-0f056e10", "cosk-pub-0f056e10", "id-0f056e10", "kek-0x08"),
                    names(directory.resolve("device")));
            try (Identity again = Identity.load(flock, 8, 0xf056e10, directory.resolve("device"))) {
                assertArrayEquals(cs, again.cs());
                assertArrayEquals(cosk, again.cosk());
                assertArrayEquals(kek, again.kek());
            }
            try (Identity bare = Identity.load(
                    flock,
                    8,
                    0xf056e10,
                    directory.resolve("device/id-0f056e10"),
                    directory.resolve("device/cosk-0f056e10"),
                    null)) {
                assertFalse(bare.hasKek());
            }

            identity.writeForCathedral(directory.resolve("cathedral"));
            assertEquals(
                    List.of("flock-00abcdef01020300", "flock-abcdef01020300"), names(directory.resolve("cathedral")));
            for (String name : names(directory.resolve("cathedral"))) {
                Path records = directory.resolve("cathedral").resolve(name);
                assertArrayEquals(cs, KeyFiles.readSecret(records.resolve("0f056e10.key"), 32));
                assertArrayEquals(Ed25519.publicKey(cosk), KeyFiles.readSecret(records.resolve("0f056e10.pub"), 32));
            }
        }
        assertArrayEquals(new byte[32], cs, "cleared");
    }

    @Test
    void anIdentityIsCheckedAndDiscreet() {
        byte[] cs = random.bytes(32);
        byte[] cosk = Ed25519.generate(random);
        for (int kekId : new int[] {0, 255, -1}) {
            assertThrows(IllegalArgumentException.class, () -> new Identity(1, kekId, 2, cs, cosk, new byte[0]));
        }
        assertThrows(IllegalArgumentException.class, () -> new Identity(1, 1, 2, cs, cosk, new byte[31]));
        String text = new Identity(0x10a, 1, 2, cs, cosk, new byte[0]).toString();
        assertEquals("Identity[flock=000000000000010a, kek-id=1, cs-id=00000002]", text);
        assertFalse(text.contains(HexFormat.of().formatHex(cs)));
    }

    private void assertRefused(Path path, String why) {
        IOException e = assertThrows(IOException.class, () -> KeyFiles.readSecret(path, 32));
        assertTrue(e.getMessage().contains(why), e.getMessage());
        assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    private boolean posix() {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
