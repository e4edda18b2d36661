package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New ambries in a mesh of three on real interfaces (specification section 7.7). */
@WithOneJava
class RolloverTest {
    private static final int NODES = 3;

    /** Traffic before the new ambries, and until all have new keys. */
    private static final int SECONDS = 12;

    /** The cathedral looks every two seconds, devices ask every five; then they have 75. */
    private static final int CUT_OFF_SECONDS = 2 + 5 + 75 + 2;

    private static final Pattern COUNTS = Pattern.compile("received (\\d+) .* missing (\\d+) duplicated (\\d+)");

    @Test
    void newAmbriesLoseNothingAndCutOffWhoseKekWasRenewed(@TempDir Path directory) throws Exception {
        try (Mesh mesh = new Mesh(directory, 1500, 0, Mesh.Kind.OURS, Mesh.Kind.OURS, Mesh.Kind.OURS, Mesh.Kind.OURS)) {
            mesh.startAll();
            mesh.awaitFullMesh(30);
            for (int n = 1; n <= NODES; n++) {
                mesh.startTool(n, "receiver", "receive", "5000", "3");
            }
            for (int n = 1; n <= NODES; n++) {
                int node = n;
                mesh.await(
                        "the receiver", 20, () -> text(mesh, node, "receiver").contains("ready"));
            }
            // Around in a ring, so that each tunnel carries something: 2 Mbit/s.
            for (int n = 1; n <= NODES; n++) {
                mesh.startTool(n, "sender", "send", Mesh.v4(n % NODES + 1), "5000", "250", "1000", "" + SECONDS);
            }
            Thread.sleep(1_000);
            mesh.flock().newAmbry();
            for (int n = 1; n <= NODES; n++) {
                assertEquals(0, mesh.node(n).await("sender", SECONDS + 30));
                mesh.node(n).await("receiver", 20);
            }
            for (int n = 1; n <= NODES; n++) {
                String text = text(mesh, n, "receiver");
                Matcher counts = COUNTS.matcher(text);
                assertTrue(counts.find(), text);
                assertEquals(SECONDS * 250, Integer.parseInt(counts.group(1)), text);
                assertEquals("0", counts.group(2), text);
            }

            mesh.flock().renewKek(NODES);
            mesh.flock().newAmbry();
            long end = System.nanoTime() + CUT_OFF_SECONDS * 1_000_000_000L;
            assertTrue(mesh.node(NODES).pings(Mesh.v4(1)), "it had a part in it before");
            while (System.nanoTime() < end) {
                // Nor did the first rollover fail: without new keys they would be cut off by now, too.
                boolean reached = mesh.node(1).pings(Mesh.v4(2)) || mesh.node(1).pings(Mesh.v4(2));
                assertTrue(reached, "the others notice nothing");
                Thread.sleep(500);
            }
            for (int n = 1; n < NODES; n++) {
                assertTrue(!mesh.node(NODES).pings(Mesh.v4(n)), "it still reaches node " + n);
                assertTrue(!mesh.node(n).pings(Mesh.v4(NODES)), "node " + n + " still reaches it");
            }
        }
    }

    private static String text(Mesh mesh, int n, String what) {
        try {
            return mesh.node(n).logText(what);
        } catch (IOException e) {
            return "";
        }
    }
}
