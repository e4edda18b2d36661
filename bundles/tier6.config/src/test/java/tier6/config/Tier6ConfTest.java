package tier6.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Tier6ConfTest {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Path KEYS = RESOURCES.resolve("keys");

    @TempDir
    Path dir;

    private record FakeHost(boolean isRoot, Path home) implements Host {
        @Override
        public boolean isLinux() {
            return true;
        }

        @Override
        public Optional<Path> homeOf(String user) {
            return user.equals("nobody") ? Optional.of(home) : Optional.empty();
        }
    }

    static Stream<Path> malformed() throws IOException {
        try (Stream<Path> files = Files.list(RESOURCES.resolve("malformed"))) {
            return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
        }
    }

    /** Each file in {@code malformed} has its complaints beside it, in a file with the same name and {@code .expected}. */
    @ParameterizedTest
    @MethodSource("malformed")
    void saysWhatIsWrongAndHowToMendIt(Path file) throws IOException {
        String here = Path.of("").toAbsolutePath().toString();
        Tier6ConfParser parser = new Tier6ConfParser(file, new FakeHost(true, Path.of("/home/nobody")));
        ConfigException refused = assertThrows(ConfigException.class, parser::parse);
        String said = refused.getMessage()
                        .replace(file.toString(), file.getFileName().toString())
                        .replace(here, "HERE")
                        .replace("that " + System.getProperty("user.name") + " can read", "that USER can read")
                + "\n";
        Path expected = Path.of(file.toString().replace(".conf", ".expected"));
        assertEquals(Files.readString(expected), said);
    }

    @Test
    void complainsAboutAFileThatIsNone() throws IOException {
        assertTrue(complaint(dir.resolve("none")).contains("no such file"));
        assertTrue(complaint(dir).contains("is a directory"));
        assertTrue(complaint(Files.write(dir.resolve("big"), new byte[2 << 20])).contains("more than a megabyte"));
    }

    private static String complaint(Path file) {
        return assertThrows(ConfigException.class, () -> Tier6Conf.parse(file)).getMessage();
    }

    @Test
    void readsWhatConcernsTheFlock() throws Exception {
        Tier6Conf conf = parse("""
                runas nobody
                kek-id 08
                cs-id 0a000001
                flock c0ffee1234567842
                tapname t6tap
                cathedral cathedral.example:4500
                cs-path %1$s/id-0a000001
                cosk-path %1$s/cosk-0a000001
                kek-path %1$s/kek-0x08
                shroud yes
                group 0xcafe
                hidden yes
                tunnel badf00d123456742 02
                tunnel 0b
                """.formatted(KEYS.toAbsolutePath()));
        assertTrue(conf.shroud());
        Tier6Conf.Cathedral cathedral = conf.cathedral().orElseThrow();
        assertEquals("cathedral.example:4500", cathedral.address());
        assertEquals(0xcafe, cathedral.group());
        assertTrue(cathedral.hidden());
        assertEquals(List.of("badf00d123456742 02", "c0ffee1234567842 0b"), cathedral.tunnels());
    }

    @Test
    void readsWhatTheCProgramReads() throws Exception {
        Tier6Conf conf = parse("""
                # a comment, and an empty line

                  runas nobody
                kek-id 08
                cs-id 0xA000001
                flock c0ffee1234567842
                tapname t6tap
                cathedral 192.0.2.1:4500
                """ + keys());
        assertEquals("nobody", conf.runas());
        assertEquals(8, conf.kekId());
        assertEquals(0x0a000001, conf.csId());
        assertEquals(0xc0ffee1234567842L, conf.flock());
        assertEquals("t6tap", conf.tapName());
        assertEquals("06:08:0a:00:00:01", conf.mac());
        Tier6Conf.Cathedral cathedral = conf.cathedral().orElseThrow();
        assertEquals("192.0.2.1:4500", cathedral.address());
        assertEquals(KEYS.resolve("kek-0x08").toAbsolutePath(), cathedral.kekPath());
        assertEquals(Optional.empty(), cathedral.remembrance());
        assertEquals("auto", conf.mtu());
        assertEquals(300, conf.macAgeing());
        assertEquals("flood", conf.unknownUnicast());
        assertEquals("all", conf.ethertypes());
        assertEquals("", conf.tap());
    }

    @Test
    void takesTabsTrailingBlanksCarriageReturnsAndLongLines() throws Exception {
        Path deep = Files.createDirectories(dir.resolve("d".repeat(120)).resolve("e".repeat(120)));
        Path kek = Files.write(deep.resolve("my kek"), new byte[32]);
        Tier6Conf conf = parse(("\ufeffrunas\tnobody   \t\n\tkek-id  \t 08\ncs-id 0a000001 \nflock c0ffee1234567800\n"
                        + "tapname t6tap\t\ncathedral 192.0.2.1:4500 \nkek-path " + kek + "  \n"
                        + keys().replaceFirst("kek-path.*\n", "") + "#" + "x".repeat(5000) + "\n")
                .replace("\n", "\r\n"));
        assertEquals("nobody", conf.runas());
        assertEquals("t6tap", conf.tapName());
        assertEquals(kek, conf.cathedral().orElseThrow().kekPath());
    }

    @Test
    void findsKeysInBothSpellingsOfTheFlocksDirectory() throws Exception {
        for (String name : List.of("ffee1234567800", "00ffee1234567800")) {
            Path home = dir.resolve("home-of-" + name);
            Path flock =
                    Files.createDirectories(home.resolve(".config/reliquary").resolve(name));
            Files.write(flock.resolve("id-0a000001"), new byte[32]);
            Files.write(flock.resolve("cosk-0a000001"), new byte[64]);
            Files.write(flock.resolve("kek-0x08"), new byte[32]);
            Tier6Conf conf = parse(new FakeHost(true, home), """
                    runas nobody
                    kek-id 8
                    cs-id 0a000001
                    flock 00ffee1234567842
                    tapname t6tap
                    cathedral 192.0.2.1:4500
                    """);
            assertEquals(
                    flock.resolve("id-0a000001"), conf.cathedral().orElseThrow().csPath());
        }
    }

    @Test
    void takesIdsAndKeysFromAReliquary() throws Exception {
        Path home = dir.resolve("home");
        Path reliquary = Files.createDirectories(home.resolve(".config/reliquary"));
        Path flock = Files.createDirectories(reliquary.resolve("00ffee1234567800"));
        Files.writeString(flock.resolve("cathedral_id"), "0a000001\n");
        Files.writeString(flock.resolve("device_kek"), "08\n");
        Files.write(flock.resolve("id-0a000001"), new byte[32]);
        Files.write(flock.resolve("cosk-0a000001"), new byte[64]);
        Files.write(flock.resolve("kek-0x08"), new byte[32]);
        for (String value : List.of("", " " + reliquary)) {
            Tier6Conf conf = parse(
                    new FakeHost(true, home),
                    "runas nobody\nflock 00ffee1234567842\ntapname t6tap\nreliquary" + value + "\n");
            assertEquals(8, conf.kekId());
            assertEquals(0x0a000001, conf.csId());
            assertEquals(0x00ffee1234567842L, conf.flock());
            Tier6Conf.Cathedral cathedral = conf.cathedral().orElseThrow();
            assertEquals("", cathedral.address());
            assertEquals(Optional.of(reliquary), cathedral.reliquary());
            assertEquals(flock.resolve("id-0a000001"), cathedral.csPath());
            assertEquals(flock.resolve("kek-0x08"), cathedral.kekPath());
        }
        Files.delete(flock.resolve("device_kek"));
        Files.writeString(flock.resolve("cathedral_id"), "rubbish");
        ConfigException refused = assertThrows(
                ConfigException.class,
                () -> parse(
                        new FakeHost(true, home),
                        "runas nobody\nflock 00ffee1234567842\ntapname t\nreliquary\ncathedral 192.0.2.1:4500\nkek-id 08\n"));
        List<String> problems =
                refused.problems().stream().map(p -> p.line() + " " + p.what()).toList();
        assertEquals(
                List.of(
                        "4 " + flock.resolve("cathedral_id") + " does not hold 8 hexadecimal digits",
                        "4 there is no file " + flock.resolve("device_kek"),
                        "5 'cathedral' beside 'reliquary', which stands for it",
                        "6 'kek-id' beside 'reliquary', which stands for it"),
                problems);
    }

    @Test
    void readsOurOptions() throws Exception {
        Tier6Conf conf = parse("""
                runas -
                kek-id 08
                tapname t6tap
                tap memory
                mtu 8950
                local 192.0.2.7
                mac-ageing 10
                unknown-unicast drop
                ethertypes 0800, 0x0806,86DD
                peer 02 192.0.2.2:4500 src/test/resources/keys/kek-0x08
                peer fe [2001:db8::2]:4500 src/test/resources/keys/kek-0x08 4501
                peer 03 host.example:4500 src/test/resources/keys/kek-0x08
                """);
        assertEquals("", conf.runas());
        assertEquals("memory", conf.tap());
        assertEquals("8950", conf.mtu());
        assertEquals(Optional.of(InetAddress.getByName("192.0.2.7")), conf.local());
        assertEquals(10, conf.macAgeing());
        assertEquals("drop", conf.unknownUnicast());
        assertEquals("0800,0806,86DD", conf.ethertypes());
        assertEquals(Optional.empty(), conf.cathedral());
        assertEquals("06:08:00:00:00:00", conf.mac());
        Path secret = KEYS.resolve("kek-0x08").toAbsolutePath();
        assertEquals(
                List.of(
                        new Tier6Conf.StaticPeer(2, "192.0.2.2:4500", secret, 0),
                        new Tier6Conf.StaticPeer(254, "[2001:db8::2]:4500", secret, 4501),
                        new Tier6Conf.StaticPeer(3, "host.example:4500", secret, 0)),
                conf.peers());
    }

    @Test
    void readsWhereElsePeersComeFrom() throws Exception {
        Files.createDirectories(dir.resolve("secrets"));
        Tier6Conf conf = parse("""
                runas -
                kek-id 08
                tapname t6tap
                peers-file DIR/peers
                peers-dns mesh.example.org DIR/secrets
                peers-lan src/test/resources/keys/kek-0x08 4600
                """.replace("DIR", dir.toString()));
        assertEquals(
                new Tier6Conf.Sources(
                        Optional.of(dir.resolve("peers")),
                        Optional.of(new Tier6Conf.Dns("mesh.example.org", dir.resolve("secrets"))),
                        Optional.of(new Tier6Conf.Lan(KEYS.resolve("kek-0x08").toAbsolutePath(), 4600))),
                conf.sources());
        assertEquals(Optional.empty(), conf.cathedral());
    }

    @Test
    void aNodeMayLeaveItsPeersToPlugIns() throws Exception {
        Tier6Conf conf = parse("""
                runas -
                kek-id 08
                tapname t6tap
                cathedral -
                """);
        assertEquals(Optional.empty(), conf.cathedral());
        assertEquals(List.of(), conf.peers());
        assertEquals(Tier6Conf.Sources.NONE, conf.sources());
    }

    @Test
    void whoIsNotRootNeedsNoRunasAndCannotBecomeAnother() throws Exception {
        Host ordinary = new FakeHost(false, Path.of("/home/nobody"));
        String rest = """
                kek-id 08
                tapname t6tap
                peer 02 192.0.2.2:4500 src/test/resources/keys/kek-0x08
                """;
        assertEquals("", parse(ordinary, rest).runas());
        assertEquals("", parse(ordinary, "runas nobody\n" + rest).runas());
    }

    @Test
    void readsWhatUpAndJoinWrite() throws Exception {
        Path owner = Files.createDirectories(dir.resolve("owner"));
        Path member = Files.createFile(dir.resolve("member"));
        String rest = """
                runas nobody
                kek-id 08
                tapname t6tap
                peer 02 192.0.2.2:4500 src/test/resources/keys/kek-0x08
                """;
        Tier6Conf conf = parse(rest + "address 10.6.0.8/24\naddress fd00::8/64\nkeep " + owner
                + "\nserve 0.0.0.0:4500 192.0.2.1\nnames " + member + "\n");
        assertEquals(List.of("10.6.0.8/24", "fd00::8/64"), conf.addresses());
        assertEquals(
                new Tier6Conf.Keeper(
                        owner, "0.0.0.0:4500", Optional.of(new Tier6Conf.OwnCathedral(4501, "192.0.2.1:4500"))),
                conf.keeper().orElseThrow());
        assertEquals(
                new Tier6Conf.Keeper(owner, "0.0.0.0:4600", Optional.empty()),
                parse(rest + "keep " + owner + "\nserve 0.0.0.0:4600 -\n")
                        .keeper()
                        .orElseThrow());
        assertEquals(Optional.of(member), conf.names());
        for (String wrong : List.of(
                "address 10.6.0.8",
                "address 10.6.0.8/33",
                "address here/24",
                "keep " + owner,
                "serve 192.0.2.1:4500",
                "keep " + owner + "\nserve 0.0.0.0:4500",
                "keep " + owner + "\nserve 0.0.0.0:65535 192.0.2.1",
                "keep " + dir.resolve("missing") + "\nserve 192.0.2.1:4500",
                "names " + dir.resolve("missing"))) {
            assertThrows(ConfigException.class, () -> parse(rest + wrong + "\n"), wrong);
        }
    }

    @Test
    void theExampleIsAFileThatIsRight() throws Exception {
        String example = Files.readString(Path.of("../../config/tier6.conf.example"));
        Path secret = Files.write(dir.resolve("secret"), new byte[32]);
        Path owner = Files.createDirectories(dir.resolve("home/owner"));
        Path member = Files.createFile(dir.resolve("home/member"));
        String complete = example.replaceAll("(?m)^#(?=[a-z])", "")
                .replaceAll("(?m)^(reliquary|peers-lan|cathedral -).*", "# which would stand for some of the others")
                .replaceAll("(?m)^keep .*", "keep " + owner)
                .replaceAll("(?m)^names .*", "names " + member)
                .replaceAll("(?m)^(cs|kek)-path .*", "$1-path " + secret)
                .replaceAll("(?m)^cosk-path .*", "cosk-path " + KEYS.resolve("cosk-0a000001"))
                .replace("/etc/tier6/peer-02.key", secret.toString())
                .replace("/etc/tier6/peers", dir.resolve("peers").toString())
                .replace("/etc/tier6/secrets", dir.toString())
                .replace("/var/lib/tier6", dir.toString());
        Tier6Conf conf = parse(complete);
        assertEquals(1, conf.peers().size());
        assertTrue(conf.cathedral().orElseThrow().remembrance().isPresent());
        assertEquals("linux", conf.tap());
        assertEquals(
                new Tier6Conf.Http(
                        "127.0.0.1:8086", false, Optional.of(dir.resolve("http-token")), List.of("node7.example")),
                conf.http().orElseThrow());
    }

    @Test
    void noTextIsTooStrangeToComplainAbout() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String options = "runas kek-id cs-id flock tapname cathedral mtu local mac-ageing ethertypes tap peer cs-path "
                + "remembrance unknown-unicast nobody 192.0.2.1:4500 : [ ] 0x \0 \t # ff 08 é \r 1e9 / . .. % -1 ,";
        String[] words = options.split(" ");
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i >= 0; i--) {
                text.append(words[random.nextInt(words.length)]).append(" \n:".charAt(random.nextInt(3)));
            }
            try {
                parse(text.toString());
            } catch (ConfigException e) {
                assertFalse(e.problems().isEmpty());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + " round " + round + ": " + text, e);
            }
        }
    }

    private Tier6Conf parse(String text) throws IOException, ConfigException {
        return parse(new FakeHost(true, Path.of("/home/nobody")), text);
    }

    private Tier6Conf parse(Host host, String text) throws IOException, ConfigException {
        Path file = Files.write(dir.resolve("tier6.conf"), text.getBytes(StandardCharsets.UTF_8));
        return new Tier6ConfParser(file, host).parse();
    }

    private static String keys() {
        return "cs-path " + KEYS + "/id-0a000001\ncosk-path " + KEYS + "/cosk-0a000001\nkek-path " + KEYS
                + "/kek-0x08\n";
    }
}
