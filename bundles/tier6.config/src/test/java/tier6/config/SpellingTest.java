package tier6.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpellingTest {
    @Test
    void countsEdits() {
        assertEquals(0, Spelling.distance("flock", "flock"));
        assertEquals(5, Spelling.distance("", "flock"));
        assertEquals(1, Spelling.distance("folck", "flock"));
        assertEquals(2, Spelling.distance("katedral", "cathedral"));
        assertEquals(3, Spelling.distance("kitten", "sitting"));
    }

    @Test
    void guessesOnlyWhatIsNear() {
        List<String> words = List.of("flock", "tapname", "tap");
        assertEquals(Optional.of("tapname"), Spelling.nearest("TAP_name", words));
        assertEquals(Optional.of("flock"), Spelling.nearest("flok", words));
        assertEquals(Optional.empty(), Spelling.nearest("frobnicate", words));
    }
}
