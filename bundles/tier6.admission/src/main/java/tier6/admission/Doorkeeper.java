package tier6.admission;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Who may try now: each address so many times at once and then one time a second, and all together somewhat more. Remembers a
 * bounded number of addresses; who is forgotten was silent for longest.
 */
final class Doorkeeper {
    /** Of one address: attempts at once. */
    static final int BURST = 10;

    /** Of all: attempts at once, and in a second. */
    static final int BURST_OF_ALL = 40, RATE_OF_ALL = 20;

    static final int MOST_ADDRESSES = 1_024;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long COMPLAINT = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier clock;

    /** By address, when its bucket will be full again. */
    private final Map<InetAddress, Long> full = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Long> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    private long fullOfAll;
    private long complainAt;

    /**
     * Makes one.
     *
     * @param clock nanoseconds from any origin
     */
    Doorkeeper(LongSupplier clock) {
        this.clock = clock;
        fullOfAll = clock.getAsLong();
        complainAt = fullOfAll;
    }

    /** Whether an attempt of this address is to be heard. */
    synchronized boolean mayEnter(InetAddress from) {
        long now = clock.getAsLong();
        long ofAll = later(fullOfAll, now) + SECOND / RATE_OF_ALL;
        long own = later(full.getOrDefault(from, now), now) + SECOND;
        if (ofAll - now > BURST_OF_ALL * SECOND / RATE_OF_ALL || own - now > BURST * SECOND) {
            return false;
        }
        fullOfAll = ofAll;
        full.put(from, own);
        return true;
    }

    /** Whether a line in the log is in order: one a minute. */
    synchronized boolean mayComplain() {
        long now = clock.getAsLong();
        if (now - complainAt < 0) {
            return false;
        }
        complainAt = now + COMPLAINT;
        return true;
    }

    private static long later(long a, long b) {
        return a - b > 0 ? a : b;
    }
}
