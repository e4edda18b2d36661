package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tier6.itest.felix.Distribution;

/** Two nodes that know each other's IPv6 address and need no cathedral. */
@WithOneJava
class Ipv6PeersTest {
    @ParameterizedTest(name = "shroud {0}")
    @ValueSource(strings = {"no", "yes"})
    void staticPeersMeetOverIpv6(String shroud, @TempDir Path directory) throws Exception {
        try (Lab lab = new Lab(directory, 1500)) {
            Path secret = Files.write(directory.resolve("secret"), new byte[32]);
            Host[] hosts = {lab.host("six1", "10.66.0.1"), lab.host("six2", "10.66.0.2")};
            for (int n = 1; n <= 2; n++) {
                Host host = hosts[n - 1];
                host.run("ip", "-6", "addr", "add", "fd66::" + n + "/64", "dev", "eth0", "nodad");
                Path conf = Files.writeString(directory.resolve("six" + n + ".conf"), """
                        runas -
                        kek-id %02x
                        tapname %s
                        shroud %s
                        peer %02x [fd66::%d]:%d %s %d
                        """.formatted(
                                n, Mesh.TAP, shroud, 3 - n, 3 - n, 4500 + 3 - n, secret, 4500 + n));
                String launcher = Distribution.directory()
                        .resolve("bin/tier6")
                        .toAbsolutePath()
                        .toString();
                host.start("node", Map.of(), launcher, conf.toString());
            }
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
            boolean meet = false;
            while (!meet && System.nanoTime() < end) {
                for (int n = 1; n <= 2; n++) {
                    hosts[n - 1].tryRun("ip", "addr", "replace", Mesh.v4(n) + "/24", "dev", Mesh.TAP);
                }
                meet = hosts[0].pings(Mesh.v4(2)) && hosts[1].pings(Mesh.v4(1));
            }
            assertTrue(meet, hosts[0].logText("node") + hosts[1].logText("node"));
        }
    }
}
