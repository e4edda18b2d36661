package tier6.itest.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tier6.itest.felix.Distribution;

/** The demo as people start it: it ends well, and nothing of it is left. */
@Timeout(180)
class DemoTest {
    private static final int SIGTERM = 128 + 15;

    @TempDir
    Path temporary;

    @BeforeEach
    void letEverybodyWriteThere() throws IOException {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @Test
    void everyNodePingsEveryOther() throws Exception {
        Process demo = start(List.of(), "--nodes", "3", "--for", "15s");
        String story = read(demo, null);
        assertEquals(0, demo.waitFor(), story);
        assertTrue(story.contains("12 of 12 pings answered"), story);
        assertNothingLeft(demo.pid());
    }

    @Test
    void anOrdinaryUserSeesTheSame() throws Exception {
        List<String> asNobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        assumeTrue(
                succeeds(asNobody, "test", "-r", launcher()), "needs root, setpriv and a checkout that all can read");
        Process demo = start(asNobody, "--nodes", "2", "--for", "15s");
        String story = read(demo, null);
        assertEquals(0, demo.waitFor(), story);
        assertTrue(story.contains("for not running as root"), story);
        assertNothingLeft(demo.pid());
    }

    @Test
    void aSignalLeavesNothingBehind() throws Exception {
        Process demo = start(List.of(), "--nodes", "2", "--for", "10m");
        String story = read(demo, "every tunnel is up");
        demo.toHandle().destroy(); // unlike destroy(), this goes on reading
        read(demo, null);
        assertEquals(SIGTERM, demo.waitFor(), story);
        assertNothingLeft(demo.pid());
    }

    @Test
    void wrongArgumentsAreExplained() throws Exception {
        Process demo = start(List.of(), "--nodes", "1");
        String words = read(demo, null);
        assertEquals(2, demo.waitFor(), words);
        assertTrue(words.contains("from 2 to 16"), words);
    }

    private static String launcher() {
        return Distribution.directory().toAbsolutePath().resolve("bin/tier6").toString();
    }

    private Process start(List<String> prefix, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(launcher(), "demo"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TIER6_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        return builder.start();
    }

    /** What it says up to a line with {@code end}, or to its end. */
    private static String read(Process process, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        BufferedReader lines = process.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            text.append(line).append('\n');
            if (end != null && line.contains(end)) {
                break;
            }
        }
        return text.toString();
    }

    private static boolean succeeds(List<String> prefix, String... words) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void assertNothingLeft(long pid) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            assertEquals(List.of(), files.toList());
        }
        Path namespaces = Path.of("/run/netns");
        if (Files.isDirectory(namespaces)) {
            try (Stream<Path> files = Files.list(namespaces)) {
                String mine = "t6demo-" + pid + "-";
                assertEquals(
                        List.of(),
                        files.map(Path::getFileName)
                                .map(Path::toString)
                                .filter(name -> name.startsWith(mine))
                                .toList());
            }
        }
    }
}
