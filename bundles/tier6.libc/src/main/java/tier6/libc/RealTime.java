package tier6.libc;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Real-time scheduling (sched(7)) for threads that carry frames. The kernel carries those of its own interfaces in soft
 * interrupts, which come before every process; with this, ours do, too, instead of waiting for the end of the time slices
 * of the programs whose frames they are. The policy is {@code SCHED_RR} at the lowest priority, and threads that such a
 * thread starts are ordinary ones. What the kernel keeps for ordinary processes on each processor, five parts in a hundred
 * unless told otherwise, stays theirs.
 *
 * <p>It takes {@code CAP_SYS_NICE}, or a limit of real-time priority that is not 0 ({@code RLIMIT_RTPRIO}). Who has
 * neither goes on as an ordinary thread.
 */
public final class RealTime {
    private static final Logger LOG = System.getLogger("tier6.libc");
    private static final int SCHED_RR = 2, SCHED_RESET_ON_FORK = 0x40000000, RLIMIT_RTPRIO = 14;
    private static final int LOWEST = 1, SELF = 0;
    private static final Path TASKS = Path.of("/proc/self/task");

    /** What HotSpot calls the thread that collects garbage; threads that carry frames stand still until it has. */
    private static final String COLLECTOR = "VM Thread";

    private static boolean entered;

    private RealTime() {}

    /**
     * Makes the calling thread a real-time one if there are rights for it and another processor for everybody else.
     *
     * @return whether it is one now
     */
    public static boolean enter() {
        return Runtime.getRuntime().availableProcessors() > 1 && enter(SELF) && prepare();
    }

    /**
     * Lets threads call {@link #enter} after this process has given up its rights. It takes {@code CAP_SYS_RESOURCE}.
     *
     * @return whether they will be able to
     */
    public static boolean keepRight() {
        long[] limits = new long[2]; // soft, hard
        if (Libc.getrlimit(RLIMIT_RTPRIO, limits) != 0) {
            return false;
        }
        if (limits[0] != 0) {
            return true;
        }
        limits[0] = LOWEST;
        limits[1] = limits[1] == 0 ? LOWEST : limits[1];
        return Libc.setrlimit(RLIMIT_RTPRIO, limits) == 0;
    }

    private static boolean enter(int thread) {
        return Libc.sched_setscheduler(thread, SCHED_RR | SCHED_RESET_ON_FORK, new int[] {LOWEST}) == 0;
    }

    /** What is needed once, with the first thread. */
    private static synchronized boolean prepare() {
        if (!entered) {
            entered = true;
            enterCollector();
            LOG.log(Level.DEBUG, "threads that carry frames are real-time threads");
        }
        return true;
    }

    private static void enterCollector() {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                if (isCollector(task)) {
                    enter(Integer.parseInt(task.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot find the thread that collects garbage", e);
        }
    }

    private static boolean isCollector(Path task) throws IOException {
        try {
            return Files.readString(task.resolve("comm")).strip().equals(COLLECTOR);
        } catch (NoSuchFileException e) {
            return false; // it has ended
        }
    }
}
