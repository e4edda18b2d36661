package tier6.itest.fuzz;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A short run over all targets, with another seed each time; {@code itest/bench/fuzz.sh} is the long one. */
class FuzzTest {
    private static final int INPUTS = 1_000;

    static List<Target> targets() {
        return Targets.all();
    }

    @BeforeAll
    static void quiet() {
        Fuzz.quiet(true);
    }

    @AfterAll
    static void loud() {
        Fuzz.quiet(false);
    }

    /** A failure names the seed, and the command that repeats it. */
    @ParameterizedTest
    @MethodSource("targets")
    void takesWhatComes(Target target) throws Exception {
        Fuzz.block(target, new Random().nextLong(), 0, INPUTS);
    }
}
