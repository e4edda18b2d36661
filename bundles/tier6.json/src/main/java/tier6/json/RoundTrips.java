package tier6.json;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tier6.api.node.Node;
import tier6.api.node.PeerStatus;
import tier6.api.peer.PeerId;
import tier6.api.transport.LinkStatus;

/**
 * The times to peers and back, measured by the way for who looks at them again and again: a look asks all peers, and returns
 * what those before it have learned. It never waits. Any thread.
 */
public final class RoundTrips {
    /** About the size of a small ping. Two questions of one size would get in each other's way. */
    private static final AtomicInteger NEXT_SIZE = new AtomicInteger(101);

    private static final long OFTEN_NANOS = TimeUnit.MILLISECONDS.toNanos(900);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** A question to a peer, and what the one before it told, or null. */
    private record Question(CompletableFuture<Duration> answer, long askedAt, Duration before) {
        Duration time() {
            return !answer.isDone() ? before : answer.isCompletedExceptionally() ? null : answer.join();
        }
    }

    private final int size = NEXT_SIZE.getAndUpdate(size -> size < 199 ? size + 1 : 101);
    /** Guarded by this. */
    private Map<PeerId, Question> questions = new HashMap<>();

    /** The times last measured of the peers whose links are up. Who does not answer has none, as the C node. */
    public synchronized Map<PeerId, Duration> look(Node node) {
        Map<PeerId, Duration> times = new HashMap<>();
        Map<PeerId, Question> now = new HashMap<>();
        List<PeerStatus> up = node.peers().stream()
                .filter(peer -> peer.link()
                        .filter(link -> link.state() == LinkStatus.State.UP)
                        .isPresent())
                .toList();
        for (PeerStatus peer : up) {
            Question question = next(node, peer.id(), questions.remove(peer.id()));
            now.put(peer.id(), question);
            if (question.time() != null) {
                times.put(peer.id(), question.time());
            }
        }
        questions.values().forEach(question -> question.answer.cancel(false));
        questions = now;
        return times;
    }

    private Question next(Node node, PeerId peer, Question last) {
        long now = System.nanoTime();
        if (last == null) {
            return new Question(node.probe(peer, size), now, null);
        }
        boolean late = now - last.askedAt > PATIENCE_NANOS;
        if (late && !last.answer.isDone()) {
            last.answer.cancel(false);
            return new Question(node.probe(peer, size), now, null);
        }
        return last.answer.isDone() && now - last.askedAt > OFTEN_NANOS
                ? new Question(node.probe(peer, size), now, last.time())
                : last;
    }
}
