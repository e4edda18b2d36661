package tier6.discovery.file.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import tier6.api.contract.PeerSourceContract;
import tier6.api.discovery.PeerSource;
import tier6.api.peer.PeerId;

class FileSourceContractTest extends PeerSourceContract {
    private static final long FLOCK = 0xc0ffee00L;

    @TempDir
    private Path directory;

    @Override
    protected PeerSource source() throws IOException {
        Path secret = Files.write(directory.resolve("secret"), new byte[32]);
        Path file = Files.writeString(directory.resolve("peers"), """
                # two of ours, and this node itself

                02 192.0.2.2:4502 %1$s
                03 localhost:4503 %1$s 4510
                08 192.0.2.8:4508 %1$s
                """.formatted(secret));
        return new FileSource(FLOCK, 8, file);
    }

    @Override
    protected Set<PeerId> expected() {
        return Set.of(new PeerId(FLOCK, 2), new PeerId(FLOCK, 3));
    }
}
