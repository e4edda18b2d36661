package tier6.tap.linux.internal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import tier6.libc.Libc;

/** What the tests need of the machine. */
final class Kernel {
    private static final AtomicInteger NAMES = new AtomicInteger();

    private Kernel() {}

    /** Skips the test where it cannot make interfaces. */
    static void assumeTap() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "not Linux");
        assumeTrue(Libc.getuid() == 0, "not root");
        assumeTrue(Files.exists(Path.of("/dev/net/tun")), "no /dev/net/tun");
    }

    /** A name that nobody else uses. */
    static String name() {
        return "t6t" + ProcessHandle.current().pid() % 1_000_000 + "-" + NAMES.incrementAndGet();
    }

    /** Runs a command to its end and returns what it printed; fails if it fails. */
    static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(List.of(command) + " failed: " + output);
        }
        return output;
    }

    /** Whether there is a program of that name. */
    static boolean has(String program) {
        for (String directory : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
