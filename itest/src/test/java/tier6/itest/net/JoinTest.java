package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tier6.itest.felix.Distribution;

/**
 * From nothing to a network: what a person types on hosts that have nothing but the unpacked archive. Each has its own network
 * namespace, name, {@code /var}, {@code /run} and {@code /etc/resolv.conf}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JoinTest {
    /** What host it is, then what to run there. */
    private static final String HOST = """
            hostname "$1" &&
            mount --bind "$2/resolv.conf" /etc/resolv.conf &&
            mount --bind "$2/lib" /var/lib && mount --bind "$2/cache" /var/cache && mount --bind "$2/run" /run &&
            shift 2 && exec "$@"
            """;

    private static final String RESOLV_CONF = "# of the host\nnameserver 192.0.2.53\noptions timeout:1 attempts:1\n";
    private static final Pattern INVITATION = Pattern.compile("T6-[A-Z2-7]+");

    private static final long PATIENCE_SECONDS = 90;

    /** As the issue says it. */
    private static final int CUT_OFF_SECONDS = 75;

    private Lab lab;
    private Path directory;
    private final List<Host> hosts = new ArrayList<>();
    private int typed;
    private long revokedAt;

    @BeforeAll
    void hosts(@TempDir Path directory) throws IOException {
        this.directory = directory;
        lab = new Lab(directory, 1500);
        assumeTrue(
                Command.tryRun("unshare", "--mount", "--uts", "true").ok(),
                "needs unshare(1) and the right to make mount namespaces");
        for (int n = 1; n <= 4; n++) {
            hosts.add(lab.host("host" + n, "10.66.0." + n));
            for (String part : List.of("lib", "cache", "run")) {
                Files.createDirectories(home(n).resolve(part));
            }
            Files.writeString(resolvConf(n), RESOLV_CONF);
        }
    }

    @AfterAll
    void end() {
        if (lab != null) {
            lab.close();
        }
    }

    private Path home(int n) {
        return directory.resolve("home" + n);
    }

    private Path resolvConf(int n) {
        return home(n).resolve("resolv.conf");
    }

    private String[] on(int n, String... words) {
        return Stream.concat(
                        Stream.of("unshare", "--mount", "--uts", "sh", "-c", HOST, "sh", "host" + n, "" + home(n)),
                        Stream.of(words))
                .toArray(String[]::new);
    }

    /** A person types a command, which goes on until the host is switched off. */
    private void type(int n, String... command) throws IOException {
        typed++;
        start(n, "tier6", command);
    }

    private void start(int n, String what, String... command) throws IOException {
        command[0] = Distribution.directory().resolve("bin").resolve(command[0]).toString();
        hosts.get(n - 1).start(what, Map.of(), on(n, command));
    }

    /** A person types a command and waits for its end. */
    private Command.Result typeAndWait(int n, String... command) {
        typed++;
        command[0] = Distribution.directory().resolve("bin").resolve(command[0]).toString();
        return hosts.get(n - 1).tryRun(on(n, command));
    }

    private String succeed(int n, String... command) {
        Command.Result result = typeAndWait(n, command);
        assertTrue(result.ok(), String.join(" ", command) + ": " + result.output());
        return result.output();
    }

    private boolean pings(int n, String name) {
        return hosts.get(n - 1)
                .tryRun(on(n, "ping", "-q", "-c", "1", "-W", "1", name))
                .ok();
    }

    private String log(int n) {
        return log(n, "tier6");
    }

    private String log(int n, String what) {
        try {
            return hosts.get(n - 1).logText(what);
        } catch (IOException e) {
            return "";
        }
    }

    private void await(String what, long seconds, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                StringBuilder logs = new StringBuilder();
                for (int n = 1; n <= hosts.size(); n++) {
                    logs.append("\n--- host").append(n).append('\n').append(log(n));
                    logs.append(log(n, "cathedral")).append(log(n, "work"));
                }
                throw new AssertionError("waited " + seconds + " s in vain until " + what + logs);
            }
            Thread.sleep(200);
        }
    }

    private static String invitation(String text) {
        Matcher matcher = INVITATION.matcher(text);
        assertTrue(matcher.find(), text);
        return matcher.group();
    }

    @Test
    @Order(1)
    void threeCommandsMakeANetworkOfThreeHostsThatKnowEachOtherByName() throws Exception {
        type(1, "tier6", "up");
        await("the network is up", PATIENCE_SECONDS, () -> log(1).contains("up and running"));
        String invitation = invitation(log(1));
        type(2, "tier6", "join", invitation);
        type(3, "tier6", "join", invitation);
        for (int a = 1; a <= 3; a++) {
            for (int b = 1; b <= 3; b++) {
                int from = a;
                String to = "host" + b + ".home.t6";
                await("host" + a + " pings " + to, PATIENCE_SECONDS, () -> pings(from, to));
            }
        }
        assertEquals(3, typed);
        assertTrue(succeed(2, "tier6", "names").contains("host3.home.t6"));
        assertTrue(succeed(2, "tier6", "ping", "host3", "-c", "2", "-i", "0.2").contains("2 sent, 2 answered"));
        String way = succeed(2, "tier6", "trace", "host3.home.t6");
        assertTrue(way.startsWith("host3.home.t6 is device ") && way.contains("=> tunnel peer-"), way);
        for (String command : List.of("ping", "trace")) {
            List<String> words =
                    succeed(2, "tier6", "completion", "words", command).lines().toList();
            assertTrue(words.containsAll(List.of("host1", "host3")), words.toString());
        }
        assertTrue(Files.readString(resolvConf(2)).endsWith(RESOLV_CONF), "what was there before is there still");
        assertTrue(pings(2, hosts.get(0).address()), "the network below works as before");
    }

    @Test
    @Order(2)
    void whoIsRevokedIsCutOff() {
        assertTrue(pings(3, "host2.home.t6"));
        String devices = succeed(1, "tier6", "devices");
        assertTrue(devices.contains("host2") && devices.contains("host3"), devices);
        String json = succeed(1, "tier6", "devices", "--json");
        assertTrue(JsonParser.parseString(json).isJsonArray() && json.contains("\"name\": \"host3\""), json);
        succeed(1, "tier6", "revoke", "host2");
        revokedAt = System.nanoTime();
        assertFalse(succeed(1, "tier6", "devices").contains("host2"));
        // Whether it is cut off is looked at last, for it takes a while.
    }

    @Test
    @Order(3)
    void whoIsToBeApprovedWaits() throws Exception {
        String invitation = invitation(succeed(1, "tier6", "invite", "--approve", "--for", "30m"));
        Path file = Files.writeString(home(4).resolve("invitation"), invitation + "\n");
        type(4, "tier6", "join", file.toString(), "--as", "guest");
        await("the guest waits", PATIENCE_SECONDS, () -> log(4).contains("tier6 approve guest"));
        assertTrue(succeed(1, "tier6", "invitations", "--json").contains("\"approve\": true"));
        String waiting = succeed(1, "tier6", "approve");
        assertTrue(waiting.contains("guest") && waiting.contains("10.66.0.4"), waiting);
        succeed(1, "tier6", "approve", "guest");
        await("host3 pings the guest", PATIENCE_SECONDS, () -> pings(3, "guest.home.t6"));
        Command.Result again = typeAndWait(2, "tier6", "join", invitation, "--dir", "/var/lib/tier6/other");
        assertTrue(!again.ok() && again.output().contains("is used up"), again.output());
        assertTrue(succeed(1, "tier6", "invitations").matches("(?s).* 10 +2[34] hours .*"));
    }

    @Test
    @Order(4)
    void invitationsThatAreNotGoodAreRefusedInPlainSentences() throws Exception {
        String invitation = invitation(succeed(1, "tier6", "invite"));
        String id = succeed(1, "tier6", "invitations")
                .lines()
                .reduce((a, b) -> b)
                .orElseThrow()
                .substring(0, 8);
        char changed = invitation.charAt(20) == 'A' ? 'B' : 'A';
        String tampered = invitation.substring(0, 20) + changed + invitation.substring(21);
        Command.Result result = typeAndWait(2, "tier6", "join", tampered);
        assertTrue(!result.ok() && result.output().contains("was changed or cut on its way"), result.output());
        succeed(1, "tier6", "invitation", "revoke", id);
        result = typeAndWait(2, "tier6", "join", invitation, "--dir", "/var/lib/tier6/other");
        assertTrue(!result.ok() && result.output().contains("was revoked"), result.output() + id);
    }

    @Test
    @Order(5)
    void aDeviceTakesAnotherNameAndLeavesNothingBehind() throws Exception {
        succeed(4, "tier6", "rename", "friend");
        await("host1 pings the friend", PATIENCE_SECONDS, () -> pings(1, "friend.home.t6"));
        succeed(4, "tier6", "leave");
        assertEquals(0, hosts.get(3).await("tier6", 10));
        assertEquals(RESOLV_CONF, Files.readString(resolvConf(4)));
        for (String part : List.of("lib", "cache", "run")) {
            try (Stream<Path> left = Files.walk(home(4).resolve(part))) {
                assertEquals(
                        List.of(),
                        left.filter(path -> !Files.isDirectory(path)
                                        || path.getFileName().toString().equals("home"))
                                .toList());
            }
        }
        assertFalse(hosts.get(3).tryRun("ip", "link", "show", "t6-home").ok());
        assertFalse(succeed(1, "tier6", "devices").contains("friend"));
    }

    @Test
    @Order(6)
    void whoWasRevokedIsCutOffInTime() throws Exception {
        String address = address(2);
        long left = CUT_OFF_SECONDS - TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - revokedAt);
        await("host2 is cut off", Math.max(1, left), () -> !pings(1, address) && !pings(3, address));
        assertFalse(pings(1, address) || pings(3, address) || pings(2, address(3)));
        assertTrue(pings(1, "host3.home.t6") && pings(3, "host1.home.t6"), "the others go on");
    }

    @Test
    @Order(7)
    void anAddressThatIsThereTwiceIsTold() throws Exception {
        String address = address(3);
        String six = "fd00:6::3";
        Command.Result added = hosts.get(0).tryRun("ip", "address", "add", address + "/24", "dev", "t6-home");
        assertTrue(added.ok(), added.output());
        for (int n : new int[] {1, 3}) {
            hosts.get(n - 1).run("ip", "address", "add", six + "/64", "dev", "t6-home", "nodad");
        }
        // The next number would be 5, but somebody has its address.
        String next = address.replaceFirst("\\d+$", "5");
        hosts.get(2).run("ip", "address", "add", next + "/24", "dev", "t6-home");
        // A new tunnel is when a node asks.
        String invitation = invitation(succeed(1, "tier6", "invite"));
        start(4, "again", "tier6", "join", invitation);
        await("host4 is in", PATIENCE_SECONDS, () -> log(4, "again").contains("joined network home"));
        assertTrue(log(4, "again").contains("number 06"), log(4, "again"));
        String user = "05 is passed over, for its address " + next + " is used by device " + number(3);
        assertTrue(log(1).contains(user), log(1));
        for (int n : new int[] {1, 3}) {
            for (String twice : List.of(address, "fd00:6:0:0:0:0:0:3")) {
                String other = "device " + number(4 - n);
                await(
                        "host" + n + " says that " + twice + " is used twice",
                        30,
                        () -> log(n).contains(twice + " of this host is used by " + other + ", too"));
            }
        }
        hosts.get(0).run("ip", "address", "del", address + "/24", "dev", "t6-home");
        await("host1 pings host3", PATIENCE_SECONDS, () -> pings(1, "host3.home.t6"));
        succeed(4, "tier6", "leave");
    }

    @Test
    @Order(8)
    void aCathedralThatIsThereAlreadyTakesAFlockMore() throws Exception {
        Path cathedral = Files.createDirectories(home(4).resolve("lib/cathedral"));
        Path settings = Files.writeString(cathedral.resolve("settings.conf"), "flock c0ffee00 {\n}\n");
        Files.createDirectory(cathedral.resolve("secrets"));
        Files.writeString(cathedral.resolve("cathedral.conf"), """
                mode cathedral
                local 10.66.0.4:4600
                cathedral_nat_port 4601
                secretdir secrets
                settings settings.conf
                run cathedral as nobody
                """);
        String conf = "/var/lib/cathedral/cathedral.conf";
        start(4, "cathedral", "tier6", "cathedral", conf);
        String invitation = invitation(succeed(4, "tier6", "up", "--cathedral", conf, "--name", "work", "--no-start"));
        start(4, "work", "tier6", "up", "--name", "work");
        await("the door is open", PATIENCE_SECONDS, () -> log(4, "work").contains("lets in who is invited"));
        start(2, "work", "tier6", "join", invitation);
        await("host2 pings host4", PATIENCE_SECONDS, () -> pings(2, "host4.work.t6"));
        assertTrue(Files.readString(settings).contains("allow"), "the cathedral knows the devices");
        succeed(4, "tier6", "revoke", "host2");
        assertEquals(1, Files.readString(settings).split("allow").length - 1, "and knows one no more");
        succeed(4, "tier6", "leave", "--force");
        assertEquals("flock c0ffee00 {\n}\n", Files.readString(settings).stripTrailing() + "\n");
        try (Stream<Path> left = Files.list(cathedral.resolve("secrets"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    @Order(9)
    void whoComesBeforeTheOwnerWaits() throws Exception {
        String up = succeed(4, "tier6", "up", "--name", "late", "--listen", "0.0.0.0:4700", "--no-start");
        String invitation = invitation(up);
        Command.Result impatient = typeAndWait(2, "tier6", "join", invitation, "--wait", "1s");
        assertTrue(!impatient.ok() && impatient.output().contains("nobody listens at TCP 10.66.0.4:4700"));
        assertTrue(impatient.output().contains("waited in vain: the flock cannot be reached"), impatient.output());
        assertEquals(List.of(), pending(2), "what nobody has heard of is not kept");
        start(2, "late", "tier6", "join", invitation);
        await("host2 waits", PATIENCE_SECONDS, () -> log(2, "late").contains("This host goes on asking"));
        start(4, "late", "tier6", "up", "--name", "late");
        await("host2 pings host4", PATIENCE_SECONDS, () -> pings(2, "host4.late.t6"));
        assertEquals(1, log(2, "late").split("waiting: ").length - 1, log(2, "late"));

        // Who is known to the owner, and gives up, is the same device when it comes again.
        invitation = invitation(succeed(4, "tier6", "invite", "--approve"));
        impatient = typeAndWait(3, "tier6", "join", invitation, "--as", "pc", "--wait", "1s");
        assertTrue(!impatient.ok() && impatient.output().contains("'tier6 approve pc' does"), impatient.output());
        assertEquals(1, pending(3).size());
        succeed(4, "tier6", "approve", "pc");
        succeed(3, "tier6", "join", invitation, "--as", "pc", "--no-start");
        assertEquals(List.of(), pending(3));
        succeed(2, "tier6", "leave", "--network", "late");
        succeed(4, "tier6", "leave", "--force");
    }

    /** The keys that a host keeps for joining later. */
    private List<Path> pending(int n) throws IOException {
        try (Stream<Path> all = Files.list(home(n).resolve("lib/tier6"))) {
            return all.filter(path -> path.getFileName().toString().startsWith(".joining"))
                    .toList();
        }
    }

    private String number(int n) {
        Matcher matcher =
                Pattern.compile("this device is host\\d, number ([0-9a-f]{2})").matcher(log(n));
        assertTrue(matcher.find(), log(n));
        return matcher.group(1);
    }

    /** As the host was told it. */
    private String address(int n) {
        Matcher matcher = Pattern.compile("address +(100\\.[0-9.]+)/24").matcher(log(n));
        assertTrue(matcher.find(), log(n));
        return matcher.group(1);
    }
}
