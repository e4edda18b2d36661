package tier6.api.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpeningTest {
    private static final Duration SOON = Duration.ofMillis(10);
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final List<String> complaints = new ArrayList<>();
    private final CountDownLatch attempts = new CountDownLatch(3);

    private Opening<ServerSocket> opening(int port) {
        return new Opening<>(
                "opening-test",
                SOON,
                () -> {
                    attempts.countDown();
                    ServerSocket socket = new ServerSocket();
                    socket.bind(new InetSocketAddress(HERE, port));
                    return socket;
                },
                e -> complaints.add(e.getMessage()));
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(HERE, port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isTriedAgain() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("opening-test"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, HERE)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void whatIsFreeIsOpenAtOnce() throws IOException {
        int port = freePort();
        Opening<ServerSocket> opening = opening(port);
        assertTrue(isOpen(port));
        assertFalse(isTriedAgain());
        opening.close();
        assertFalse(isOpen(port));
        assertEquals(List.of(), complaints);
    }

    @Test
    void whatIsTakenIsOpenOnceItIsGivenUp() throws Exception {
        int port;
        Opening<ServerSocket> opening;
        try (ServerSocket other = new ServerSocket(0, 1, HERE)) {
            port = other.getLocalPort();
            opening = opening(port);
            assertTrue(attempts.await(20, TimeUnit.SECONDS));
        }
        while (isTriedAgain()) {
            Thread.sleep(10);
        }
        assertTrue(isOpen(port));
        opening.close();
        assertFalse(isOpen(port));
        assertEquals(1, complaints.size(), "it complains once");
    }

    @Test
    void whatIsClosedIsNotTriedAgain() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, HERE)) {
            opening(other.getLocalPort()).close();
            while (isTriedAgain()) {
                Thread.sleep(10);
            }
        }
    }
}
