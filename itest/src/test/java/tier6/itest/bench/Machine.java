package tier6.itest.bench;

import java.time.LocalDate;
import tier6.itest.net.Command;

/** Where and when something was measured. */
public final class Machine {
    private Machine() {}

    /** Today. */
    public static String date() {
        return LocalDate.now().toString();
    }

    /** Processors and kernel. */
    public static String description() {
        String cpu = Command.tryRun("sh", "-c", "grep -m1 'model name' /proc/cpuinfo | cut -d: -f2")
                .output()
                .strip();
        return Runtime.getRuntime().availableProcessors() + " cores of " + cpu + ", Linux "
                + System.getProperty("os.version");
    }
}
