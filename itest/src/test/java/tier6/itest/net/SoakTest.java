package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Short forms of {@link Soak}. */
class SoakTest {
    private static final Soak.Cell ALL = new Soak.Cell("ours-ours", 1500, "auto", "auto");

    @Test
    void mixedTrafficArrivesAsItWasSent(@TempDir Path directory) throws Exception {
        Soak.Result result = Soak.play(ALL, directory, 2, "both", Map.of());
        assertTrue(result.sound(), result.toString());
        assertTrue(result.tcpBytes() > 0 && result.sent() > 0, result.toString());
    }

    @Test
    void newKeysUnderFullLoadLoseNothing(@TempDir Path directory) throws Exception {
        Map<String, String> often = Map.of("TIER6_JAVA_OPTS", "-Dtier6.transport.rekey=2", "TIER6_LOG", "debug");
        Soak.Result result = Soak.play(ALL, directory, 6, "udp", often);
        assertTrue(result.sound(), result.toString());
        assertEquals(0, result.lost(), result.toString());
        String log = Files.readString(directory.resolve("n1-node.log"));
        long keys = Pattern.compile("tunnel up").matcher(log).results().count();
        assertTrue(keys > 2, "new keys all the time:\n" + log);
    }
}
