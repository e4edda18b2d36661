package tier6.itest.felix;

import java.nio.file.Path;

/** The distribution under test. */
public final class Distribution {
    private Distribution() {}

    /** Where it is unpacked. */
    public static Path directory() {
        return Path.of(System.getProperty("tier6.distribution", "../distribution/target/tier6"));
    }
}
