package tier6.launcher.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.sanctum.ambry.Ambry;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.crypto.Ed25519;

/**
 * Our commands and the C tools on the same directories, each reading what the other wrote, where {@code TIER6_REFERENCE} names
 * the prefix of the C programs.
 */
class ReferenceToolsTest {
    private static final String PREFIX = System.getenv("TIER6_REFERENCE");

    private static final long A = 0x00ffee1234567800L;
    private static final String NAME_A = "00ffee1234567800";
    private static final long B = 0xabc0000000000000L;
    private static final String NAME_B = "abc0000000000000";

    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void thereAreTools() {
        assumeTrue(PREFIX != null, "needs the C programs: TIER6_REFERENCE is not set");
        for (String tool : List.of("ambry", "vicar")) {
            assumeTrue(Files.isExecutable(Path.of(PREFIX, "bin", tool)), "there is no bin/" + tool + " in " + PREFIX);
        }
        shell = new Shell(directory);
    }

    private byte[] bytes(String path) throws IOException {
        return Files.readAllBytes(directory.resolve(path));
    }

    private void tool(String line) throws IOException, InterruptedException {
        List<String> words = List.of(line.split(" "));
        run(Stream.concat(
                        Stream.of(Path.of(PREFIX, "bin", words.get(0)).toString()),
                        words.stream().skip(1))
                .toList());
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Path log = directory.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put(Passphrases.VARIABLE, Shell.PASSPHRASE);
        Process process = builder.start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
        String said = Files.readString(log);
        assertEquals(0, process.waitFor(), command + ": " + said);
        return said;
    }

    /** Both ends of a tunnel get the same secret out of a bundle, each with its KEK. */
    private void assertOpens(String bundle, String kekA, long a, String kekB, long b, int tunnel) throws IOException {
        AmbryBundle read = AmbryBundle.read(directory.resolve(bundle));
        int reverse = (tunnel & 0xff) << 8 | tunnel >>> 8;
        byte[] one = Ambry.unwrap(bytes(kekA), a, b, read.find(a, tunnel));
        byte[] two = Ambry.unwrap(bytes(kekB), b, a, read.find(b, reverse));
        assertEquals(Ambry.SECRET_SIZE, one.length);
        assertArrayEquals(one, two);
    }

    @Test
    void theirBundleOfOurFlock() throws Exception {
        shell.ok("create-flock " + NAME_A);
        tool("ambry bundle " + NAME_A + " " + NAME_A + " 30 bundle");
        assertOpens("bundle", NAME_A + "/kek-data/kek-0x01", A, NAME_A + "/kek-data/kek-0xfe", A, 0x01fe);
        assertTrue(shell.ok("show bundle").contains("flock        " + NAME_A));
    }

    @Test
    void ourBundleOfTheirFlock() throws Exception {
        tool("ambry generate " + NAME_A);
        shell.ok("bundle " + NAME_A + " --days 30 --out bundle");
        assertOpens("bundle", NAME_A + "/kek-data/kek-0x01", A, NAME_A + "/kek-data/kek-0xfe", A, 0x01fe);
        assertTrue(shell.ok("show " + NAME_A).contains("  255 derived for its own bundles"));
    }

    @Test
    void eachRenewsWhatTheOtherMade() throws Exception {
        tool("ambry generate " + NAME_A);
        shell.ok("renew-kek " + NAME_A + " 0a");
        tool("ambry bundle " + NAME_A + " " + NAME_A + " 30 theirs");
        assertOpens("theirs", NAME_A + "/kek-data/kek-0x0a", A, NAME_A + "/kek-data/kek-0x0b", A, 0x0a0b);
        tool("ambry renew " + NAME_A + " 0b");
        shell.ok("bundle " + NAME_A + " --days 30 --out ours");
        assertOpens("ours", NAME_A + "/kek-data/kek-0x0a", A, NAME_A + "/kek-data/kek-0x0b", A, 0x0a0b);
    }

    @Test
    void bundlesOfTwoFlocks() throws Exception {
        shell.makeFlock(NAME_A);
        tool("ambry generate " + NAME_B);
        shell.ok("export " + NAME_A + " " + NAME_B);
        tool("ambry export " + NAME_B + " " + NAME_A);
        tool("ambry bundle " + NAME_A + " " + NAME_B + " 30 theirs");
        shell.ok("bundle " + NAME_A + " " + NAME_B + " --days 30 --out ours");
        for (String bundle : List.of("theirs", "ours")) {
            assertOpens(bundle, NAME_A + "/kek-data/kek-0x05", A, NAME_B + "/kek-data/kek-0x05", B, 0x0505);
        }
        byte[] theirs = bytes(NAME_B + "/external/" + NAME_A + "/kek-0x80");
        shell.ok("export " + NAME_B + " " + NAME_A + " --force");
        assertArrayEquals(theirs, bytes(NAME_B + "/external/" + NAME_A + "/kek-0x80"));
    }

    @Test
    void theirSigningKeysAreOurs() throws Exception {
        tool("ambry cosk-pair private public");
        assertArrayEquals(Ed25519.publicKey(bytes("private")), bytes("public"));
        byte[] text = {1, 2, 3};
        assertTrue(Ed25519.verify(bytes("public"), text, Ed25519.sign(bytes("private"), text)));
        assertTrue(shell.ok("show private").contains("signing key"));
    }

    @Test
    void theirVicarOfOurDevice() throws Exception {
        shell.makeFlock(NAME_A);
        shell.ok("device " + NAME_A + " 02 1af4279e device");
        tool(
                "vicar 0x0200 00ffee123456780a 1af4279e device/kek-0x02 device/id-1af4279e device/cosk-1af4279e 192.0.2.200 4500"
                        + " vicar");
        String said = shell.ok("vicar read vicar again");
        assertTrue(said.contains("cathedral 192.0.2.200:4500"), said);
        assertTrue(said.contains("flock 00ffee123456780a"), said);
        for (String name : List.of("kek-0x02", "id-1af4279e", "cosk-1af4279e", "cosk-pub-1af4279e")) {
            assertArrayEquals(bytes("device/" + name), bytes("again/" + name), name);
        }
    }

    /** Their tool only writes vicar files; their library reads them. */
    @Test
    void theirLibraryOpensOurVicar() throws Exception {
        assumeTrue(
                Files.exists(Path.of(PREFIX, "lib", "libkyrka.a")) && Files.exists(Path.of("/usr/bin/cc")),
                "needs lib/libkyrka.a in " + PREFIX + " and a C compiler");
        try (InputStream source = ReferenceToolsTest.class.getResourceAsStream("vicar-load.c")) {
            Files.write(directory.resolve("load.c"), source.readAllBytes());
        }
        run(List.of(
                "cc",
                "-I" + PREFIX + "/include/libkyrka",
                "load.c",
                "-L" + PREFIX + "/lib",
                "-lkyrka",
                "-lsodium",
                "-lm",
                "-o",
                "load"));
        shell.makeFlock(NAME_A);
        shell.ok("device " + NAME_A + " 02 1af4279e device");
        shell.ok("vicar write 00ffee123456780a 02 1af4279e device --cathedral 192.0.2.200:4500 --out vicar");
        assertEquals(
                "1af4279e 0200 00ffee123456780a\n",
                run(List.of(directory.resolve("load").toString(), "vicar", Shell.PASSPHRASE)));
    }
}
