package tier6.api.peer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A peer as people write it down: {@code kek-id address:port secret-file [local-port]}. No cathedral is involved.
 *
 * @param id which device
 * @param host an IPv4 or IPv6 literal, the latter without brackets, or a name
 * @param port where it expects us
 * @param secret the file of the secret that both nodes share
 * @param localPort port of our own on which it expects us; 0 for any
 */
public record PeerEntry(PeerId id, String host, int port, Path secret, int localPort) {
    private static final String GRAMMAR = "kek-id address:port secret-file [local-port]";
    private static final Pattern BRACKETS = Pattern.compile("\\[([0-9a-fA-F:.]+(?:%\\w+)?)]:(\\d+)");
    private static final Pattern PLAIN = Pattern.compile("([^:\\[\\]]+):(\\d+)");
    private static final int SECRET_SIZE = 32;

    /**
     * Reads one entry and looks whether its secret is there. Blocks on the file system.
     *
     * @param flock of the peer
     * @param entry the line
     * @return the peer that it names
     * @throws IllegalArgumentException with a sentence that says what is wrong and how to mend it
     */
    public static PeerEntry parse(long flock, String entry) {
        String[] words = entry.strip().split("\\s+");
        if (words.length < 3 || words.length > 4) {
            throw new IllegalArgumentException("has " + words.length + " words; write: " + GRAMMAR);
        }
        return new PeerEntry(
                new PeerId(flock, device(words[0])),
                host(words[1]),
                port(words[1].substring(words[1].lastIndexOf(':') + 1), "port of the peer"),
                readable(Path.of(words[2])),
                words.length == 4 ? port(words[3], "local port") : 0);
    }

    private static int device(String word) {
        try {
            int device = Integer.parseInt(word.startsWith("0x") ? word.substring(2) : word, 16);
            if (device >= 1 && device <= 254) {
                return device;
            }
        } catch (NumberFormatException e) {
            // the same remedy as for a number out of range
        }
        throw new IllegalArgumentException("'" + word + "' is not a kek-id; write two hexadecimal digits, 01 to fe");
    }

    private static String host(String word) {
        for (Pattern pattern : new Pattern[] {BRACKETS, PLAIN}) {
            Matcher matcher = pattern.matcher(word);
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        throw new IllegalArgumentException(
                "'" + word + "' is not an address; write 192.0.2.1:4500, [2001:db8::1]:4500 or host.example:4500");
    }

    private static int port(String word, String what) {
        try {
            int port = Integer.parseInt(word);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // the same remedy as for a number out of range
        }
        throw new IllegalArgumentException("'" + word + "' is not a " + what + "; write a number from 1 to 65535");
    }

    /**
     * Looks whether a secret can be read. Blocks on the file system.
     *
     * @return the file itself
     * @throws IllegalArgumentException with a sentence that says what is wrong and how to mend it
     */
    public static Path readable(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || !Files.isReadable(file)) {
            throw new IllegalArgumentException("cannot read the secret " + file + "; make a file of " + SECRET_SIZE
                    + " random bytes, the same on both nodes, that this user may read");
        }
        try {
            if (Files.size(file) < SECRET_SIZE) {
                throw new IllegalArgumentException("the secret " + file + " has " + Files.size(file)
                        + " bytes; it must have " + SECRET_SIZE + ", the same on both nodes");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the secret " + file + ": " + e.getMessage(), e);
        }
        return file;
    }

    /** Whether no name service is needed to reach it. */
    public boolean isLiteral() {
        return host.indexOf(':') >= 0 || host.matches("\\d+\\.\\d+\\.\\d+\\.\\d+");
    }

    /**
     * What to announce. Blocks for the name service unless {@link #isLiteral}.
     *
     * @throws UnknownHostException if the host's name has no address now
     */
    public Peer resolve() throws UnknownHostException {
        return Peer.at(id, new InetSocketAddress(InetAddress.getByName(host), port), secret, localPort);
    }
}
