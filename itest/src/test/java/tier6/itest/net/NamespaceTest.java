package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A cathedral and three nodes of ours with real interfaces, in network namespaces of one machine. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NamespaceTest {
    private static final int MTU = 1404; // 1500 - 20 IP - 8 UDP - 50 sanctum - 14 Ethernet - 4 VLAN tag
    private static final int ICMP = 28; // IPv4 header and ICMP header

    private Mesh mesh;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        mesh = new Mesh(directory, 1500, 0, Mesh.Kind.OURS, Mesh.Kind.OURS, Mesh.Kind.OURS, Mesh.Kind.OURS);
        mesh.startAll();
    }

    @AfterAll
    void stop() {
        if (mesh != null) {
            mesh.close();
        }
    }

    @Test
    @Order(1)
    void everyNodePingsEveryOther() throws Exception {
        mesh.awaitFullMesh(20);
        assertTrue(mesh.node(1).pings(Mesh.v6(2), "-6"));
        assertTrue(mesh.node(3).pings(Mesh.v6(1), "-6"));
    }

    @Test
    @Order(2)
    void theInterfaceHasTheMacOfTheDeviceAndAnMtuThatFits() {
        String link = mesh.node(2).run("ip", "link", "show", Mesh.TAP);
        assertTrue(link.contains("06:02:0a:00:00:02"), link);
        assertTrue(link.contains("mtu " + MTU + " "), link);
        assertTrue(mesh.node(1).pings(Mesh.v4(2), "-M", "do", "-s", "" + (MTU - ICMP)));
    }

    @Test
    @Order(3)
    void pathsBecomeDirect() throws Exception {
        mesh.awaitDirect();
        assertTrue(mesh.fullMesh());
    }

    @Test
    @Order(4)
    void framesWithVlanTagsCrossUncut() {
        assumeTrue(
                mesh.node(1)
                        .tryRun("ip", "link", "add", "link", Mesh.TAP, "name", "v8", "type", "vlan", "id", "8")
                        .ok(),
                "needs a kernel with VLAN devices");
        for (int n = 1; n <= 2; n++) {
            mesh.node(n).run("ip", "link", "add", "link", Mesh.TAP, "name", "v7", "type", "vlan", "id", "7");
            mesh.node(n).run("ip", "addr", "add", "10.78.0." + n + "/24", "dev", "v7");
            mesh.node(n).run("ip", "link", "set", "v7", "up");
        }
        assertTrue(mesh.node(1).pings("10.78.0.2", "-M", "do", "-s", "" + (MTU - ICMP)));
    }

    @Test
    @Order(5)
    void aMinuteOfOneWayTrafficLosesNothingAndSilenceDoesNotDeafen() throws Exception {
        mesh.startTool(3, "receiver", "receive", "5000", "4");
        mesh.await("the receiver", 10, () -> ready("receiver"));
        // One-way from 1 to 3 without a word back: 250 datagrams of 1000 bytes a second are 2 Mbit/s.
        mesh.node(1).run("ip", "neigh", "replace", Mesh.v4(3), "lladdr", "06:03:0a:00:00:03", "dev", Mesh.TAP);
        mesh.startTool(1, "sender", "send", Mesh.v4(3), "5000", "250", "1000", "60");
        assertEquals(0, mesh.node(1).await("sender", 90));
        mesh.node(3).await("receiver", 20);
        Matcher result = Pattern.compile("received (\\d+) first (\\d+) last (\\d+) missing (\\d+) duplicated (\\d+)")
                .matcher(mesh.node(3).logText("receiver"));
        assertTrue(result.find());
        assertTrue(Integer.parseInt(result.group(2)) < 250, "the first second may lose, not more: " + result.group());
        assertEquals("0", result.group(4), result.group());
        assertEquals("0", result.group(5), result.group());
        mesh.node(1).run("ip", "neigh", "flush", "dev", Mesh.TAP);
        Thread.sleep(15_000); // longer than the C program remembers an address
        assertTrue(mesh.node(1).pings(Mesh.v4(3)) || mesh.node(1).pings(Mesh.v4(3)));
    }

    private boolean ready(String what) {
        try {
            return mesh.node(3).logText(what).contains("ready");
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @Test
    @Order(6)
    void aKilledNodeComesBack() throws Exception {
        mesh.killNode(2);
        // A C cathedral resets its counters then; ours must not mind.
        mesh.cathedral().processes("cathedral").forEach(process -> Command.run("kill", "-USR1", "" + process.pid()));
        Thread.sleep(2_000);
        mesh.startNode(2);
        mesh.awaitFullMesh(60);
    }

    @Test
    @Order(7)
    void aKilledCathedralComesBackAndNothingIsTornDownMeanwhile() throws Exception {
        mesh.stopCathedral();
        Thread.sleep(5_000);
        assertTrue(mesh.node(1).pings(Mesh.v4(3)), "direct paths do not need the cathedral");
        mesh.startCathedral();
        mesh.awaitFullMesh(60);
        mesh.killNode(1);
        mesh.startNode(1);
        mesh.awaitFullMesh(60);
    }
}
