package tier6.discovery.file.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;

/** A file that changes under a source that runs. */
class FileSourceTest {
    private static final long FLOCK = 0xc0ffee00L;
    private static final PeerId TWO = new PeerId(FLOCK, 2), THREE = new PeerId(FLOCK, 3);

    @TempDir
    private Path directory;

    private Path file;
    private Path secret;
    private FileSource source;
    private final Sink sink = new Sink();

    @BeforeEach
    void start() throws Exception {
        secret = Files.write(directory.resolve("secret"), new byte[32]);
        file = directory.resolve("peers");
        write("02 192.0.2.2:4502 SECRET", "03 192.0.2.3:4503 SECRET 4510");
        source = new FileSource(FLOCK, 8, file);
        source.start(sink);
        Sink.eventually("both", () -> sink.peers.size() == 2);
    }

    @AfterEach
    void stop() {
        source.stop();
    }

    private void write(String... lines) throws IOException {
        Files.writeString(file, String.join("\n", lines).replace("SECRET", secret.toString()) + "\n");
    }

    @Test
    void followsTheFile() throws Exception {
        assertEquals(Peer.at(THREE, new InetSocketAddress("192.0.2.3", 4503), secret, 4510), sink.peers.get(THREE));
        write("02 192.0.2.22:4502 SECRET", "04 192.0.2.4:4504 SECRET");
        Sink.eventually(
                "one moved, one gone, one new",
                () -> !sink.peers.containsKey(THREE)
                        && sink.peers.containsKey(new PeerId(FLOCK, 4))
                        && sink.peers
                                .get(TWO)
                                .address()
                                .orElseThrow()
                                .getHostString()
                                .equals("192.0.2.22"));
        Sink.eventually("words", () -> source.status().equals("2 peers"));
        assertEquals(4, sink.announcements.get());
        write();
        Sink.eventually("nobody", () -> sink.peers.isEmpty());
    }

    @Test
    void aMistakeTakesNobodyAway() throws Exception {
        write("02 192.0.2.2 SECRET", "05 192.0.2.5:4505 SECRET", "05 192.0.2.6:4505 SECRET");
        Sink.eventually("who is written well", () -> sink.peers.containsKey(new PeerId(FLOCK, 5)));
        Sink.eventually(
                "both mistakes are told",
                () -> source.status().contains(file + ":1: '192.0.2.2' is not an")
                        && source.status().contains(file + ":3: same kek-id as in line 2"));
        assertEquals(0, sink.withdrawals.get());
        write("05 192.0.2.5:4505 SECRET");
        Sink.eventually("the rest goes", () -> sink.peers.size() == 1);
    }

    @Test
    void aFileThatVanishesTakesNobodyAway() throws Exception {
        Files.delete(file);
        Sink.eventually(
                "words", () -> source.status().startsWith("2 peers stay as they are; there is no file " + file));
        Files.write(file, new byte[1 << 19]);
        Sink.eventually("words", () -> source.status().contains("more than 256 KiB"));
        write("02 192.0.2.2:4502 SECRET");
        Sink.eventually("it is back", () -> sink.peers.size() == 1);
        assertEquals(1, sink.withdrawals.get());
        assertEquals(2, sink.announcements.get(), "who did not change is not told again");
    }

    @Test
    void saysWhatIsWrongWithItsConfiguration() {
        assertTrue(message("").contains("kek.id is missing"));
        assertTrue(message("ff").contains("kek.id 'ff': write 01 to fe"));
        assertTrue(message("xy").contains("kek.id 'xy': write up to 2 hexadecimal digits"));
    }

    private static String message(String kek) {
        return assertThrows(IllegalArgumentException.class, () -> Settings.device("tier6.discovery.file", kek))
                .getMessage();
    }
}
