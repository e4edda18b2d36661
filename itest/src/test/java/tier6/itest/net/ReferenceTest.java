package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our programs and the C programs in one flock, where {@code TIER6_REFERENCE} names the prefix of the C programs. */
class ReferenceTest {
    static Stream<Arguments> casts() {
        return Stream.of(
                Arguments.of(Mesh.Kind.C, new Mesh.Kind[] {Mesh.Kind.C, Mesh.Kind.OURS, Mesh.Kind.C}),
                Arguments.of(Mesh.Kind.OURS, new Mesh.Kind[] {Mesh.Kind.C, Mesh.Kind.C, Mesh.Kind.C}),
                Arguments.of(Mesh.Kind.OURS, new Mesh.Kind[] {Mesh.Kind.OURS, Mesh.Kind.OURS, Mesh.Kind.C}));
    }

    @ParameterizedTest(name = "cathedral {0}, nodes {1}")
    @MethodSource("casts")
    void theyMeetAndGoDirect(Mesh.Kind cathedral, Mesh.Kind[] nodes, @TempDir Path directory) throws Exception {
        assumeTrue(
                Mesh.reference() != null && Files.isExecutable(Mesh.reference().resolve("tier6")),
                "needs the C programs: TIER6_REFERENCE is not their prefix");
        try (Mesh mesh = new Mesh(directory, 1500, 0, cathedral, nodes)) {
            mesh.startAll();
            mesh.awaitFullMesh(30);
            mesh.awaitDirect();
            mesh.awaitFullMesh(10);
            assertTrue(mesh.node(1).pings(Mesh.v6(2), "-6"));
            assertTrue(mesh.node(2).pings(Mesh.v4(3), "-M", "do", "-s", "" + (1404 - 28)));
        }
    }
}
