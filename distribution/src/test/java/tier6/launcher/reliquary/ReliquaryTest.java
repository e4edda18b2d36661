package tier6.launcher.reliquary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tier6.discovery.reliquary.ReliquaryDirectory;
import tier6.discovery.reliquary.TestReliquary;
import tier6.sanctum.ambry.Flock;
import tier6.sanctum.crypto.RandomSource;

/** Sequences of commands, on two hosts, against a server that behaves as section 18.1 says. */
class ReliquaryTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String NOWHERE = "1234567890abcd00";

    @TempDir
    private Path directory;

    private TestReliquary server;
    private Host owner;
    private Host node;

    @BeforeEach
    void serve() throws IOException {
        server = TestReliquary.unhurried();
        owner = new Host(directory.resolve("owner"));
        node = new Host(directory.resolve("node"));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static String find(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), text);
        return matcher.group();
    }

    @Test
    void fromNothingToADeviceThatIsReady() throws Exception {
        String said = owner.ok("register " + server.api());
        String accountKey = find("[0-9a-f]{64}", said);
        String token = owner.content("token").strip();
        assertEquals(
                Map.of(
                        "api",
                        server.api() + "\n",
                        "token",
                        token + "\n",
                        "natport",
                        "4470\n",
                        "cathedral",
                        "127.0.0.1:4500\n"),
                owner.contents());
        assertFalse(said.contains(token), said);

        String flock = find("[0-9a-f]{14}00", owner.ok("flock create"));
        assertEquals(Set.of(flock), server.flocks.keySet());
        assertEquals(flock + "\n", owner.ok("flock list"));

        byte[] kek;
        try (Flock keys = Flock.generate(Long.parseUnsignedLong(flock, 16), RandomSource.secure())) {
            keys.bundle(30, NOW.getEpochSecond(), RandomSource.secure()).write(owner.home.resolve("ambry"));
            kek = keys.kek(1);
        }
        assertTrue(owner.ok("ambry upload " + flock + " ambry").contains("of flock " + flock));
        assertArrayEquals(Files.readAllBytes(owner.home.resolve("ambry")), server.flocks.get(flock).ambry);

        node.ok("init " + server.api() + "/");
        assertEquals("", node.content("token"));
        String id = find("\\b[0-9a-f]{8}\\b", node.ok("flock join " + flock));
        TestReliquary.Member member = server.flocks.get(flock).members.get(id);
        assertEquals(id + "\n", node.content(flock + "/cathedral_id"));
        assertArrayEquals(HexFormat.of().parseHex(member.secret), node.bytes(flock + "/id-" + id));
        assertArrayEquals(member.cosk, node.bytes(flock + "/cosk-pub-" + id));
        byte[] cosk = node.bytes(flock + "/cosk-" + id);
        assertEquals(64, cosk.length);
        assertArrayEquals(member.cosk, Arrays.copyOfRange(cosk, 32, 64));
        assertTrue(node.ok("status").contains("kek      none yet"));

        assertEquals(id + "  not approved  joined 2026-09-21\n", owner.ok("device list " + flock));
        assertTrue(owner.ok("device approve " + flock + " " + id).contains("its kek-id is 01"));
        assertEquals(id + "  kek 01        joined 2026-09-21\n", owner.ok("device list " + flock));

        Files.write(node.home.resolve("handed-over"), kek);
        node.ok("kek install " + flock + " 01 handed-over");
        assertArrayEquals(kek, node.bytes(flock + "/kek-0x01"));
        assertEquals("01\n", node.content(flock + "/device_kek"));
        assertEquals(
                Set.of(
                        "api",
                        "token",
                        "natport",
                        "cathedral",
                        flock + "/cathedral_id",
                        flock + "/id-" + id,
                        flock + "/cosk-" + id,
                        flock + "/cosk-pub-" + id,
                        flock + "/kek-0x01",
                        flock + "/device_kek"),
                node.contents().keySet());
        for (String secret : List.of("token", flock + "/id-" + id, flock + "/cosk-" + id, flock + "/kek-0x01")) {
            assertEquals(
                    "rw-------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(node.reliquary.resolve(secret))));
        }
        assertEquals("""
                Reliquary %s in %s
                  account    none, which is enough for a device
                  cathedral  127.0.0.1:4500
                  NAT port   4470
                  flock %s
                    device   %s
                    kek      01
                """.formatted(server.api(), node.reliquary, flock, id), node.ok("status"));

        // Another host of the owner, and the end.
        Host other = new Host(directory.resolve("other"));
        other.key = "  " + accountKey + "\n";
        other.ok("login " + server.api());
        assertEquals(flock + "\n", other.ok("flock list"));
        server.cathedrals = "Amsterdam - 192.0.2.1:4500\n192.0.2.2:4500\n";
        assertEquals("Amsterdam - 192.0.2.1:4500\n192.0.2.2:4500\n", other.ok("cathedral list"));
        other.ok("device delete " + flock + " " + id);
        assertEquals(Map.of(), server.flocks.get(flock).members);
        other.ok("flock delete " + flock);
        assertEquals(Map.of(), server.flocks);
        assertEquals("", other.ok("flock list"));
    }

    @Test
    void theAccountKeyIsNoArgument() throws Exception {
        String accountKey = find("[0-9a-f]{64}", owner.ok("register " + server.api()));
        int before = server.requests.size();
        String complaint = node.fails(2, "login " + server.api() + " " + accountKey);
        assertTrue(complaint.contains("it is asked for"), complaint);
        assertFalse(complaint.contains(accountKey), complaint);
        assertEquals(before, server.requests.size());

        node.key = "hello";
        assertTrue(node.fails(1, "login " + server.api()).contains("64 hexadecimal digits"));
        assertEquals(before, server.requests.size());
        node.key = "0".repeat(64);
        assertTrue(node.fails(1, "login " + server.api()).contains("knows no account with this key"));
        assertFalse(Files.exists(node.reliquary.resolve("api")));
    }

    @Test
    void whatIsThereIsNotOverwritten() throws Exception {
        owner.ok("register " + server.api());
        Map<String, String> before = owner.contents();
        assertTrue(owner.fails(1, "register " + server.api()).contains("there is a Reliquary in"));
        assertTrue(owner.fails(1, "init " + server.api()).contains("has an account"));
        String flock = find("[0-9a-f]{14}00", owner.ok("flock create"));
        owner.ok("flock join " + flock);
        Map<String, String> joined = owner.contents();
        assertTrue(joined.entrySet().containsAll(before.entrySet()));
        assertTrue(owner.fails(1, "flock join " + flock).contains("to join anew, move"));

        Files.write(owner.home.resolve("kek"), new byte[32]);
        owner.ok("kek install " + flock + " 0xfe kek");
        assertEquals("fe\n", owner.content(flock + "/device_kek"));
        assertTrue(owner.fails(1, "kek install " + flock + " 02 kek").contains("has KEK fe"));
        assertEquals(1, server.flocks.get(flock).members.size());
    }

    @Test
    void aJoinMayGoElsewhere() throws Exception {
        node.ok("init " + server.api());
        Map<String, String> before = node.contents();
        node.ok("flock join " + NOWHERE + " elsewhere");
        assertEquals(before, node.contents());
        assertTrue(Files.exists(node.home.resolve("elsewhere").resolve(NOWHERE).resolve("cathedral_id")));
    }

    @Test
    void wrongFilesAreNotTaken() throws Exception {
        owner.ok("register " + server.api());
        String flock = find("[0-9a-f]{14}00", owner.ok("flock create"));
        Path file = owner.home.resolve("file");
        assertTrue(owner.fails(1, "ambry upload " + flock + " file").contains("does not exist"));
        Files.write(file, new byte[3756730]);
        owner.fails(1, "ambry upload " + flock + " file");
        try (Flock other = Flock.generate(0x1234567890abcd00L, RandomSource.secure())) {
            other.bundle(30, NOW.getEpochSecond(), RandomSource.secure()).write(file);
        }
        assertTrue(owner.fails(1, "ambry upload " + flock + " file").contains("is a bundle for flock " + NOWHERE));
        try (Flock own = Flock.generate(Long.parseUnsignedLong(flock, 16), RandomSource.secure())) {
            own.bundle(1, NOW.getEpochSecond() - 5 * 86400, RandomSource.secure())
                    .write(file);
        }
        assertTrue(owner.fails(1, "ambry upload " + flock + " file").contains("has expired"));
        assertNull(server.flocks.get(flock).ambry);

        owner.ok("flock join " + flock);
        assertTrue(owner.fails(1, "kek install " + flock + " 01 file").contains("bytes"));
        assertTrue(owner.fails(2, "kek install " + flock + " ff file").contains("from 01 to fe"));
        assertTrue(owner.fails(1, "kek install " + NOWHERE + " 01 file").contains("did not join"));
        assertFalse(owner.contents().containsKey(flock + "/device_kek"));
    }

    @Test
    void refusalsAreSentences() throws Exception {
        for (String command : List.of("status", "flock list", "flock join " + NOWHERE, "cathedral list")) {
            assertTrue(node.fails(1, command).contains("begin with 'tier6 reliquary init API'"));
        }
        node.ok("init " + server.api());
        assertTrue(node.fails(1, "flock create").contains("log in with 'tier6 reliquary login'"));
        owner.ok("register " + server.api());
        assertTrue(owner.fails(1, "flock delete " + NOWHERE).contains("it has none"));
        for (int i = 0; i < 3; i++) {
            owner.ok("flock create");
        }
        assertTrue(owner.fails(1, "flock create").contains("as many flocks as it may have"));
        server.expired = true;
        assertTrue(owner.fails(1, "flock list").contains("has expired: prolong it"));
        server.expired = false;
        Files.writeString(owner.reliquary.resolve("token"), "0".repeat(32) + "\n");
        assertTrue(owner.fails(1, "flock list").contains("get a new one with 'tier6 reliquary login'"));
        server.close();
        assertTrue(owner.fails(1, "flock list").contains("no connection to 127.0.0.1"));
        assertTrue(node.fails(1, "init http://192.0.2.1/v1").contains("write https://"));
    }

    /** With the limit of one request a second as it is. */
    @Test
    void aRefusalOfHasteIsWaitedFor() throws Exception {
        try (TestReliquary strict = new TestReliquary(System::nanoTime)) {
            owner.ok("register " + strict.api());
            String flock = find("[0-9a-f]{14}00", owner.ok("flock create"));
            owner.ok("flock join " + flock);
            owner.ok("flock list");
            List<String> requests = List.copyOf(strict.requests);
            assertTrue(requests.size() > 4, "refused and repeated: " + requests);
            assertEquals(1, strict.flocks.size());
            assertEquals(1, strict.flocks.get(flock).members.size());
        }
    }

    @Test
    void helpNamesEverything() {
        String help = node.ok("help");
        assertEquals(help, node.ok("--help"));
        Set<String> named = new TreeSet<>();
        Matcher line = Pattern.compile("(?m)^  ([a-z]+(?: [a-z]+)?)  +\\S").matcher(help);
        while (line.find()) {
            named.add(line.group(1));
            assertTrue(node.ok(line.group(1) + " --help").startsWith("Usage: tier6 reliquary " + line.group(1)));
        }
        assertEquals(14, named.size(), named.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "flock",
                "flock nonsense",
                "flock join",
                "flock join xyz",
                "device approve " + NOWHERE,
                "device approve " + NOWHERE + " 123456789",
                "kek install " + NOWHERE + " 00 file",
                "status now"
            })
    void whatIsNotUnderstoodIsSaid(String line) {
        assertFalse(node.fails(2, line).isBlank());
        assertEquals(List.of(), server.requests);
    }

    /** A host with a user who gives commands. */
    private static final class Host {
        final Path home;
        final Path reliquary;
        String key = "";

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final ByteArrayOutputStream err = new ByteArrayOutputStream();

        Host(Path home) throws IOException {
            this.home = Files.createDirectories(home);
            this.reliquary = home.resolve(".config").resolve("reliquary");
        }

        private int run(String line) {
            out.reset();
            err.reset();
            Desk desk = new Desk(
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    home,
                    new ReliquaryDirectory(reliquary),
                    RandomSource.secure(),
                    InstantSource.fixed(NOW),
                    () -> AccountKeys.checked(key.getBytes(StandardCharsets.US_ASCII)));
            return Reliquary.run(List.of(line.split(" ")), desk);
        }

        /** Gives a command that must do its work; returns what it says. */
        String ok(String line) {
            assertEquals(0, run(line), () -> line + ": " + err.toString(StandardCharsets.UTF_8));
            return out.toString(StandardCharsets.UTF_8);
        }

        /** Gives a command that must fail; returns its complaint. */
        String fails(int status, String line) {
            assertEquals(
                    status,
                    run(line),
                    () -> line + ": " + out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8));
            return err.toString(StandardCharsets.UTF_8);
        }

        String content(String name) throws IOException {
            return Files.readString(reliquary.resolve(name));
        }

        byte[] bytes(String name) throws IOException {
            return Files.readAllBytes(reliquary.resolve(name));
        }

        /** All files, byte for byte. */
        Map<String, String> contents() throws IOException {
            Map<String, String> contents = new TreeMap<>();
            try (Stream<Path> all = Files.walk(reliquary)) {
                for (Path path : all.filter(Files::isRegularFile).toList()) {
                    contents.put(
                            reliquary.relativize(path).toString(),
                            new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
                }
            }
            return contents;
        }
    }
}
