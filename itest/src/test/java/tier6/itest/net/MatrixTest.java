package tier6.itest.net;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tier6.itest.net.Mesh.Kind;

/** A few cells of the {@link Matrix}: what {@link ReferenceTest} does not have. */
class MatrixTest {
    static Stream<Matrix.Cell> cells() {
        return Matrix.cells().stream()
                .filter(cell -> cell.cast().cathedrals().get(0) == Kind.OURS)
                .filter(cell -> cell.cast().crossed()
                        ? cell.cast().shroud() && cell.cast().relayed()
                        : cell.cast().nodes().contains(Kind.DAEMON)
                                        && !cell.cast().relayed()
                                || cell.cast().cathedrals().size() > 1
                                        && cell.cast().nodes().get(1) == Kind.C
                                        && cell.cast().relayed());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void worksTogether(Matrix.Cell cell, @TempDir Path directory) throws Exception {
        assumeTrue(
                Mesh.reference() != null && Files.isExecutable(Mesh.reference().resolve("sanctum")),
                "needs the C programs: TIER6_REFERENCE is not their prefix");
        cell.play(directory);
    }
}
