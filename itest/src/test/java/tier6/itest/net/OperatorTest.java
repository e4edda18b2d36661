package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tier6.itest.felix.Distribution;

/** What an operator types while nodes run: two of them, with real interfaces, that know each other by configuration. */
@WithOneJava
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorTest {
    private static final String TIER6 =
            Distribution.directory().resolve("bin/tier6").toAbsolutePath().toString();

    private static final long PATIENCE_SECONDS = 90;

    private Path directory;
    private Lab lab;
    private final Host[] hosts = new Host[3];

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        lab = new Lab(directory, 1500);
        Path secret = Files.write(directory.resolve("secret"), new byte[32]);
        for (int n = 1; n <= 2; n++) {
            hosts[n] = lab.host("op" + n, "10.66.0." + n);
            Path conf = Files.writeString(directory.resolve("op" + n + ".conf"), """
                    runas %s
                    kek-id %02x
                    tapname %s
                    peer %02x 10.66.0.%d:%d %s %d
                    """.formatted(
                            n == 1 ? "-" : "nobody", n, Mesh.TAP, 3 - n, 3 - n, 4500 + 3 - n, secret, 4500 + n));
            hosts[n].start("node", Map.of("RUNTIME_DIRECTORY", runtime(n).toString()), TIER6, conf.toString());
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        boolean meet = false;
        while (!meet && System.nanoTime() < end) {
            for (int n = 1; n <= 2; n++) {
                hosts[n].tryRun("ip", "addr", "replace", Mesh.v4(n) + "/24", "dev", Mesh.TAP);
            }
            meet = hosts[1].pings(Mesh.v4(2));
        }
        assertTrue(meet, hosts[1].logText("node") + hosts[2].logText("node"));
    }

    @AfterAll
    void stop() {
        if (lab != null) {
            lab.close();
        }
    }

    private Path runtime(int n) {
        return directory.resolve("run").resolve("op" + n);
    }

    private Command.Result ask(int n, String... words) {
        return hosts[n].tryRun(Stream.concat(
                        Stream.of(TIER6),
                        Stream.concat(
                                Stream.of(words),
                                Stream.of(
                                        "--node", runtime(n).resolve("control").toString())))
                .toArray(String[]::new));
    }

    private static void assertSays(String what, int status, Command.Result result) {
        assertTrue(result.output().contains(what) && result.status() == status, result.toString());
    }

    @Test
    void commandsReachTheNodeFromOutside() {
        assertSays("linux", 0, ask(1, "status"));
        assertTrue(JsonParser.parseString(ask(1, "peers", "--json").output()).isJsonArray());
        assertSays("has no command 'nonsense'", 2, ask(1, "nonsense"));
        assertSays("--jsn", 2, ask(1, "status", "--jsn"));
        assertSays("tier6.vswitch", 0, ask(1, "shell", "lb"));
        assertSays("no node 'nobody-there'", 3, Command.tryRun(TIER6, "status", "--node", "nobody-there"));
        assertTrue(ask(1, "status").output().lines().allMatch(line -> line.length() <= 80));
    }

    @Test
    void theNodeThatGaveUpItsRightsAnswersRoot() {
        assertSays("peer-01", 0, ask(2, "ports"));
    }

    @Test
    void nobodyElseReachesIt() {
        assumeTrue(Command.tryRun("sh", "-c", "command -v setpriv").ok(), "needs the program setpriv");
        Command.Result result = hosts[1].tryRun(
                "setpriv",
                "--reuid=65533",
                "--regid=65533",
                "--clear-groups",
                TIER6,
                "status",
                "--node",
                runtime(1).resolve("control").toString());
        assertSays("only the owner of a node and root may ask it", 1, result);
    }

    @Test
    void pingMeasuresInsideTheTunnel() {
        Command.Result three = ask(1, "ping", "02", "-c", "3", "-i", "0.1");
        assertSays("3 sent, 3 answered, 0% lost", 0, three);
        assertTrue(three.output().contains("min/avg/max/mdev"), three.output());
        // The largest frame: MTU, Ethernet header and VLAN tag.
        assertSays("1 answered", 0, ask(1, "ping", "peer-02", "-c", "1", "-s", "1422"));
        assertSays("no peer", 2, ask(1, "ping", "77"));
    }

    @Test
    void pingSumsUpWhenItIsStopped() {
        Command.Result result = hosts[1].tryRun(
                "timeout",
                "-s",
                "INT",
                "3",
                TIER6,
                "ping",
                "02",
                "-c",
                "0",
                "-i",
                "0.2",
                "--node",
                runtime(1).resolve("control").toString());
        assertTrue(result.output().contains("0% lost"), result.output());
    }

    @Test
    void traceTellsTheWay() {
        assertSays("=> tunnel peer-02", 0, ask(1, "trace", Mesh.v4(2)));
        assertSays("=> here", 0, ask(1, "trace", Mesh.v4(1)));
        assertSays("out of eth0", 0, ask(1, "trace", "10.66.0.2"));
        assertSays("nobody on " + Mesh.TAP + " says that it has 10.77.0.99", 1, ask(1, "trace", "10.77.0.99"));
        assertSays("=> flood", 0, ask(1, "trace", "02:00:00:00:00:99"));
        assertSays("=> here", 0, ask(1, "trace", "06:01:00:00:00:00"));
        String mac = "06:02:00:00:00:00";
        assertEquals(
                "tunnel",
                JsonParser.parseString(ask(1, "trace", mac, "--json").output())
                        .getAsJsonObject()
                        .get("end")
                        .getAsString());
        assertSays("no name that tier6:names knows", 2, ask(1, "trace", "somewhere"));
    }

    @Test
    void captureWritesWhatTcpdumpReads() throws Exception {
        Path file = directory.resolve("frames.pcapng");
        AtomicBoolean enough = new AtomicBoolean();
        Thread traffic = new Thread(() -> {
            while (!enough.get()) {
                hosts[1].pings(Mesh.v4(2), "-c", "2", "-i", "0.2");
            }
        });
        traffic.start();
        try {
            Command.Result result =
                    ask(1, "capture", "-w", file.toString(), "-c", "6", "--filter", "icmp and host " + Mesh.v4(2));
            assertSays("6 frames, 0 lost", 0, result);
            assertSays("tap ", 0, ask(1, "capture", "-c", "2", "--port", "tap"));
        } finally {
            enough.set(true);
            traffic.join();
        }
        byte[] bytes = Files.readAllBytes(file);
        assertEquals(0x0a, bytes[0]);
        assumeTrue(Command.tryRun("sh", "-c", "command -v tcpdump").ok(), "needs the program tcpdump");
        List<String> lines = Command.run("tcpdump", "-nr", file.toString(), "icmp")
                .lines()
                .filter(line -> line.contains("ICMP echo"))
                .toList();
        assertEquals(6, lines.size(), lines.toString());
        assertFalse(Command.run("tcpdump", "-nr", file.toString(), "not icmp")
                .lines()
                .anyMatch(line -> line.contains(" > ")));
    }

    @Test
    void captureRefusesWhatItDoesNotUnderstand() {
        assertSays("is not understood", 2, ask(1, "capture", "--filter", "everything"));
        assertSays("no port \"nowhere\"", 2, ask(1, "capture", "--port", "nowhere"));
    }

    @Test
    void completionKnowsTheCommandsOfTheNode() {
        Command.Result result =
                hosts[1].tryRun("env", "TIER6_NODE=" + runtime(1).resolve("control"), TIER6, "completion", "commands");
        assertTrue(result.output().lines().toList().containsAll(List.of("status", "demo", "shell")), result.output());
        Command.run("bash", "-n", "-c", Command.run(TIER6, "completion", "bash"));
    }

    private Path conf(int n) {
        return directory.resolve("op" + n + ".conf");
    }

    private void awaitTunnel() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        boolean meet = false;
        while (!meet && System.nanoTime() < end) {
            meet = hosts[1].pings(Mesh.v4(2));
        }
        assertTrue(meet, hosts[1].logText("node") + hosts[2].logText("node"));
    }

    @Test
    void theDoctorIsContentWithWhatIsWell() throws Exception {
        awaitTunnel();
        Command.Result result = ask(1, "doctor");
        // A peer that is no longer configured is kept for a minute.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (result.output().contains("/07 is not connected") && System.nanoTime() < end) {
            Thread.sleep(500);
            result = ask(1, "doctor");
        }
        assertSays("ok     mtu: full frames of 1422 bytes get through", 0, result);
        for (String name : List.of("java", "tun", "rights", "interface", "clock", "udp", "peer")) {
            assertTrue(result.output().contains("ok     " + name + ": "), result.output());
        }
        assertTrue(JsonParser.parseString(ask(1, "doctor", "--json").output()).isJsonArray());
    }

    @Test
    void theDoctorNamesAnOverlayOverItself() throws Exception {
        hosts[1].run("ip", "route", "add", "10.66.0.2/32", "dev", Mesh.TAP);
        try {
            assertSays("WRONG  over-itself: the way to 10.66.0.2:4502 leads through " + Mesh.TAP, 1, ask(1, "doctor"));
        } finally {
            hosts[1].run("ip", "route", "del", "10.66.0.2/32");
        }
        awaitTunnel();
    }

    @Test
    void theDoctorNamesANarrowPath() throws Exception {
        awaitTunnel();
        hosts[2].run("ip", "link", "set", "eth0", "mtu", "1300");
        try {
            assertSays("WRONG  mtu: small probes to peer", 1, ask(1, "doctor"));
        } finally {
            hosts[2].run("ip", "link", "set", "eth0", "mtu", "1500");
        }
    }

    @Test
    void theDoctorNamesUdpThatCannotLeave() throws Exception {
        hosts[1].run("ip", "route", "add", "unreachable", "10.66.0.2/32");
        try {
            assertSays("WRONG  udp: this host cannot send UDP to 10.66.0.2:4502", 1, ask(1, "doctor"));
        } finally {
            hosts[1].run("ip", "route", "del", "unreachable", "10.66.0.2/32");
        }
        awaitTunnel();
    }

    @Test
    void theDoctorNamesAnAddressThatIsThereTwice() throws Exception {
        hosts[2].run("ip", "link", "set", Mesh.TAP, "address", "06:01:00:00:00:00");
        try {
            // Whatever host 1 sends in between takes its address back.
            Command.Result said = ask(1, "doctor");
            for (int i = 0; i < 20 && said.status() == 0; i++) {
                hosts[2].pings(Mesh.v4(77));
                said = ask(1, "doctor");
            }
            assertSays("WRONG  duplicate-mac: a frame with the address of this host", 1, said);
        } finally {
            hosts[2].run("ip", "link", "set", Mesh.TAP, "address", "06:02:00:00:00:00");
        }
        awaitTunnel();
    }

    @Test
    void theDoctorNamesANodeThatKnowsNobody() throws Exception {
        NodeShell shell = new NodeShell(runtime(1).resolve("control"));
        long bundle = shell.bundle("tier6.discovery.static");
        shell.line("felix:stop " + bundle);
        try {
            assertSays("WRONG  sources: no source of peers", 1, ask(1, "doctor"));
        } finally {
            shell.line("felix:start " + bundle);
        }
        awaitTunnel();
    }

    @Test
    void theDoctorNamesAFirewallThatDrops() {
        assumeTrue(Command.tryRun("sh", "-c", "command -v nft").ok(), "needs the program nft");
        hosts[1].run(
                "nft",
                "add table inet t6 { chain i { type filter hook input priority 0; iifname \"" + Mesh.TAP
                        + "\" udp dport 7 drop; }; }");
        try {
            assertSays("WRONG  firewall: a rule drops frames of " + Mesh.TAP, 1, ask(1, "doctor"));
        } finally {
            hosts[1].run("nft", "delete", "table", "inet", "t6");
        }
    }

    @Test
    void theDoctorDoesWithoutANode() throws Exception {
        assertSays(
                "WRONG  node: no node 'nobody-there' runs here",
                1,
                Command.tryRun(TIER6, "doctor", "--node", "nobody-there"));
        Path bad = Files.writeString(directory.resolve("bad.conf"), "runas -\nkek-id 01\ntapnam x\n");
        assertSays("did you mean 'tapname'?", 1, Command.tryRun(TIER6, "doctor", bad.toString()));
        Path lonely = Files.writeString(directory.resolve("lonely.conf"), """
                runas -
                kek-id 05
                tapname lonely
                peer 06 10.66.0.2:4600 %s
                """.formatted(directory.resolve("secret")));
        Command.Result result = hosts[1].tryRun(TIER6, "doctor", "--wait", "1", lonely.toString());
        assertSays("WRONG  peer: peer 0000000000000000/06 is not connected", 1, result);
        assertTrue(result.output().contains("ok     config: "), result.output());
    }

    @Test
    void reloadChangesWhatChangedAndKeepsTheTunnel() throws Exception {
        awaitTunnel();
        String before = Files.readString(conf(1));
        long tunnels = tunnels();
        try {
            Files.writeString(conf(1), before + "mac-ageing 60\n");
            String change = "tier6.vswitch: ageing 300 -> 60 (at once, interrupts nothing)";
            assertSays(change, 0, ask(1, "reload", "-n"));
            JsonObject told = JsonParser.parseString(
                            ask(1, "reload", "-n", "--json").output())
                    .getAsJsonObject();
            assertFalse(told.get("done").getAsBoolean());
            JsonObject only = told.getAsJsonArray("changes").get(0).getAsJsonObject();
            assertEquals("tier6.vswitch", only.get("component").getAsString());
            assertEquals(
                    "{\"name\":\"ageing\",\"before\":\"300\",\"after\":\"60\"}",
                    only.getAsJsonArray("properties").get(0).toString());
            assertSays(change, 0, ask(1, "reload"));
            assertSays("nothing has changed", 0, ask(1, "reload"));
            Files.writeString(conf(1), before + "mac-ageing 60\nmac-agein 5\n");
            assertSays("did you mean 'mac-ageing'?", 2, ask(1, "reload"));
            assertTrue(hosts[1].pings(Mesh.v4(2)));
        } finally {
            Files.writeString(conf(1), before);
        }
        assertSays("ageing 60 -> 300", 0, ask(1, "reload"));
        assertEquals(tunnels, tunnels(), hosts[1].logText("node"));
    }

    /** Each setting alone, and all of them back; what is changed is seen, and the tunnel is the one from before. */
    @Test
    void noTunnelFallsWhereAChangeAllowsThat() throws Exception {
        awaitTunnel();
        String before = Files.readString(conf(1));
        long tunnels = tunnels();
        Path secret = Files.write(directory.resolve("other"), new byte[32]);
        Map<String, String> changes = Map.of(
                "unknown-unicast drop",
                "unknown.unicast flood -> drop (at once",
                "ethertypes compatible",
                "ethertypes",
                "peer 07 10.66.0.2:4600 " + secret + " 4707",
                "(peers are looked for anew",
                "http 127.0.0.1:18086",
                "(the HTTP server starts anew",
                "address 10.99.0.1/24\nmtu 1300",
                "(the interface is opened anew");
        try {
            for (Map.Entry<String, String> change : changes.entrySet()) {
                Files.writeString(conf(1), before + change.getKey() + "\n");
                assertSays(change.getValue(), 0, ask(1, "reload"));
                if (change.getKey().endsWith("mtu 1300")) {
                    awaitLink("mtu 1300");
                    String addresses = hosts[1].run("ip", "address", "show", "dev", Mesh.TAP);
                    assertTrue(addresses.contains("10.99.0.1/24"), addresses);
                    hosts[1].run("ip", "address", "replace", Mesh.v4(1) + "/24", "dev", Mesh.TAP);
                }
                awaitTunnel();
            }
        } finally {
            Files.writeString(conf(1), before);
            ask(1, "reload");
            awaitLink("mtu 1404");
            hosts[1].run("ip", "address", "replace", Mesh.v4(1) + "/24", "dev", Mesh.TAP);
        }
        awaitTunnel();
        assertEquals(tunnels, tunnels(), hosts[1].logText("node"));
    }

    @Test
    void theDoctorFollowsTheInterfaceThroughAReload() throws Exception {
        awaitTunnel();
        String before = Files.readString(conf(1));
        try {
            Files.writeString(conf(1), before.replace("tapname " + Mesh.TAP, "tapname t6-moved"));
            assertSays("tap.name " + Mesh.TAP + " -> t6-moved", 0, ask(1, "reload"));
            awaitDoctor("ok     interface: t6-moved is open");
            assertFalse(hosts[1].tryRun("ip", "link", "show", Mesh.TAP).ok(), "the other one is gone");
            Files.writeString(conf(1), before.replace("tapname " + Mesh.TAP, "tapname eth0"));
            assertSays("tap.name t6-moved -> eth0", 0, ask(1, "reload"));
            awaitDoctor("WRONG  interface: t6-moved is open, but not what was asked for since: ");
        } finally {
            Files.writeString(conf(1), before);
            ask(1, "reload");
            awaitLink("mtu 1404");
            hosts[1].run("ip", "address", "replace", Mesh.v4(1) + "/24", "dev", Mesh.TAP);
        }
        awaitDoctor("ok     interface: " + Mesh.TAP + " is open");
        awaitTunnel();
    }

    private void awaitDoctor(String finding) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        String said = ask(1, "doctor").output();
        while (!said.contains(finding)) {
            assertTrue(System.nanoTime() < end, said + hosts[1].logText("node"));
            Thread.sleep(500);
            said = ask(1, "doctor").output();
        }
    }

    private void awaitLink(String property) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!hosts[1].tryRun("ip", "link", "show", Mesh.TAP).output().contains(property)) {
            assertTrue(System.nanoTime() < end, hosts[1].logText("node"));
            Thread.sleep(200);
        }
    }

    private long tunnels() throws Exception {
        return hosts[1].logText("node")
                .lines()
                .filter(line -> line.contains(": tunnel up"))
                .count();
    }

    @Test
    void checkTellsWhatAFileMeans() throws Exception {
        Path key = Files.write(directory.resolve("key"), new byte[32]);
        Path file = Files.writeString(directory.resolve("checked.conf"), """
                runas -
                kek-id 05
                tapname checked
                peer 06 10.66.0.2:4600 %s
                """.formatted(key));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertSays("chmod 600 it", 1, Command.tryRun(TIER6, "check", file.toString()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertSays("checked.conf is good", 0, Command.tryRun(TIER6, "check", file.toString()));
        Files.delete(key);
        assertSays("checked.conf has 1 mistake", 1, Command.tryRun(TIER6, "check", file.toString()));
    }

    @Test
    void aNodeWithoutItsInterfaceEndsAndSaysWhy() throws Exception {
        Path file = Files.writeString(directory.resolve("taken.conf"), """
                runas -
                kek-id 05
                tapname eth0
                peer 06 10.66.0.2:4600 %s
                """.formatted(directory.resolve("secret")));
        Command.Result result = hosts[1].tryRun(
                "env",
                "TIER6_LOG_FORMAT=json",
                "RUNTIME_DIRECTORY=" + runtime(5),
                "timeout",
                "40",
                TIER6,
                file.toString());
        assertSays("cannot run without an interface", 1, result);
        for (String line : result.output().lines().toList()) {
            assertTrue(JsonParser.parseString(line).getAsJsonObject().has("message"), line);
        }
    }
}
