package tier6.discovery.static_.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tier6.api.discovery.PeerSink;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;

class StaticSourceTest {
    private static final long FLOCK = 0xc0ffee00L;

    @TempDir
    private Path directory;

    private Path secret;
    private final BlockingQueue<Peer> announced = new LinkedBlockingQueue<>();
    private final PeerSink sink = new PeerSink() {
        @Override
        public void announce(Peer peer) {
            announced.add(peer);
        }

        @Override
        public void withdraw(PeerId id) {
            throw new AssertionError("a configured peer is never withdrawn");
        }
    };

    @BeforeEach
    void makeSecret() throws IOException {
        secret = Files.write(directory.resolve("secret"), new byte[32]);
    }

    @Test
    void announcesLiteralsFromWithinStart() {
        StaticSource source =
                new StaticSource(FLOCK, "02 192.0.2.2:4500 " + secret + " 4502", "0x0a\t[2001:db8::2]:4501  " + secret);
        source.start(sink);
        assertEquals(
                List.of(
                        Peer.at(new PeerId(FLOCK, 2), new InetSocketAddress("192.0.2.2", 4500), secret, 4502),
                        Peer.at(new PeerId(FLOCK, 10), new InetSocketAddress("2001:db8::2", 4501), secret, 0)),
                List.copyOf(announced));
        assertEquals("2 of 2 peers", source.status());
        source.stop();
    }

    @Test
    void resolvesNamesOnAThreadOfItsOwn() throws InterruptedException {
        StaticSource source = new StaticSource(FLOCK, "02 localhost:4500 " + secret);
        source.start(sink);
        Peer peer = announced.poll(10, TimeUnit.SECONDS);
        source.stop();
        assertEquals(new PeerId(FLOCK, 2), peer.id());
        assertTrue(peer.address().orElseThrow().getAddress().isLoopbackAddress());
    }

    @Test
    void aBadEntryLeavesTheOthersAlone() {
        StaticSource source = new StaticSource(FLOCK, "nonsense", "02 192.0.2.2:4500 " + secret);
        source.start(sink);
        source.stop();
        assertEquals(1, announced.size());
        assertEquals(
                "1 of 2 peers; peers entry 'nonsense': has 1 words; write: kek-id address:port secret-file [local-port]",
                source.status());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "00 192.0.2.2:4500 SECRET|'00' is not a kek-id",
                "ff 192.0.2.2:4500 SECRET|'ff' is not a kek-id",
                "xy 192.0.2.2:4500 SECRET|'xy' is not a kek-id",
                "02 192.0.2.2 SECRET|is not an address",
                "02 2001:db8::1:4500 SECRET|is not an address",
                "02 192.0.2.2:0 SECRET|'0' is not a port of the peer",
                "02 192.0.2.2:66666 SECRET|'66666' is not a port of the peer",
                "02 192.0.2.2:4500 SECRET 99999|'99999' is not a local port",
                "02 192.0.2.2:4500 SECRET.missing|cannot read the secret",
                "02 192.0.2.2:4500|has 2 words",
            })
    void saysWhatIsWrong(String entry, String problem) {
        List<String> problems = new StaticPeers(FLOCK, entry.replace("SECRET", secret.toString())).problems();
        assertEquals(1, problems.size());
        assertTrue(problems.get(0).contains(problem), problems.get(0));
    }

    @Test
    void refusesAShortSecretAndWhatIsSaidTwice() throws IOException {
        Path small = Files.write(directory.resolve("small"), new byte[31]);
        StaticPeers peers = new StaticPeers(
                FLOCK,
                "02 192.0.2.2:4500 " + small,
                "03 192.0.2.3:4500 " + secret + " 4500",
                "03 192.0.2.4:4500 " + secret,
                "05 192.0.2.5:4500 " + secret + " 4500");
        assertEquals(3, peers.problems().size());
        assertTrue(peers.problems().get(0).contains("has 31 bytes"));
        assertTrue(peers.problems().get(1).contains("same kek-id"));
        assertTrue(peers.problems().get(2).contains("same local port"));
    }
}
