package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.itest.felix.Distribution;

/**
 * Three nodes on one segment, without a cathedral and without an address in their configurations. Two have the same secret
 * and find each other; the third has another, and meets the first when a file says so.
 */
@WithOneJava
class LanPeersTest {
    private static final int NODES = 3;

    private final Host[] hosts = new Host[NODES + 1];

    @Test
    void whoHasTheSecretIsFoundAndWhoIsWrittenDown(@TempDir Path directory) throws Exception {
        try (Lab lab = new Lab(directory, 1500)) {
            Path ours = Files.write(directory.resolve("ours"), key(1));
            Path theirs = Files.write(directory.resolve("theirs"), key(2));
            Path peers = Files.writeString(directory.resolve("peers"), "# nobody yet\n");
            for (int n = 1; n <= NODES; n++) {
                hosts[n] = lab.host("lan" + n, "10.66.0." + n);
                start(n, n == NODES ? theirs : ours, peers);
            }
            await("1 and 2 meet", () -> meet(1, 2));
            assertTrue(log(1).contains("peer c0ffee1234567800/02 found by lan"), logs());
            assertFalse(log(1).contains("c0ffee1234567800/03"), logs());
            assertFalse(log(3).contains("found by"), logs());

            Files.writeString(peers, """
                    01 10.66.0.1:4513 %1$s 4531
                    03 10.66.0.3:4531 %1$s 4513
                    """.formatted(ours));
            await("1 and 3 meet", () -> meet(1, 3));
            assertTrue(log(3).contains("peer c0ffee1234567800/01 found by file"), logs());
            Files.writeString(peers, "# nobody any more\n");
            await("1 and 3 part", () -> log(1).contains("/03 lost") && log(3).contains("/01 lost"));
            assertTrue(meet(1, 2), "the others stay");
        }
    }

    private static byte[] key(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    private void start(int n, Path secret, Path peers) throws IOException {
        Path conf = Files.writeString(secret.resolveSibling("lan" + n + ".conf"), """
                runas %s
                kek-id %02x
                flock c0ffee1234567800
                tapname %s
                peers-lan %s
                peers-file %s
                """.formatted(
                        n == 2 ? "nobody" : "-", n, Mesh.TAP, secret, n == 2 ? peers + ".none" : peers));
        String launcher =
                Distribution.directory().resolve("bin/tier6").toAbsolutePath().toString();
        hosts[n].start("node", Map.of(), launcher, conf.toString());
    }

    private boolean meet(int one, int other) {
        for (int n : new int[] {one, other}) {
            hosts[n].tryRun("ip", "addr", "replace", Mesh.v4(n) + "/24", "dev", Mesh.TAP);
        }
        return hosts[one].pings(Mesh.v4(other)) && hosts[other].pings(Mesh.v4(one));
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, () -> "waited in vain: " + what + "\n" + logs());
            Thread.sleep(100);
        }
    }

    private String log(int n) {
        try {
            return hosts[n].logText("node");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String logs() {
        return log(1) + log(2) + log(3);
    }
}
