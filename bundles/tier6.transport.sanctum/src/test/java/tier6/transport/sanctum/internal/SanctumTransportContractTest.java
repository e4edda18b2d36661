package tier6.transport.sanctum.internal;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import tier6.api.contract.TransportContract;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.underlay.nio.internal.NioUnderlay;

class SanctumTransportContractTest extends TransportContract {
    private final InetAddress here = InetAddress.getLoopbackAddress();

    @TempDir
    private Path directory;

    private SanctumTransport one;
    private SanctumTransport two;

    @Override
    protected List<End> open() throws IOException {
        Path secret = Files.write(directory.resolve("secret"), new byte[32]);
        int portOne = freePort();
        int portTwo = freePort();
        one = transport(1);
        two = transport(2);
        return List.of(
                new End(one, Peer.at(new PeerId(0, 2), new InetSocketAddress(here, portTwo), secret, portOne)),
                new End(two, Peer.at(new PeerId(0, 1), new InetSocketAddress(here, portOne), secret, portTwo)));
    }

    private SanctumTransport transport(int kekId) throws IOException {
        SanctumTransport transport = new SanctumTransport(new NodeSettings(0, kekId, null, here, false));
        transport.underlay(new NioUnderlay());
        return transport;
    }

    private int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, here)) {
            return socket.getLocalPort();
        }
    }

    /** Needs a cathedral, and this node has no keys for one. */
    @Override
    protected Optional<Peer> unreachable() {
        return Optional.of(Peer.through(new PeerId(0, 3), new InetSocketAddress(here, 4500)));
    }

    @Override
    protected void close() {
        one.deactivate();
        two.deactivate();
    }
}
