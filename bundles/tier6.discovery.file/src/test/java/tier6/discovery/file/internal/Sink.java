package tier6.discovery.file.internal;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import tier6.api.discovery.PeerSink;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;

/** Remembers what was said. */
final class Sink implements PeerSink {
    final Map<PeerId, Peer> peers = new ConcurrentSkipListMap<>();
    final AtomicInteger announcements = new AtomicInteger();
    final AtomicInteger withdrawals = new AtomicInteger();

    @Override
    public void announce(Peer peer) {
        peers.put(peer.id(), peer);
        announcements.incrementAndGet();
    }

    @Override
    public void withdraw(PeerId id) {
        peers.remove(id);
        withdrawals.incrementAndGet();
    }

    static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 2000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(10);
        }
        fail("waited in vain: " + what);
    }
}
