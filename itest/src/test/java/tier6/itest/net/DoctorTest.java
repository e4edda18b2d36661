package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tier6.itest.felix.Distribution;

/**
 * What the doctor finds at hosts and in networks that really have it; those findings that need no more than two nodes that know
 * each other are provoked by {@link OperatorTest}.
 *
 * <p>The network: a cathedral at a public address, and four nodes of its flock. Node 1 is behind a NAT that gives each connection a
 * port of its own, node 2 behind one that keeps ports; node 3 has a public address and a clock that is wrong; node 4 has one, too.
 */
@WithOneJava
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctorTest {
    private static final String TIER6 =
            Distribution.directory().resolve("bin/tier6").toAbsolutePath().toString();
    private static final String CATHEDRAL = "203.0.113.254";

    /** How far behind node 3 is. */
    private static final int BEHIND_SECONDS = 37;

    private static final long PATIENCE_SECONDS = 90;

    private Path directory;
    private Lab lab;
    private TestFlock flock;
    private Host cathedral;
    private final Host[] nodes = new Host[5];

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        for (String program : List.of("nft", "setpriv", "unshare")) {
            assumeTrue(Command.tryRun("sh", "-c", "command -v " + program).ok(), "needs the program " + program);
        }
        lab = new Lab(directory, 1500);
        flock = new TestFlock(directory, 4, CATHEDRAL);
        cathedral = lab.host("cath", CATHEDRAL);
        nodes[1] = behind(lab.host("nat1", "203.0.113.11"), 1, "masquerade fully-random");
        nodes[2] = behind(lab.host("nat2", "203.0.113.12"), 2, "masquerade persistent");
        nodes[3] = lab.host("n3", "203.0.113.3");
        nodes[4] = lab.host("n4", "203.0.113.4");
        cathedral.start(
                "cathedral", Map.of(), TIER6, "cathedral", flock.cathedralConf().toString());
        String late = installation();
        for (int n = 1; n <= 4; n++) {
            Path conf = flock.nodeConf(n, "");
            nodes[n].start(
                    "node", Map.of("RUNTIME_DIRECTORY", runtime(n).toString()), n == 3 ? late : TIER6, conf.toString());
        }
    }

    @AfterAll
    void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    /** Puts a node behind a host that translates addresses for it. */
    private Host behind(Host router, int n, String how) throws IOException {
        String inside = "192.168." + n + ".";
        Host node = lab.bare("n" + n, inside + "2");
        node.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth1", "netns", router.namespace());
        node.run("ip", "addr", "add", inside + "2/24", "dev", "eth0");
        node.run("ip", "link", "set", "eth0", "up");
        node.run("ip", "route", "add", "default", "via", inside + "1");
        router.run("ip", "addr", "add", inside + "1/24", "dev", "eth1");
        router.run("ip", "link", "set", "eth1", "up");
        router.run("sysctl", "-qw", "net.ipv4.ip_forward=1");
        router.run("nft", """
                add table ip nat {
                    chain out { type nat hook postrouting priority 100; oifname eth0 %s; }
                    chain in { type filter hook input priority 0; iifname eth0 ct state new drop; }
                }""".formatted(how));
        return node;
    }

    /** The distribution with a clock that goes behind. */
    private String installation() throws IOException {
        Path home = directory.resolve("late");
        Command.run("cp", "-a", Distribution.directory().toString(), home.toString());
        Path source = Files.createDirectories(directory.resolve("clock/tier6/api/time"))
                .resolve("Clock.java");
        Files.writeString(source, """
                package tier6.api.time;
                public interface Clock {
                    long nanos();
                    long unixMillis();
                    static Clock system() {
                        return new Clock() {
                            public long nanos() { return System.nanoTime(); }
                            public long unixMillis() { return System.currentTimeMillis() - %d; }
                        };
                    }
                }
                """.formatted(1000 * BEHIND_SECONDS));
        assertEquals(
                0,
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "--release",
                                "17",
                                "-d",
                                directory.resolve("clock").toString(),
                                source.toString()));
        Path jar = home.resolve("bundle").resolve(Jars.shipped("tier6.api").getFileName());
        try (FileSystem files = FileSystems.newFileSystem(jar)) {
            for (String name : List.of("Clock.class", "Clock$1.class")) {
                Files.copy(
                        directory.resolve("clock/tier6/api/time").resolve(name),
                        files.getPath("tier6/api/time", name),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return home.resolve("bin/tier6").toString();
    }

    private Path runtime(int n) {
        return directory.resolve("run").resolve("n" + n);
    }

    private Command.Result doctor(int n) {
        return nodes[n].tryRun(
                TIER6, "doctor", "--node", runtime(n).resolve("control").toString());
    }

    /** Waits until the doctor of a node says all of this, and ends as it must if something is wrong. */
    private void awaitSays(int n, String... what) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Command.Result said = doctor(n);
        while (!Stream.of(what).allMatch(said.output()::contains)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(said + nodes[n].logText("node") + cathedral.logText("cathedral"));
            }
            Thread.sleep(500);
            said = doctor(n);
        }
        assertEquals(said.output().contains("WRONG ") ? 1 : 0, said.status());
    }

    private static void assertSays(String what, int status, Command.Result result) {
        assertTrue(result.output().contains(what) && result.status() == status, result.toString());
    }

    // ---- networks

    @Test
    void aClockThatIsWrong() throws Exception {
        awaitSays(3, "WRONG  clock: this host's clock is 37 s behind that of the cathedral");
    }

    @Test
    void aNatThatPeersGetThrough() throws Exception {
        awaitSays(2, "ok     nat: this host is behind a NAT that peers get through", "ok     peer: ");
    }

    @Test
    void aNatThatNobodyGetsThrough() throws Exception {
        awaitSays(1, "note   nat: this host (192.168.1.2) is behind a NAT, and no peer gets through it");
        awaitSays(1, "note   relayed: peer ", "or nothing came through on the direct way");
    }

    @Test
    void noNat() throws Exception {
        awaitSays(4, "ok     nat: no address translation", "ok     cathedral: " + CATHEDRAL + ":4500 answers");
    }

    /** Node 4 has an address as another device with the number of node 2 would. */
    @Test
    void aNumberThatIsThereTwice() throws Exception {
        awaitSays(2, "c0ffee1234567800/04 is ");
        nodes[4].run("ip", "link", "set", Mesh.TAP, "address", "06:02:00:00:00:09");
        nodes[4].start("ping", Map.of(), "ping", "-q", "-i", "0.2", "-I", Mesh.TAP, "ff02::1");
        try {
            awaitSays(2, "WRONG  duplicate-kek-id: behind peer-04 lives 06:02:00:00:00:09");
        } finally {
            nodes[4].stop("ping", true);
            nodes[4].run("ip", "link", "set", Mesh.TAP, "address", "06:04:0a:00:00:04");
        }
    }

    /** A node of its own, for the others need the cathedral. */
    @Test
    void aCathedralThatNeverAnswers() throws Exception {
        Path conf = copy("deaf", flock.nodeConf(4, ""), text -> text.replace(CATHEDRAL + ":4500", CATHEDRAL + ":4600"));
        assertSays(
                "WRONG  cathedral: the cathedral " + CATHEDRAL + ":4600 has never answered",
                1,
                nodes[4].tryRun(TIER6, "doctor", "--wait", "1", conf.toString()));
    }

    // ---- hosts

    private Path copy(String name, Path conf, UnaryOperator<String> change) throws IOException {
        return Files.writeString(directory.resolve(name + ".conf"), change.apply(Files.readString(conf)));
    }

    /** What it says of the host, without a node. */
    private static final String[] HOST = {TIER6, "doctor", "--node", "none"};

    private Command.Result host(String... around) {
        return nodes[4].tryRun(Stream.concat(Stream.of(around), Stream.of(HOST)).toArray(String[]::new));
    }

    @Test
    void aHostWithoutTheDevice() {
        Command.Result said =
                host("unshare", "--mount", "sh", "-c", "mount -t tmpfs none /dev/net && exec \"$@\"", "sh");
        assertSays("WRONG  tun: /dev/net/tun is not there", 1, said);
    }

    @Test
    void aDeviceThatCannotBeOpened() {
        Command.Result said = host(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o nodev none /dev/net && mknod /dev/net/tun c 10 200 && exec \"$@\"",
                "sh");
        assertSays("WRONG  tun: /dev/net/tun cannot be opened", 1, said);
    }

    @Test
    void aUserWithoutTheRight() {
        Command.Result said = host("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin");
        assertSays("WRONG  rights: this user may not make interfaces", 1, said);
    }

    @Test
    void aJavaThatIsTooOld() throws Exception {
        Path old = Files.createDirectories(directory.resolve("java11/bin"));
        Files.writeString(old.resolveSibling("release"), "JAVA_VERSION=\"11.0.2\"\n");
        Files.createFile(
                old.resolve("java"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        assertSays(
                "WRONG  java: JAVA_HOME is " + old.getParent() + ", Java 11\n         why: tier6 needs 17 or newer",
                1,
                Command.tryRun("env", "JAVA_HOME=" + old.getParent(), TIER6, "doctor"));
    }
}
