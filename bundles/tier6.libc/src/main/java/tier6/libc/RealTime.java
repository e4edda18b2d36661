package tier6.libc;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Real-time scheduling (sched(7)) of a thread that carries frames, while it is busy. The kernel carries those of its
 * own interfaces in soft interrupts, which come before every process; with this, ours do, too, instead of waiting for the
 * end of the time slices of the programs whose frames they are. The policy is {@code SCHED_RR} at the lowest priority, and
 * threads that such a thread starts are ordinary ones. What the kernel keeps for ordinary processes on each processor, five
 * parts in a hundred unless told otherwise, stays theirs.
 *
 * <p>It takes {@code CAP_SYS_NICE}, or a limit of real-time priority of {@value #COLLECTOR_PRIORITY}
 * ({@code RLIMIT_RTPRIO}). Who has neither goes on as an ordinary thread.
 *
 * <p>For one thread at a time, such as the one that reads an interface; another one may follow it.
 */
public final class RealTime {
    private static final Logger LOG = System.getLogger("tier6.libc");
    private static final int SCHED_OTHER = 0, SCHED_RR = 2, SCHED_RESET_ON_FORK = 0x40000000, RLIMIT_RTPRIO = 14;
    private static final int PRIORITY = 1, COLLECTOR_PRIORITY = 2, SELF = 0;
    private static final Path TASKS = Path.of("/proc/self/task");

    /** What HotSpot calls the thread that collects garbage; threads that carry frames stand still until it has. */
    private static final String COLLECTOR = "VM Thread";

    /** How often the clock is asked, in batches, and how long frames are counted before the count means something. */
    private static final int BATCHES = 16;

    private static final long WINDOW_NANOS = 20_000_000;

    /**
     * How much the kernel hands over a second to make a thread a real-time one: frames, or what it holds together as one.
     * With less it is better off as an ordinary one: the kernel then wakes it on the processor that is awake already, where
     * the frame came from. With more, too: who comes before the program that sends gets each frame by itself, and batches are
     * what makes many small ones cheap.
     */
    private static final long FEW = 200, MANY = 20_000;

    private static boolean collectorPrepared;

    private final boolean wanted;
    private Thread thread;
    private boolean on;
    private boolean refused;
    private int batches;
    private long count;
    private long since;

    /**
     * Begins with the thread that calls {@link #carried} first.
     *
     * @param wanted false: whoever calls it stays an ordinary thread
     */
    public RealTime(boolean wanted) {
        this.wanted = wanted;
    }

    /**
     * Lets threads become real-time threads after this process has given up its rights. It takes {@code CAP_SYS_RESOURCE}.
     *
     * @return whether they will be able to
     */
    public static boolean keepRight() {
        long[] limits = limits();
        if (limits[0] >= COLLECTOR_PRIORITY) {
            return true;
        }
        limits[0] = COLLECTOR_PRIORITY;
        limits[1] = Math.max(COLLECTOR_PRIORITY, limits[1]);
        return Libc.setrlimit(RLIMIT_RTPRIO, limits) == 0;
    }

    /** Whether the thread is a real-time one. */
    public boolean isOn() {
        return on;
    }

    /**
     * Takes note of a batch that the calling thread has carried. A thread that calls this for the first time becomes a
     * real-time one, if there are rights for it and another processor for everybody else, until it is known how busy it is.
     *
     * @param pieces in how many the kernel handed it over, a super-frame being one; 0: none yet
     */
    public void carried(int pieces) {
        if (thread != Thread.currentThread()) {
            begin();
        }
        if (pieces == 0 || refused) {
            return;
        }
        count += pieces;
        if (++batches == BATCHES) {
            batches = 0;
            look();
        }
        if (on) {
            Thread.yield(); // to those of the same priority, which may have a single frame only
        }
    }

    private void begin() {
        thread = Thread.currentThread();
        on = false;
        refused = !wanted || Runtime.getRuntime().availableProcessors() == 1;
        batches = 0;
        count = 0;
        since = System.nanoTime();
        if (!refused) {
            enter(); // while there are rights
        }
    }

    private void look() {
        long now = System.nanoTime();
        long took = now - since;
        if (took < WINDOW_NANOS) {
            return;
        }
        long rate = count * 1_000_000_000L / took;
        count = 0;
        since = now;
        boolean due = rate > FEW && rate < MANY;
        if (due && !on) {
            enter();
        } else if (!due && on && (mayReturn() || rate >= MANY)) {
            on = !schedule(SELF, SCHED_OTHER, 0);
        }
    }

    private void enter() {
        on = schedule(SELF, SCHED_RR, PRIORITY);
        refused = !on;
        if (on) {
            prepareCollector();
        }
    }

    /** Who has given up the right to come back stays. */
    private static boolean mayReturn() {
        return Libc.getuid() == 0 || limits()[0] >= PRIORITY;
    }

    /** Of real-time priority: soft and hard. */
    private static long[] limits() {
        long[] limits = new long[2];
        Libc.getrlimit(RLIMIT_RTPRIO, limits);
        return limits;
    }

    private static boolean schedule(int thread, int policy, int priority) {
        return Libc.sched_setscheduler(thread, policy | SCHED_RESET_ON_FORK, new int[] {priority}) == 0;
    }

    private static synchronized void prepareCollector() {
        if (collectorPrepared) {
            return;
        }
        collectorPrepared = true;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                if (isCollector(task)) {
                    schedule(Integer.parseInt(task.getFileName().toString()), SCHED_RR, COLLECTOR_PRIORITY);
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
