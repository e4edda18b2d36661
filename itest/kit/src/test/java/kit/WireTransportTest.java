package kit;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import tier6.api.contract.TransportContract;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;

class WireTransportTest extends TransportContract {
    private static final PeerId ALICE = new PeerId(0, 1), BOB = new PeerId(0, 2);

    private WireTransport alice;
    private WireTransport bob;

    private static Peer peer(PeerId id) {
        return Peer.through(id, new InetSocketAddress("192.0.2.1", 4500));
    }

    @Override
    protected List<End> open() {
        WireTransport.Wire wire = new WireTransport.Wire();
        alice = new WireTransport(wire, ALICE);
        bob = new WireTransport(wire, BOB);
        return List.of(new End(alice, peer(BOB)), new End(bob, peer(ALICE)));
    }

    @Override
    protected void close() {
        alice.close();
        bob.close();
    }

    @Override
    protected Optional<Peer> unreachable() {
        return Optional.of(peer(ALICE));
    }
}
