package tier6.itest.net;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * A TCP transfer from one namespace to another, as a program of its own: {@code send HOST PORT STOP-FILE} goes on until the
 * file is there; {@code receive PORT} takes one. Both print {@code done BYTES SHA-256}.
 */
final class TcpTool {
    private static final int CHUNK = 32 * 1024;
    private static final long CHUNK_MILLIS = 10; // 3 MB/s leave the machine to others

    private TcpTool() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("send")) {
            send(new InetSocketAddress(args[1], Integer.parseInt(args[2])), Path.of(args[3]));
        } else {
            receive(Integer.parseInt(args[1]));
        }
    }

    private static void send(InetSocketAddress to, Path stop) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        SplittableRandom random = new SplittableRandom(6);
        byte[] chunk = new byte[CHUNK];
        long bytes = 0;
        try (Socket socket = new Socket()) {
            socket.connect(to, 10_000);
            OutputStream out = socket.getOutputStream();
            while (!Files.exists(stop)) {
                random.nextBytes(chunk);
                digest.update(chunk);
                out.write(chunk);
                bytes += chunk.length;
                Thread.sleep(CHUNK_MILLIS);
            }
        }
        System.out.println("done " + bytes + " " + HexFormat.of().formatHex(digest.digest()));
    }

    private static void receive(int port) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] chunk = new byte[CHUNK];
        long bytes = 0;
        try (ServerSocket server = new ServerSocket(port)) {
            System.out.println("ready");
            try (Socket socket = server.accept()) {
                InputStream in = socket.getInputStream();
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    digest.update(chunk, 0, n);
                    bytes += n;
                }
            }
        }
        System.out.println("done " + bytes + " " + HexFormat.of().formatHex(digest.digest()));
    }
}
