package tier6.launcher.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private static Options parse(String... arguments) {
        return Options.parse(List.of(arguments));
    }

    @Test
    void threeNodesAndAShellUnlessTold() {
        assertEquals(new Options(3, Optional.empty(), false, false), parse());
    }

    @Test
    void takesBothSpellings() {
        Options expected = new Options(16, Optional.of(Duration.ofSeconds(30)), true, false);
        assertEquals(expected, parse("--nodes", "16", "--for", "30s", "--console"));
        assertEquals(expected, parse("--console", "--for=30s", "--nodes=16"));
    }

    @ParameterizedTest
    @CsvSource({"30s, 30", "2m, 120", "1h, 3600"})
    void durationsHaveAUnit(String text, long seconds) {
        assertEquals(
                Optional.of(Duration.ofSeconds(seconds)), parse("--for", text).length());
    }

    @Test
    void asksForHelp() {
        assertTrue(parse("--help").help());
        assertTrue(parse("-h").help());
        assertTrue(Options.USAGE.lines().allMatch(line -> line.length() <= 80));
    }

    @ParameterizedTest
    @CsvSource({
        "--nodes 1, from 2 to 16",
        "--nodes 17, from 2 to 16",
        "--nodes x, not 'x'",
        "--nodes, needs a value",
        "--nodes=, not ''",
        "--for, such as --for 30s",
        "--for 30, such as 30s",
        "--for 0s, such as 30s",
        "--for 1d, not '1d'",
        "--node 3, '--node' is not known",
        "rubbish, --help"
    })
    void saysWhatIsWrongAndHowToMendIt(String line, String part) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Options.parse(List.of(line.split(" "))));
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }
}
