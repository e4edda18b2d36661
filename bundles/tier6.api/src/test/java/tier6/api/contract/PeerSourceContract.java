package tier6.api.contract;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;

/** What every {@link PeerSource} does. */
public abstract class PeerSourceContract {
    /** A new source that will find the {@link #expected} peers. */
    protected abstract PeerSource source() throws Exception;

    /** The peers that {@link #source} finds here. */
    protected abstract Set<PeerId> expected();

    @Test
    void saysWhatItIs() throws Exception {
        PeerSource source = source();
        assertFalse(source.name().isBlank());
        assertEquals(source.name(), source.name());
        assertFalse(source.status().contains("\n"), "one line: " + source.status());
    }

    @Test
    void announcesWhatItFinds() throws Exception {
        PeerSource source = source();
        Sink sink = new Sink();
        assertTimeoutPreemptively(Eventually.LIMIT, () -> source.start(sink));
        Eventually.holds("peers " + expected(), () -> sink.peers.keySet().equals(expected()));
        sink.peers.forEach((id, peer) -> assertEquals(id, peer.id()));
        assertFalse(source.status().contains("\n"));
        assertTimeoutPreemptively(Eventually.LIMIT, source::stop);
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        PeerSource source = source();
        source.start(new Sink());
        source.stop();
        Eventually.holds("its threads end", () -> {
            Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
            after.removeAll(before);
            after.removeIf(thread -> thread == Thread.currentThread()
                    || thread.getThreadGroup() == null
                    || thread.getThreadGroup().getName().equals("system")
                    || thread.getThreadGroup().getName().equals("InnocuousThreadGroup"));
            return after.isEmpty();
        });
    }

    @Test
    void survivesBeingStoppedTwice() throws Exception {
        PeerSource source = source();
        source.start(new Sink());
        source.stop();
        assertDoesNotThrow(source::stop);
    }

    @Test
    void outlivesASinkThatThrows() throws Exception {
        PeerSource source = source();
        AtomicBoolean called = new AtomicBoolean();
        PeerSink broken = new PeerSink() {
            @Override
            public void announce(Peer peer) {
                called.set(true);
                throw new IllegalStateException("a test");
            }

            @Override
            public void withdraw(PeerId id) {
                throw new IllegalStateException("a test");
            }
        };
        try {
            source.start(broken);
        } catch (IllegalStateException e) {
            assertEquals("a test", e.getMessage());
        }
        Eventually.holds("an announcement", () -> called.get() || expected().isEmpty());
        assertDoesNotThrow(source::stop);
    }

    private static final class Sink implements PeerSink {
        final Map<PeerId, Peer> peers = new ConcurrentHashMap<>();

        @Override
        public void announce(Peer peer) {
            peers.put(peer.id(), peer);
        }

        @Override
        public void withdraw(PeerId id) {
            peers.remove(id);
        }
    }
}
