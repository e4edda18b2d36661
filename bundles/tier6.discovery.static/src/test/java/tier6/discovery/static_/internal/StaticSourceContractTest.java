package tier6.discovery.static_.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import tier6.api.contract.PeerSourceContract;
import tier6.api.discovery.PeerSource;
import tier6.api.peer.PeerId;

class StaticSourceContractTest extends PeerSourceContract {
    private static final long FLOCK = 0xc0ffee00L;

    @TempDir
    private Path directory;

    @Override
    protected PeerSource source() throws IOException {
        Path secret = Files.write(directory.resolve("secret"), new byte[32]);
        return new StaticSource(FLOCK, "02 192.0.2.2:4500 " + secret, "03 localhost:4500 " + secret);
    }

    @Override
    protected Set<PeerId> expected() {
        return Set.of(new PeerId(FLOCK, 2), new PeerId(FLOCK, 3));
    }
}
