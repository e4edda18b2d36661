package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames larger than 1500 bytes, where the network below carries them. */
@WithOneJava
class JumboTest {
    private static final int MTU = 8904; // 9000 - 96, as in NamespaceTest

    @Test
    void jumboFramesCrossWhole(@TempDir Path directory) throws Exception {
        try (Mesh mesh = new Mesh(directory, 9000, MTU, Mesh.Kind.OURS, Mesh.Kind.OURS, Mesh.Kind.OURS)) {
            mesh.startAll();
            mesh.awaitFullMesh(20);
            assertTrue(mesh.node(1).pings(Mesh.v4(2), "-M", "do", "-s", "" + (MTU - 28)));
            mesh.awaitDirect();
            assertTrue(mesh.node(1).pings(Mesh.v4(2), "-M", "do", "-s", "" + (MTU - 28)));
        }
    }
}
