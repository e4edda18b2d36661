package tier6.tap.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tier6.api.frame.Batch;
import tier6.api.tap.Tap;
import tier6.api.tap.TapConfig;

/** Two kernel stacks, each in a namespace behind a TAP of ours, and a wire between the two in here. */
class TwoStacksTest {
    private static final int BYTES = 12_000_000;
    private static final String LEFT = "10.66.0.1", RIGHT = "10.66.0.2";
    private static final String LEFT6 = "fd66::1", RIGHT6 = "fd66::2";
    private static final String LEFT_VLAN = "10.67.0.1", RIGHT_VLAN = "10.67.0.2";

    private final String leftSpace = Kernel.name();
    private final String rightSpace = Kernel.name();

    private volatile boolean stopped;

    @BeforeAll
    static void needsKernel() {
        Kernel.assumeTap();
        assumeTrue(Kernel.has("ip"), "no ip");
    }

    @BeforeEach
    void makeNamespaces() throws Exception {
        Kernel.run("ip", "netns", "add", leftSpace);
        Kernel.run("ip", "netns", "add", rightSpace);
    }

    @AfterEach
    void removeNamespaces() throws Exception {
        Kernel.run("ip", "netns", "del", leftSpace);
        Kernel.run("ip", "netns", "del", rightSpace);
    }

    @ParameterizedTest(name = "{0} to {1}, MTU {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "auto            | auto      | 1408",
                "auto            | off       | 1408",
                "off             | auto      | 1408",
                "tso4, tso6      | csum      | 1500",
                "tso4, ecn, tso6 | uso4,uso6 | 9000",
                "auto            | off       | 65521",
                "auto            | auto      | 1280"
            })
    void carriesTraffic(String leftOffload, String rightOffload, int mtu) throws Exception {
        try (Tap left = open(leftOffload, mtu, 1);
                Tap right = open(rightOffload, mtu, 2)) {
            List<String> targets = new ArrayList<>(List.of(RIGHT, RIGHT6));
            settle(left, leftSpace, LEFT, LEFT6);
            settle(right, rightSpace, RIGHT, RIGHT6);
            if (addVlan(left, leftSpace, LEFT_VLAN, mtu) && addVlan(right, rightSpace, RIGHT_VLAN, mtu)) {
                targets.add(RIGHT_VLAN);
            }
            Thread there = wire(left, right, 2);
            Thread back = wire(right, left, 3);
            try {
                for (String to : targets) {
                    assertSame("tcp", to, BYTES);
                    assertSame("udp", to, 1000);
                    if (mtu < 2000) {
                        assertSame("udp", to, 3000); // fragments
                    }
                }
            } finally {
                stopped = true;
                left.wakeup();
                right.wakeup();
                there.join();
                back.join();
            }
            check(left.counters(), right.counters(), leftOffload, rightOffload, mtu);
        }
    }

    private static void check(
            Map<String, Long> left, Map<String, Long> right, String leftOffload, String rightOffload, int mtu) {
        String both = left + " " + right;
        assertEquals(0, left.get("drop-in-malformed") + right.get("drop-in-malformed"), both);
        assertEquals(0, left.get("drop-out-refused") + right.get("drop-out-refused"), both);
        if (leftOffload.equals("auto") && mtu < 9000) {
            assertTrue(left.get("super-frames-in") > 100, both);
        }
        if (rightOffload.equals("auto") && mtu < 9000) {
            assertTrue(right.get("super-frames-out") > 100, both);
        }
    }

    private static Tap open(String offload, int mtu, int number) throws IOException {
        TapConfig config = new TapConfig(Kernel.name(), 0x0601_0a00_0000L + number, mtu, Optional.empty());
        return new LinuxTapDriver(offload, 1, false).open(config);
    }

    private static void settle(Tap tap, String space, String ipv4, String ipv6) throws Exception {
        String name = tap.name();
        Kernel.run("ip", "link", "set", name, "netns", space);
        ip(space, "link", "set", "lo", "up");
        ip(space, "link", "set", name, "up");
        ip(space, "addr", "add", ipv4 + "/24", "dev", name);
        ip(space, "addr", "add", ipv6 + "/64", "dev", name, "nodad");
    }

    /** Not every kernel has VLAN interfaces. */
    private static boolean addVlan(Tap tap, String space, String address, int mtu) throws Exception {
        try {
            ip(space, "link", "add", "link", tap.name(), "name", "v67", "mtu", "" + mtu, "type", "vlan", "id", "67");
        } catch (IOException e) {
            return false;
        }
        ip(space, "link", "set", "v67", "up");
        ip(space, "addr", "add", address + "/24", "dev", "v67");
        return true;
    }

    private static void ip(String space, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("ip", "-n", space));
        command.addAll(List.of(words));
        Kernel.run(command.toArray(new String[0]));
    }

    private Thread wire(Tap from, Tap to, int lane) {
        Thread wire = new Thread(
                () -> {
                    Batch batch = new Batch(lane, 128, 192 * 1024);
                    try {
                        while (!stopped) {
                            batch.clear();
                            if (from.read(0, batch) > 0) {
                                to.write(batch);
                            }
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "wire " + lane);
        wire.start();
        return wire;
    }

    private void assertSame(String protocol, String to, int size) throws Exception {
        Process receiver = start(rightSpace, protocol + "-receive");
        try (BufferedReader received = receiver.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("ready", received.readLine());
            Process sender = start(leftSpace, protocol + "-send", to, "" + size);
            try (BufferedReader sent = sender.inputReader(StandardCharsets.UTF_8)) {
                String hash = sent.readLine();
                assertTrue(hash != null && hash.matches("-?[0-9a-f]+"), hash);
                assertEquals(hash, received.readLine(), protocol + " to " + to);
            }
        } finally {
            receiver.destroyForcibly();
        }
    }

    private static Process start(String space, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", space));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath(), Traffic.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String classPath() {
        return Traffic.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    }
}
