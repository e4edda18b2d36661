package tier6.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LineLoggersTest {
    private final List<String> lines = new ArrayList<>();

    @BeforeEach
    void collect() {
        LineLoggers.to((level, component, message) -> lines.add(level + " " + component + " " + message));
    }

    @AfterEach
    void restore() {
        LineLoggers.to(LineLoggers::toStandardError);
    }

    @Test
    void anEventIsALine() {
        System.Logger log = System.getLogger("tier6.vswitch.internal");
        log.log(Level.INFO, "port {0} up", "peer 02");
        log.log(Level.DEBUG, "not wanted");
        log.log(Level.ERROR, "no port", new IllegalStateException("closed", new RuntimeException("gone")));
        assertEquals(List.of("INFO vswitch port peer 02 up", "ERROR vswitch no port: closed: gone"), lines);
    }

    @Test
    void aLineIsAnObjectForPrograms() {
        JsonObject line = JsonParser.parseString(LineLoggers.json(Level.WARNING, "mesh", "a \"b\" \\ ü"))
                .getAsJsonObject();
        assertEquals("warning", line.get("level").getAsString());
        assertEquals("mesh", line.get("component").getAsString());
        assertEquals("a \"b\" \\ ü", line.get("message").getAsString());
        Instant.parse(line.get("time").getAsString());
    }

    @Test
    void nobodyFromOutsideWritesLinesOrSteersTheTerminal() {
        System.getLogger("tier6.mesh").log(Level.WARNING, "peer says \u001b[2J\nINFO all is well\r\u009b31m");
        assertEquals(List.of("WARNING mesh peer says  [2J INFO all is well 31m"), lines);
    }

    @Test
    void whatIsPrintedBecomesLines() {
        PrintStream stream = LineLoggers.stream(Level.ERROR);
        stream.print("half a line, ");
        stream.printf("é and the rest%n%nanother%n");
        assertEquals(List.of("ERROR output half a line, é and the rest", "ERROR output another"), lines);
    }

    @Test
    void theJdkSpeaksOnlyWhenItMatters() {
        System.getLogger("java.net").log(Level.INFO, "chatter");
        System.getLogger("java.net").log(Level.WARNING, "matters");
        assertEquals(List.of("WARNING java.net matters"), lines);
    }
}
