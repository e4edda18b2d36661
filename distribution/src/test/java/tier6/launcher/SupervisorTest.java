package tier6.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Word to systemd, by the real systemd-notify, heard at a socket as systemd has it. */
@Timeout(60)
class SupervisorTest {
    /** Prints the lines of each datagram that comes; Java has no datagrams over Unix sockets. */
    private static final String LISTEN = """
            use IO::Socket::UNIX;
            $| = 1;
            my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die $!;
            print "listening\\n";
            while (defined $s->recv(my $word, 4096)) { print "$word\\n" }
            """;

    @TempDir
    Path directory;

    /** A process of its own, since the environment says where to. */
    public static final class Teller {
        public static void main(String[] args) {
            Supervisor.tell(args[0]);
        }
    }

    @Test
    void readyIsHeard() throws Exception {
        assumeTrue(isThere("systemd-notify"), "needs systemd-notify");
        assumeTrue(isThere("perl"), "needs perl to listen");
        String socket = directory.resolve("notify").toString();
        Process listener = new ProcessBuilder("perl", "-e", LISTEN, socket)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader heard =
                new BufferedReader(new InputStreamReader(listener.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("listening", heard.readLine());
            assertEquals(0, tell("--ready", socket));
            String line = heard.readLine();
            while (line != null && !line.equals("READY=1")) {
                line = heard.readLine();
            }
            assertEquals("READY=1", line);
        } finally {
            listener.destroy();
        }
    }

    @Test
    void whereNobodyWaitsNothingHappens() throws Exception {
        assertEquals(0, tell("--ready", null));
        try (Stream<Path> files = Files.list(directory)) {
            assertTrue(files.allMatch(file -> file.endsWith("output")));
        }
        assertEquals("", Files.readString(directory.resolve("output")));
    }

    private int tell(String word, String socket) throws IOException, InterruptedException {
        ProcessBuilder teller = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Teller.class.getName(),
                word);
        teller.environment().remove("NOTIFY_SOCKET");
        if (socket != null) {
            teller.environment().put("NOTIFY_SOCKET", socket);
        }
        return teller.redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start()
                .waitFor();
    }

    private static boolean isThere(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }
}
