package tier6.itest.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tier6.itest.felix.Distribution;
import tier6.itest.net.Command;

/** {@code tier6 prepare}: the archive of classes for starts that are quicker. */
@Timeout(180)
class PrepareTest {
    @TempDir
    Path temporary;

    private Path home;

    @BeforeEach
    void install() throws IOException {
        home = temporary.resolve("first");
        Command.run("cp", "-a", Distribution.directory().toString(), home.toString());
        if (Files.isDirectory(home.resolve("cds"))) {
            Command.run("rm", "-r", home.resolve("cds").toString());
        }
    }

    @Test
    void theArchiveIsMadeAndUsedAndDoesNoHarm() throws Exception {
        assertTrue(loads("shared objects file (top)").isEmpty(), "there is an archive already");
        assertEquals("with this Java, tier6 starts quicker from now on\n", tier6(Map.of(), "prepare"));
        Path archive;
        try (Stream<Path> files = Files.list(home.resolve("cds"))) {
            List<Path> all = files.toList();
            assertTrue(all.size() == 1 && all.get(0).toString().endsWith(".jsa"), all.toString());
            archive = all.get(0).getFileName();
        }
        assertTrue(loads("shared objects file (top)").contains("tier6.launcher.Main"));

        // The JVM may go on using it, and then does not know where its classes came from.
        home = Files.move(home, temporary.resolve("second"));
        assertTrue(tier6(Map.of(), "plugin", "--help").startsWith("Usage: tier6 plugin"));

        Files.writeString(home.resolve("cds").resolve(archive), "nothing that a JVM wrote");
        assertTrue(tier6(Map.of(), "plugin", "--help").startsWith("Usage: tier6 plugin"));
    }

    /** The classes that a command loads from there. */
    private String loads(String source) throws Exception {
        Path log = temporary.resolve("classes.log");
        tier6(Map.of("TIER6_JAVA_OPTS", "-Xlog:class+load:file=" + log), "plugin", "--help");
        return String.join(
                "\n",
                Files.readAllLines(log).stream()
                        .filter(line -> line.contains("source: " + source))
                        .toList());
    }

    /** What a command says that ends well. */
    private String tier6(Map<String, String> environment, String... words) throws Exception {
        File output = temporary.resolve("output").toFile();
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(home.resolve("bin/tier6").toString()), Stream.of(words))
                        .toList());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("XDG_CACHE_HOME", temporary.resolve("cache").toString());
        builder.environment().putAll(environment);
        int status =
                builder.redirectErrorStream(true).redirectOutput(output).start().waitFor();
        String said = Files.readString(output.toPath());
        assertEquals(0, status, said);
        return said;
    }
}
