package tier6.sanctum.ambry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;

/** Against the {@code ambry} tool of sanctum, where it is on the path. */
class AmbryToolTest {

    private static final long FLOCK = 0x493abf95a07e0c00L;
    private static final String NAME = "493abf95a07e0c00";

    private final Path tool = Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .map(directory -> Path.of(directory, "ambry"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(null);

    @TempDir
    private Path directory;

    @BeforeEach
    void thereIsATool() {
        assumeTrue(tool != null, "the ambry tool is not on the path");
    }

    /** Unwraps all that the tool wrapped, then wraps it again: the same bytes, all of them. */
    @Test
    void makesTheSameBundleAsTheTool() throws Exception {
        run("generate", NAME);
        run("bundle", NAME, NAME, "30", "bundle");
        AmbryBundle theirs = AmbryBundle.read(directory.resolve("bundle"));
        byte[] bytes = theirs.toBytes();

        try (Flock flock = Flock.load(FLOCK, directory.resolve(NAME).resolve("kek-data"))) {
            long now = Ambry.expirySeconds(theirs.expires()) - 30 * 86_400L;
            AmbryBundle ours = flock.bundle(30, now, new RandomSource() {
                private int draw;

                @Override
                public void fill(byte[] out) {
                    switch (draw++) {
                        case 0 -> ByteBuffer.wrap(out).putInt(Integer.reverseBytes(theirs.generation()));
                        case 1 -> System.arraycopy(bytes, 6, out, 0, out.length);
                        default -> System.arraycopy(unwrapEntry(2 * (draw - 3)), 0, out, 0, out.length);
                    }
                }

                private byte[] unwrapEntry(int index) {
                    int tunnel = ByteBuffer.wrap(bytes).getShort(70 + 58 * index + 8) & 0xffff;
                    return Ambry.unwrap(flock.kek(tunnel >>> 8), FLOCK, FLOCK, theirs.find(FLOCK, tunnel));
                }
            });
            assertEquals(theirs.size(), ours.size());
            assertTrue(Arrays.equals(bytes, ours.toBytes()), "a byte differs");
        }
    }

    @Test
    void derivesKeksLikeTheTool() throws Exception {
        run("generate", NAME);
        try (Flock flock = Flock.load(FLOCK, directory.resolve(NAME).resolve("kek-data"))) {
            for (int id = 1; id <= DerivedKeks.DEVICES; id++) {
                Path derived = directory.resolve(NAME).resolve("internal").resolve(Identity.kekName(id));
                assertArrayEquals(Files.readAllBytes(derived), Ambry.derive(flock.kek(id), FLOCK, FLOCK));
            }
        }
    }

    private void run(String... arguments) throws IOException, InterruptedException {
        String[] command =
                Stream.concat(Stream.of(tool.toString()), Stream.of(arguments)).toArray(String[]::new);
        File log = directory.resolve("log").toFile();
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the tool hangs");
        assertEquals(0, process.exitValue(), () -> Arrays.toString(command) + ": " + read(log));
    }

    private static String read(File log) {
        try {
            return Files.readString(log.toPath());
        } catch (IOException e) {
            return e.toString();
        }
    }
}
