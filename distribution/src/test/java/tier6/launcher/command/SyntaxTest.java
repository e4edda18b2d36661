package tier6.launcher.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyntaxTest {
    private static final Syntax SYNTAX = new Syntax("FLOCK [OTHER-FLOCK] --days N [--in DIR] [--force]");

    private static Arguments parse(String line) throws Unusable {
        return SYNTAX.parse(List.of(line.split(" "))).orElseThrow();
    }

    @Test
    void takesWordsAndOptionsInAnyOrder() throws Unusable {
        for (String line : List.of("a b --days 3 --force", "--days=3 a --force b", "--force a --days 3 -- b")) {
            Arguments arguments = parse(line);
            assertEquals("a", arguments.text("FLOCK"), line);
            assertEquals("b", arguments.text("OTHER-FLOCK"), line);
            assertEquals(3, arguments.number("--days", 1, 9, 0), line);
            assertTrue(arguments.has("--force"), line);
            assertFalse(arguments.has("--in"), line);
        }
    }

    @Test
    void whatIsInBracketsMayBeLeftOut() throws Unusable {
        assertFalse(parse("a --days 3").has("OTHER-FLOCK"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-h", "--help", "a b c --help", "--in x -h"})
    void asksForHelp(String line) throws Unusable {
        assertTrue(SYNTAX.parse(List.of(line.split(" "))).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "a, --days N is missing",
        "--days 3, FLOCK is missing",
        "a --days, --days needs a value: --days N",
        "a b c --days 3, 'c' is one word too many",
        "a --day 3, there is no option '--day' here",
        "a --days 3 --days 4, --days is there twice",
        "a --days 3 --force=yes, --force takes no value"
    })
    void saysWhatIsWrong(String line, String part) {
        Unusable e = assertThrows(Unusable.class, () -> parse(line));
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void readsIdsAsProgramsWriteThem() throws Unusable {
        Arguments arguments = new Syntax("FLOCK KEK-ID CS-ID --cathedral IP:PORT")
                .parse(List.of("0xC0ffee1234567800", "0x0a", "a1", "--cathedral", "192.0.2.200:4500"))
                .orElseThrow();
        assertEquals(0xc0ffee1234567800L, arguments.flock("FLOCK"));
        assertEquals(10, arguments.kekId("KEK-ID", 254));
        assertEquals(0xa1, arguments.csId("CS-ID"));
        assertEquals("/192.0.2.200:4500", arguments.endpoint("--cathedral").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"c0ffee12345678001", "", "0x", "xyz", "-1"})
    void refusesWhatIsNoId(String text) {
        Arguments arguments = new Arguments(Map.of("X", text));
        assertThrows(Unusable.class, () -> arguments.flock("X"));
        assertThrows(Unusable.class, () -> arguments.csId("X"));
        assertThrows(Unusable.class, () -> arguments.kekId("X", 254));
        assertThrows(Unusable.class, () -> arguments.number("X", 0, 9, 0));
        assertThrows(Unusable.class, () -> arguments.endpoint("X"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "192.0.2.256:1", "192.0.2.1:0", "192.0.2.1:65536", "localhost:4500"})
    void refusesWhatIsNoEndpoint(String text) {
        Arguments arguments = new Arguments(Map.of("X", text));
        assertThrows(Unusable.class, () -> arguments.endpoint("X"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "00", "ff", "100"})
    void refusesWhatIsNoDevice(String text) {
        Arguments arguments = new Arguments(Map.of("X", text));
        assertThrows(Unusable.class, () -> arguments.kekId("X", 254));
    }
}
