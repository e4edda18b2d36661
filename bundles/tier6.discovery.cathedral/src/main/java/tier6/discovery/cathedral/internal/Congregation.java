package tier6.discovery.cathedral.internal;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.BitSet;
import java.util.function.IntConsumer;

/**
 * Which devices are there, by what the liturgies say. A device that one answer does not name is not gone: the cathedral
 * may have started again with empty tables. One thread; times are monotonic nanoseconds.
 */
final class Congregation {
    /** How long all answers must have missed a device until it counts as gone. */
    static final long GRACE = SECONDS.toNanos(45);

    /** A pause between two answers that proves nothing about anybody. */
    private static final long PAUSE = SECONDS.toNanos(15);

    private static final int LAST = 254;

    private final int own;
    private final BitSet present = new BitSet();
    private final BitSet missed = new BitSet();
    private final long[] missedSince = new long[LAST + 1];
    private long answeredAt;

    Congregation(int own) {
        this.own = own;
    }

    /** The devices that count as present. */
    BitSet present() {
        return (BitSet) present.clone();
    }

    /** Forgets who was missed: a new cathedral has to ask around first. */
    void forgive() {
        missed.clear();
    }

    /**
     * Takes in an answer.
     *
     * @param peers a byte for each device, 1 if present (specification section 6.2)
     */
    void answer(byte[] peers, long now, IntConsumer came, IntConsumer went) {
        if (now - answeredAt > PAUSE) {
            forgive();
        }
        answeredAt = now;
        for (int device = 1; device <= LAST; device++) {
            if (device == own) {
                continue;
            }
            if (peers[device] == 1) {
                missed.clear(device);
                if (!present.get(device)) {
                    present.set(device);
                    came.accept(device);
                }
            } else if (present.get(device)) {
                if (!missed.get(device)) {
                    missed.set(device);
                    missedSince[device] = now;
                } else if (now - missedSince[device] >= GRACE) {
                    missed.clear(device);
                    present.clear(device);
                    went.accept(device);
                }
            }
        }
    }
}
