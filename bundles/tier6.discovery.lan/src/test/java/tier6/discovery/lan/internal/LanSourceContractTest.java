package tier6.discovery.lan.internal;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import tier6.api.contract.PeerSourceContract;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;

/** With another node on this host, over real multicast. */
class LanSourceContractTest extends PeerSourceContract {
    private static final long FLOCK = 0xc0ffee00L;

    @TempDir
    private static Path directory;

    private static LanSource other;

    @BeforeAll
    static void startTheOther() throws IOException, InterruptedException {
        assumeFalse(
                new Interfaces("").addresses().isEmpty(), "no interface with an IPv4 address that supports multicast");
        Files.write(directory.resolve("secret"), java.util.HexFormat.of().parseHex("5a".repeat(32)));
        other = source(2);
        other.start(new PeerSink() {
            @Override
            public void announce(Peer peer) {}

            @Override
            public void withdraw(PeerId id) {}
        });
        // Its threads are there before a test counts threads.
        for (int i = 0; i < 2000 && !other.status().contains("segment"); i++) {
            Thread.sleep(10);
        }
    }

    @AfterAll
    static void stopTheOther() {
        if (other != null) {
            other.stop();
        }
    }

    private static LanSource source(int device) {
        return new LanSource(new Settings(
                FLOCK, device, directory.resolve("secret"), 30_000, "tier6", directory.resolve("pairs-" + device)));
    }

    @Override
    protected PeerSource source() {
        return source(8);
    }

    @Override
    protected Set<PeerId> expected() {
        return Set.of(new PeerId(FLOCK, 2));
    }
}
