package tier6.tap.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import tier6.libc.Libc;
import tier6.libc.RealTime;

@EnabledOnOs(OS.LINUX)
class LinuxPrivilegesTest {
    /** Runs in a process of its own, which gives up its rights. */
    static final class Dropping {
        private Dropping() {}

        public static void main(String... args) throws Exception {
            LinuxPrivileges privileges = new LinuxPrivileges((java.nio.file.Path) null);
            System.out.println("can be kept: " + RealTime.keepRight());
            realTime("root");
            privileges.drop("nobody");
            privileges.drop("nobody");
            realTime("nobody");
            Thread later = new Thread(() -> {
                try {
                    System.out.println(Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                            .filter(line -> line.startsWith("Uid:"))
                            .findFirst());
                } catch (IOException e) {
                    System.out.println(e);
                }
            });
            later.start();
            later.join();
            try {
                privileges.drop("root");
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }

        private static void realTime(String user) throws InterruptedException {
            Thread thread = new Thread(() -> {
                RealTime scheduling = new RealTime(true);
                scheduling.carried(0);
                System.out.println("real-time as " + user + ": " + scheduling.isOn());
            });
            thread.start();
            thread.join();
        }
    }

    @BeforeAll
    static void needsRoot() {
        assumeTrue(Libc.getuid() == 0, "not root");
        assumeTrue(Libc.getpwnam("nobody") != null, "no user nobody");
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        String output = dropping();
        int nobody = Libc.getpwnam("nobody").getInt(LinuxPrivileges.UID);
        assertTrue(output.contains("Uid:" + ("\t" + nobody).repeat(4)), output);
        assertTrue(output.contains("cannot become user root"), output);
    }

    private static String dropping() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Dropping.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    /** Threads that read come and go with the interfaces. */
    @Test
    void threadsCanStillBecomeRealTime() throws Exception {
        String output = dropping();
        assumeTrue(output.contains("real-time as root: true"), "one processor, or no right to real-time scheduling");
        assumeTrue(output.contains("can be kept: true"), "no CAP_SYS_RESOURCE, so the right cannot be kept");
        assertTrue(output.contains("real-time as nobody: true"), output);
    }

    @Test
    void doesNothingIfThereIsNothingToDrop() throws IOException {
        new LinuxPrivileges((java.nio.file.Path) null).drop("root");
        assertEquals(0, Libc.getuid());
    }

    @Test
    void saysThatThereIsNoSuchUser() {
        String message = assertThrows(
                        IOException.class,
                        () -> new LinuxPrivileges((java.nio.file.Path) null).drop("no-such-user-here"))
                .getMessage();
        assertTrue(message.contains("no-such-user-here"), message);
    }
}
