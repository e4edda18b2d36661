package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A swap that the system does not allow: of an interface that was made beforehand, and for one driver only. */
@WithOneJava
class SingleQueueTest {
    @Test
    void theNextDriverIsRefusedWithAReasonAndTheOldOneServesOn(@TempDir Path directory) throws Exception {
        try (Mesh mesh = new Mesh(directory, 1500, 0, Mesh.Kind.OURS, Mesh.Kind.OURS, Mesh.Kind.OURS)) {
            Path home = mesh.install(1);
            mesh.node(1).run("ip", "tuntap", "add", Mesh.TAP, "mode", "tap", "vnet_hdr", "user", "nobody");
            mesh.startAll();
            mesh.awaitFullMesh(30);
            NodeShell shell = new NodeShell(mesh.socket(1));
            String before = shell.serving("tap");

            Path newer = Jars.version(Jars.shipped("tier6.tap.linux"), "0.9.0", directory.resolve("newer.jar"));
            Files.move(newer, home.resolve("plugins/tap.jar"));
            mesh.await("the refusal", 20, () -> problem(shell).contains("it has a single queue, and that is taken"));
            String said = problem(shell);
            assertTrue(said.startsWith("linux@0.9.0 of tier6.tap.linux 0.9.0 cannot serve: "), said);
            assertTrue(said.contains("ip tuntap add " + Mesh.TAP + " mode tap multi_queue"), said);
            assertEquals(before.replaceAll(".* of ", ""), shell.serving("tap").replaceAll(".* of ", ""));
            assertTrue(mesh.node(1).logText("node").contains("serves on: cannot open the TAP device " + Mesh.TAP));
            for (int i = 0; i < 20; i++) {
                assertTrue(mesh.node(2).pings(Mesh.v4(1)), "ping " + i);
            }
        }
    }

    private static String problem(NodeShell shell) {
        try {
            JsonElement problem = shell.role("tap").get("problem");
            return problem == null || problem.isJsonNull() ? "" : problem.getAsString();
        } catch (IOException e) {
            return "";
        }
    }
}
