package tier6.libc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class RealTimeTest {
    /** Values of the policy in proc_pid_stat(5). */
    private static final int OTHER = 0, RR = 2;

    @BeforeEach
    void needsRightsAndProcessors() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "one processor: no thread becomes real-time");
        assumeTrue(inThread(() -> begun(true).isOn()), "no right to real-time scheduling");
    }

    @Test
    void theThreadIsRealTimeAndNotWhatItStarts() throws Exception {
        int[] policies = inThread(() -> {
            begun(true);
            return new int[] {policy(), inThread(RealTimeTest::policy)};
        });
        assertArrayEquals(new int[] {RR, OTHER}, policies);
    }

    @Test
    void whoDoesNotWantItStaysOrdinary() throws Exception {
        assertEquals(OTHER, (int) inThread(() -> {
            RealTime scheduling = begun(false);
            carry(scheduling, 1, 5);
            return policy();
        }));
    }

    @Test
    void aThreadIsARealTimeOneWhileItIsBusyButNotFlooded() throws Exception {
        assumeTrue(Libc.getuid() == 0, "not root, who may always come back");
        int[] policies = inThread(() -> {
            RealTime scheduling = begun(true);
            carry(scheduling, 20, 1);
            int idle = policy();
            carry(scheduling, 1, 5);
            int busy = policy();
            carry(scheduling, 1, 10_000);
            return new int[] {idle, busy, policy()};
        });
        assertArrayEquals(new int[] {OTHER, RR, OTHER}, policies);
    }

    private static RealTime begun(boolean wanted) {
        RealTime scheduling = new RealTime(wanted);
        scheduling.carried(0);
        return scheduling;
    }

    /** For longer than is counted. */
    private static void carry(RealTime scheduling, long pauseMillis, int pieces) throws InterruptedException {
        for (int i = 0; i < 64; i++) {
            Thread.sleep(pauseMillis);
            scheduling.carried(pieces);
        }
    }

    @Test
    void theThreadThatCollectsGarbageComesAlong() throws Exception {
        try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path task : tasks) {
                if (Files.readString(task.resolve("comm")).startsWith("VM Thread")) {
                    assertEquals(RR, policy(task));
                    return;
                }
            }
        }
        fail("this JVM has no such thread");
    }

    private static <T> T inThread(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        new Thread(task).start();
        return task.get();
    }

    private static int policy() throws IOException {
        return policy(Path.of("/proc/thread-self"));
    }

    private static int policy(Path task) throws IOException {
        String stat = Files.readString(task.resolve("stat"));
        String[] behindName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Integer.parseInt(behindName[38]); // field 41, of which the third is the first here
    }
}
