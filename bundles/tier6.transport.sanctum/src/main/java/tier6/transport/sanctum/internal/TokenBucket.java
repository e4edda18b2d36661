package tier6.transport.sanctum.internal;

import static java.util.concurrent.TimeUnit.SECONDS;

/** Lets through so many a second, and a burst of as many. One thread. */
final class TokenBucket {
    private final int perSecond;
    private final long nanosEach;
    private long paidUntil;
    private boolean started;

    TokenBucket(int perSecond) {
        this.perSecond = perSecond;
        this.nanosEach = SECONDS.toNanos(1) / perSecond;
    }

    /** Whether one more may pass at {@code now}, monotonic nanoseconds. */
    boolean take(long now) {
        long earliest = now - perSecond * nanosEach;
        if (!started || paidUntil - earliest < 0) {
            started = true;
            paidUntil = earliest;
        }
        if (paidUntil + nanosEach - now > 0) {
            return false;
        }
        paidUntil += nanosEach;
        return true;
    }
}
