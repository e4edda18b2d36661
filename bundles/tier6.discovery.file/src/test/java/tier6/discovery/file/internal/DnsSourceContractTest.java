package tier6.discovery.file.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import tier6.api.contract.PeerSourceContract;
import tier6.api.discovery.PeerSource;
import tier6.api.peer.PeerId;

class DnsSourceContractTest extends PeerSourceContract {
    private static final long FLOCK = 0xc0ffee00L;

    @TempDir
    private Path secrets;

    /** Lives as long as this process: the contract looks at all threads. */
    private static final ZoneServer SERVER = server();

    private static ZoneServer server() {
        try {
            return new ZoneServer();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    protected PeerSource source() throws IOException {
        for (String kek : new String[] {"02", "fe"}) {
            Files.write(secrets.resolve(kek), new byte[32]);
            SERVER.put(kek + "._tier6._udp.mesh.example", "SRV", "0 0 4500 localhost");
            SERVER.put(kek + "._tier6._udp.mesh.example", "TXT", "kek=" + kek);
        }
        SERVER.put("_tier6._udp.mesh.example", "PTR", "02._tier6._udp.mesh.example", "fe._tier6._udp.mesh.example");
        return new DnsSource(new PeerZone(FLOCK, 8, "mesh.example", secrets, new NameService(SERVER.address())));
    }

    @Override
    protected Set<PeerId> expected() {
        return Set.of(new PeerId(FLOCK, 2), new PeerId(FLOCK, 0xfe));
    }
}
