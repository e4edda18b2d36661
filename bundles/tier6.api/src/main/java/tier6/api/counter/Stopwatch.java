package tier6.api.counter;

/**
 * Estimates how much time a thread spends in each part of its work, at a cost that does not show: one round in sixteen is
 * measured and counts for all of them. A round is a call of {@link #begin}, then of {@link #lap} after each part.
 *
 * <p>For one thread at a time.
 */
public final class Stopwatch {
    private static final int ROUNDS = 16;

    private int round;
    private boolean running;
    private long since;

    /** Makes one that measures the first round. */
    public Stopwatch() {}

    /** Begins a round. */
    public void begin() {
        running = round++ % ROUNDS == 0;
        if (running) {
            since = System.nanoTime();
        }
    }

    /**
     * Takes the last {@link #begin} back, because there was nothing to do. Without this such rounds would be measured in place
     * of others.
     */
    public void cancel() {
        round--;
        running = false;
    }

    /**
     * Ends a part of the round.
     *
     * @return nanoseconds since the last call of this or of {@link #begin}, for all rounds that this one stands for; 0 if it
     *     stands for none
     */
    public long lap() {
        if (!running) {
            return 0;
        }
        long now = System.nanoTime();
        long nanos = (now - since) * ROUNDS;
        since = now;
        return nanos;
    }
}
