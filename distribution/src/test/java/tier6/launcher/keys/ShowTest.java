package tier6.launcher.keys;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.sanctum.file.Remembrance;
import tier6.sanctum.file.RemembranceFile;

class ShowTest {
    private static final String FLOCK = "c0ffee1234567800";

    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void makeKeys() throws IOException {
        shell = new Shell(directory);
        shell.makeFlock(FLOCK);
        shell.ok("device " + FLOCK + " 07 0a000007 device");
    }

    private void shows(String file, String... parts) {
        String said = shell.ok("show " + file);
        for (String part : parts) {
            assertTrue(said.contains(part), said);
        }
    }

    @Test
    void knowsKeysByNameAndPlace() {
        shows(FLOCK + "/kek-data/kek-0x07", "KEK of device 07 in flock " + FLOCK + ", secret", "mode");
        shows(FLOCK + "/internal/kek-0x07", "derived for bundles of flock " + FLOCK);
        shows("device/kek-0x07", "KEK of device 07, secret");
        shows("device/id-0a000007", "cathedral secret of device 0a000007, secret");
        shows("device/cosk-0a000007", "signing key of device 0a000007, secret", "fingerprint");
        shows("device/cosk-pub-0a000007", "public signing key of device 0a000007", "fingerprint");
        shows(
                "device/cathedral/flock-" + FLOCK + "/0a000007.key",
                "cathedral secret of device 0a000007 in flock " + FLOCK);
    }

    @Test
    void bothHalvesHaveOneFingerprint() {
        String secret = shell.ok("show device/cosk-0a000007");
        String open = shell.ok("show device/cathedral/flock-" + FLOCK + "/0a000007.pub");
        String line =
                open.lines().filter(l -> l.contains("fingerprint")).findFirst().orElseThrow();
        assertTrue(secret.contains(line), secret + open);
    }

    @Test
    void showsNoSecret() throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve("device"))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String hex = HexFormat.of().formatHex(Files.readAllBytes(file), 0, 4);
                assertFalse(shell.ok("show " + file).contains(hex), file.toString());
            }
        }
    }

    @Test
    void warnsOfTooMuchMode() throws IOException {
        Path file = directory.resolve("device/id-0a000007");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-x------"));
        assertFalse(shell.ok("show " + file).contains("chmod"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertTrue(shell.ok("show " + file).contains("chmod go="));
    }

    @Test
    void knowsBundles() {
        shell.ok("bundle " + FLOCK + " --days 30 --out bundle");
        shows("bundle", "ambry bundle", FLOCK, "generation", "expires      2026-03-");
        shell.at(Shell.NOW.plus(Duration.ofDays(31)));
        shows("bundle", "expired      2026-03-");
    }

    @Test
    void knowsRemembrances() throws IOException {
        Remembrance remembrance = new Remembrance(List.of(new InetSocketAddress("192.0.2.1", 4500)));
        RemembranceFile.write(directory.resolve("r"), remembrance, RemembranceFile.Format.SANCTUM);
        shows("r", "remembrance of sanctum", "192.0.2.1:4500");
        RemembranceFile.write(directory.resolve("r"), remembrance, RemembranceFile.Format.TIER6);
        shows("r", "remembrance of a node", "192.0.2.1:4500");
    }

    @Test
    void knowsDirectories() throws IOException {
        shell.ok("export " + FLOCK + " 1200");
        Files.delete(directory.resolve(FLOCK + "/kek-data/kek-0x09"));
        shows(
                FLOCK,
                "directory of flock " + FLOCK,
                "254 KEKs: 255 are needed",
                "255 derived for its own bundles",
                "255 derived for bundles with flock 0000000000001200");
        shows("device", "kek-0x07", "id-0a000007", "cosk-0a000007", "cosk-pub-0a000007");
    }

    @Test
    void knowsDamage() throws IOException {
        byte[] cosk = Files.readAllBytes(directory.resolve("device/cosk-0a000007"));
        cosk[40] ^= 1;
        Files.write(directory.resolve("bad"), cosk);
        assertTrue(shell.fails(1, "show bad").contains("halves do not belong together"));
        Files.write(directory.resolve("id-00000001"), new byte[31]);
        assertTrue(shell.fails(1, "show id-00000001").contains("31 bytes and should have 32"));
        Files.write(directory.resolve("what"), new byte[33]);
        assertTrue(shell.fails(1, "show what").contains("no file of keys"));
        assertTrue(shell.fails(1, "show nowhere").contains("does not exist"));
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("device/id-0a000007"));
        assertTrue(shell.fails(1, "show link").contains("symbolic link"));
    }
}
