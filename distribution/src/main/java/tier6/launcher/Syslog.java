package tier6.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Lines to the system log. Java has no datagrams over Unix sockets, so they go through {@code logger(1)}; where there is
 * none, or when it ends, to UDP port 514 of this host (RFC 3164).
 */
final class Syslog implements LineLoggers.Sink {
    private static final int DAEMON = 3 << 3;

    private final long pid = ProcessHandle.current().pid();
    private final DatagramSocket socket;
    private OutputStream logger;

    private Syslog(OutputStream logger, DatagramSocket socket) {
        this.logger = logger;
        this.socket = socket;
    }

    static Syslog open() {
        try {
            DatagramSocket socket = new DatagramSocket();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), 514));
            return new Syslog(logger(), socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A running logger(1), or null. Only that of Linux takes the level of each line from its beginning. */
    private static OutputStream logger() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        ProcessBuilder command = linux
                ? new ProcessBuilder(
                        "logger",
                        "--prio-prefix",
                        "--tag",
                        "tier6",
                        "--id=" + ProcessHandle.current().pid())
                : new ProcessBuilder("logger", "-t", "tier6", "-p", "daemon.info");
        try {
            return command.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .getOutputStream();
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public synchronized void line(Level level, String component, String message) {
        String priority = "<" + (DAEMON | severity(level)) + ">";
        String text = component + " " + message;
        try {
            if (logger != null) {
                logger.write((priority + text + "\n").getBytes(StandardCharsets.UTF_8));
                logger.flush();
                return;
            }
        } catch (IOException e) {
            logger = null;
        }
        byte[] datagram = (priority + "tier6[" + pid + "]: " + text).getBytes(StandardCharsets.UTF_8);
        try {
            socket.send(new DatagramPacket(datagram, datagram.length));
        } catch (IOException e) {
            // Nobody listens. There is no place left to say so.
        }
    }

    private static int severity(Level level) {
        return switch (level) {
            case ERROR -> 3;
            case WARNING -> 4;
            case INFO -> 6;
            default -> 7;
        };
    }
}
