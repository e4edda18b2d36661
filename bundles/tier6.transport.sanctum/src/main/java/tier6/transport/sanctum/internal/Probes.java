package tier6.transport.sanctum.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import tier6.api.frame.Batch;
import tier6.api.time.Clock;
import tier6.sanctum.session.DataHeader;

/**
 * Measures the way to the peer and back with MTU probes (specification section 5.3), which our nodes and sanctum daemons
 * answer; the C tier6 ignores them. An answer tells the size of its question and nothing else, so that is what tells
 * questions apart.
 */
final class Probes {
    /** A probe's own words, and what its 16 bits of size can say less headers. */
    private static final int LEAST = Grace.ACK_SIZE, MOST = 65_000;

    private static final int MOST_PENDING = 16;

    /** A question that is under way; the time is that of the {@link Clock}. */
    private record Question(CompletableFuture<Duration> answer, long askedAt) {}

    private final SanctumLink link;
    private final Clock clock;
    private final Map<Integer, Question> pending = new ConcurrentHashMap<>();

    Probes(SanctumLink link, Clock clock) {
        this.link = link;
        this.clock = clock;
    }

    /** Sends a probe. The control thread. */
    void begin(int size, InetSocketAddress to, CompletableFuture<Duration> answer) {
        pending.values().removeIf(question -> question.answer.isDone());
        if (size < LEAST || size > MOST) {
            refuse(answer, "a probe has " + LEAST + " to " + MOST + " bytes, not " + size);
        } else if (to == null) {
            refuse(answer, "there is no address to send to yet");
        } else if (pending.size() >= MOST_PENDING) {
            refuse(answer, MOST_PENDING + " probes are under way already");
        } else {
            Question question = new Question(answer, clock.nanos());
            if (pending.putIfAbsent(size, question) != null) {
                refuse(answer, "a probe of this size is under way already");
            } else if (!send(size, to)) {
                pending.remove(size);
                refuse(answer, "there is no key for this link yet");
            }
        }
    }

    private boolean send(int size, InetSocketAddress to) {
        Batch probe = new Batch(Batch.CONTROL_LANE, 1, size + Batch.TAILROOM);
        Grace.probe(probe.data(), probe.append(size), size);
        return link.sendSign(probe, DataHeader.NEXT_GRACE, to);
    }

    private static void refuse(CompletableFuture<Duration> answer, String why) {
        answer.completeExceptionally(new IOException(why));
    }

    /** Takes an answer. The receiving thread. */
    void answered(int size) {
        Question question = pending.remove(size);
        if (question != null) {
            question.answer.complete(Duration.ofNanos(Math.max(0, clock.nanos() - question.askedAt)));
        }
    }
}
