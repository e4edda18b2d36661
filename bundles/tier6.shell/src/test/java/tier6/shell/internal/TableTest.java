package tier6.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void alignsColumnsAndLeavesNoTrailingBlanks() {
        assertEquals(
                """
                NAME    COUNT  END
                a           1
                longer   1000  x""",
                Table.of("NAME", ">COUNT", "END")
                        .row("a", "1", "")
                        .row("longer", "1000", "x")
                        .render(80));
    }

    @Test
    void narrowsTheWidestColumnAndLosesNothing() {
        String text = Table.of("A", "B")
                .row("0123456789abcdef0123", "some words that go on for long")
                .render(30);
        assertEquals("""
                A               B
                0123456789abcd  some words
                ef0123          that go on for
                                long""", text);
    }

    @Test
    void neverMakesAColumnUseless() {
        String text = Table.of("A", "B").row("x".repeat(40), "y".repeat(40)).render(3);
        assertTrue(text.contains("x".repeat(8) + "  " + "y".repeat(8)), text);
    }

    @Test
    void cutsWhereThereIsNoBlank() {
        assertEquals(List.of("abcd", "efgh", "i jk"), Table.wrap("abcdefghi jk", 4));
        assertEquals(List.of(""), Table.wrap("", 4));
    }

    @Test
    void refusesARowThatDoesNotFit() {
        assertThrows(IllegalArgumentException.class, () -> Table.plain(2).row("one"));
    }
}
