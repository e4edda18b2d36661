package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.itest.felix.Distribution;

/** Nodes on one segment find each other without a cathedral and without knowing an address. */
class LanPeersTest {
    @Test
    void whoHasTheSecretIsFoundAndNobodyElse(@TempDir Path directory) throws Exception {
        try (Lab lab = new Lab(directory, 1500)) {
            Path secret = Files.write(directory.resolve("secret"), key(1));
            Path other = Files.write(directory.resolve("other"), key(2));
            Host[] hosts = new Host[4];
            for (int n = 1; n <= 3; n++) {
                hosts[n] = lab.host("lan" + n, "10.66.0." + n);
                start(hosts[n], n, n == 3 ? other : secret, directory);
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            boolean meet = false;
            while (!meet && System.nanoTime() < end) {
                for (int n = 1; n <= 3; n++) {
                    hosts[n].tryRun("ip", "addr", "replace", Mesh.v4(n) + "/24", "dev", Mesh.TAP);
                }
                meet = hosts[1].pings(Mesh.v4(2)) && hosts[2].pings(Mesh.v4(1));
            }
            String logs = hosts[1].logText("node") + hosts[2].logText("node") + hosts[3].logText("node");
            assertTrue(meet, logs);
            assertTrue(hosts[1].logText("node").contains("peer c0ffee1234567800/02 found by lan"), logs);
            assertFalse(logs.contains("peer c0ffee1234567800/03"), logs);
        }
    }

    private static byte[] key(int fill) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) fill);
        return key;
    }

    private static void start(Host host, int n, Path secret, Path directory) throws Exception {
        Path conf = Files.writeString(directory.resolve("lan" + n + ".conf"), """
                runas -
                kek-id %02x
                flock c0ffee1234567800
                tapname %s
                peers-lan %s
                """.formatted(n, Mesh.TAP, secret));
        String launcher =
                Distribution.directory().resolve("bin/tier6").toAbsolutePath().toString();
        host.start("node", Map.of(), launcher, conf.toString());
    }

    /** The file is there before the node, the line comes later; then it goes again. */
    @Test
    void aPeerThatIsWrittenIntoAFileIsThere(@TempDir Path directory) throws Exception {
        try (Lab lab = new Lab(directory, 1500)) {
            Path secret = Files.write(directory.resolve("secret"), key(1));
            Path peers = Files.writeString(directory.resolve("peers"), "# nobody yet\n");
            Host[] hosts = new Host[3];
            for (int n = 1; n <= 2; n++) {
                hosts[n] = lab.host("file" + n, "10.66.0." + n);
                Path conf =
                        Files.writeString(directory.resolve("file" + n + ".conf"), """
                        runas -
                        kek-id %02x
                        tapname %s
                        peers-file %s
                        """.formatted(n, Mesh.TAP, peers));
                String launcher = Distribution.directory()
                        .resolve("bin/tier6")
                        .toAbsolutePath()
                        .toString();
                hosts[n].start("node", Map.of(), launcher, conf.toString());
            }
            await(
                    "they run",
                    () -> log(hosts[1]).contains("up and running")
                            && log(hosts[2]).contains("up and running"));
            Files.writeString(peers, """
                    01 10.66.0.1:4512 %1$s 4521
                    02 10.66.0.2:4521 %1$s 4512
                    """.formatted(secret));
            await("they meet", () -> {
                for (int n = 1; n <= 2; n++) {
                    hosts[n].tryRun("ip", "addr", "replace", Mesh.v4(n) + "/24", "dev", Mesh.TAP);
                }
                return hosts[1].pings(Mesh.v4(2)) && hosts[2].pings(Mesh.v4(1));
            });
            Files.writeString(peers, "# nobody any more\n");
            await(
                    "they part",
                    () -> log(hosts[1]).contains("/02 lost") && log(hosts[2]).contains("/01 lost"));
        }
    }

    private static String log(Host host) {
        try {
            return host.logText("node");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void await(String what, java.util.function.BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "waited in vain: " + what);
            Thread.sleep(100);
        }
    }
}
