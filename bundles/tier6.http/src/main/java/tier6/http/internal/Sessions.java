package tier6.http.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.function.LongSupplier;

/**
 * The browsers that have shown the token: each has a cookie with a number of its own, so that the token itself stays out of
 * what browsers keep. The oldest makes room for new ones. Safe for use by many threads.
 */
final class Sessions {
    static final Duration LIFETIME = Duration.ofHours(12);

    private static final int MOST = 32;
    private static final int RANDOM_BYTES = 32;

    private record Session(byte[] id, long begin) {}

    private final SecureRandom random = new SecureRandom();
    private final LongSupplier nanoTime;
    /** Guarded by this. */
    private final Deque<Session> sessions = new ArrayDeque<>();

    /** @param nanoTime the clock, as {@link System#nanoTime} */
    Sessions(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Begins one; returns what the cookie is to hold. */
    String begin() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String id = HexFormat.of().formatHex(bytes);
        synchronized (this) {
            if (sessions.size() == MOST) {
                sessions.removeFirst();
            }
            sessions.addLast(new Session(id.getBytes(StandardCharsets.US_ASCII), nanoTime.getAsLong()));
        }
        return id;
    }

    /** Whether that one goes on. */
    boolean has(String id) {
        return find(id) != null;
    }

    /** Ends one, if it goes on. */
    synchronized void end(String id) {
        sessions.remove(find(id));
    }

    private synchronized Session find(String id) {
        long now = nanoTime.getAsLong();
        sessions.removeIf(session -> now - session.begin > LIFETIME.toNanos());
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        Session found = null;
        for (Session session : sessions) {
            if (MessageDigest.isEqual(session.id, bytes)) {
                found = session;
            }
        }
        return found;
    }
}
