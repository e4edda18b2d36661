package tier6.launcher.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The web console of one node of the demo.
 *
 * @param port of 127.0.0.1
 * @param token file that the node makes
 */
record DemoConsole(int port, Path token) {
    /** One at a port that is free now. */
    static DemoConsole in(Path directory) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return new DemoConsole(socket.getLocalPort(), directory.resolve("http-token"));
        }
    }

    /** Adds itself to the {@code tier6.conf} of a node. */
    void configure(Path conf) throws IOException {
        Files.writeString(conf, "http 127.0.0.1:%d\nhttp-token %s\n".formatted(port, token), StandardOpenOption.APPEND);
    }

    /**
     * Where to go with a browser. The token is behind the #, which a browser keeps to itself; it is good for as long as the
     * demo runs.
     */
    String address() throws IOException {
        return "http://127.0.0.1:" + port + "/#token=" + Files.readString(token).strip();
    }
}
