package tier6.cathedral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @Test
    void readsWhatTheCProgramReads() {
        Settings settings = Settings.parse(List.of(
                "# test",
                "flock 493abf95a07e0c0a {",
                "\tallow 0f056e10 spi 0x08 25",
                "  allow  C6E64BD8   spi 9   0  ",
                "\tambry /etc/cathedral/a bundle",
                "}",
                "",
                "flock 0x12300{",
                "}",
                "xflock 12300 493abf95a07e0c00 /x",
                "federate 10.0.0.2 4500"));
        assertEquals(List.of(), settings.problems());
        assertEquals(Set.of(0x493abf95a07e0c00L, 0x12300L), settings.flocks().keySet());
        Settings.FlockLines flock = settings.flocks().get(0x493abf95a07e0c00L);
        assertEquals(25L, flock.allows().get(new Settings.Allowed(0x0f056e10, 8)));
        assertEquals(0L, flock.allows().get(new Settings.Allowed(0xc6e64bd8, 9)));
        assertEquals(new Settings.Line("/etc/cathedral/a bundle", 5), flock.ambry());
        assertEquals(
                new Settings.Line("/x", 10), settings.crossings().get(Settings.Pair.of(0x493abf95a07e0c00L, 0x12300L)));
        assertEquals(Set.of(Address.endpoint("10.0.0.2:4500")), settings.federations());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            }                                 | no flock to close
            allow 1 spi 1 0                   | allow belongs into a flock
            ambry /x                          | ambry belongs into a flock
            flock 12300                       | write '{' at the end
            flock zebra {                     | 'zebra' is not a flock
            flock 11112222333344445 {         | is not a flock
            flok 1 {                          | 'flok' is not a keyword
            xflock 1200 3400 /x               | flock 1200 is not known here
            xflock 1200 12ff /x               | two different flocks
            xflock 1200 3400                  | write it as 'xflock
            federate 10.0.0.2                 | write it as 'federate
            federate 10.0.0.256 4500          | not an IPv4 address
            federate 10.0.0.2 0               | not a port
            federate cathedral.example 4500   | not an IPv4 address
            """)
    void tellsWhatIsWrongAndWhere(String text, String complaint) {
        List<String> problems = Settings.parse(List.of("", text)).problems();
        assertTrue(
                problems.stream().anyMatch(p -> p.startsWith("line 2: ") && p.contains(complaint)),
                problems.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            allow 0a000001 spi 0x01           | write it as 'allow
            allow 0a000001 sip 0x01 0         | write it as 'allow
            allow 1a0000011 spi 0x01 0        | is not a cs-id
            allow 0a000001 spi 0x00 0         | kek-id 00
            allow 0a000001 spi 0x100 0        | is not a kek-id
            allow 0a000001 spi 0x01 fast      | 'fast' is no bandwidth
            allow 0a000001 spi 0x01 9999999999 | too much
            ambry                             | write the path
            flock 45600 {                     | is not closed
            } now                             | nothing after '}'
            """)
    void tellsWhatIsWrongInABlock(String text, String complaint) {
        List<String> problems = Settings.parse(List.of("flock 12300 {", text)).problems();
        assertTrue(
                problems.stream().anyMatch(p -> p.startsWith("line 2: ") && p.contains(complaint)),
                problems.toString());
    }

    @Test
    void anUnclosedBlockIsTold() {
        List<String> problems =
                Settings.parse(List.of("", "flock 12300 {", " allow 1 spi 1 0")).problems();
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).startsWith("line 2: this flock is not closed"), problems.toString());
    }

    @Test
    void linesOfABrokenBlockAreNotGivenToAnotherFlock() {
        Settings settings =
                Settings.parse(List.of("flock 12300 {", "}", "flock zebra {", "allow 1 spi 1 0", "ambry /x", "}"));
        assertEquals(1, settings.problems().size());
        assertTrue(settings.flocks().get(0x12300L).allows().isEmpty());
    }

    @Test
    void mistakesRemoveNothing() {
        Settings good = Settings.parse(
                List.of("flock 100 {", "allow 1 spi 1 0", "allow 2 spi 2 0", "ambry /a", "}", "federate 10.0.0.2 1"));
        Settings bad =
                Settings.parse(List.of("flock 100 {", "allow 1 spi 1 8", "alow 2 spi 2 0", "allow 3 spi 3 0", "}"));
        assertEquals(1, bad.problems().size());
        Settings kept = bad.keeping(good);
        Settings.FlockLines flock = kept.flocks().get(0x100L);
        assertEquals(
                Set.of(new Settings.Allowed(1, 1), new Settings.Allowed(2, 2), new Settings.Allowed(3, 3)),
                flock.allows().keySet());
        assertEquals(8, flock.allows().get(new Settings.Allowed(1, 1)));
        assertEquals("/a", flock.ambry().path());
        assertEquals(1, kept.federations().size());
    }
}
