package tier6.tap.memory;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** The hardware addresses of other hosts. Learned only about those that were asked for: nobody else can fill it. */
final class Neighbours {
    private static final int CAPACITY = 1024;

    // Guarded by the monitor of this.
    private final Map<InetAddress, Integer> wanted = new HashMap<>();
    private final Map<InetAddress, Long> macs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Long> eldest) {
            return size() > CAPACITY;
        }
    };

    /** Notes an answer; one that nobody asked for changes nothing. */
    synchronized void learn(InetAddress address, long mac) {
        if (wanted.containsKey(address) || macs.containsKey(address)) {
            macs.put(address, mac);
            notifyAll();
        }
    }

    synchronized void forget(InetAddress address) {
        macs.remove(address);
    }

    /** Says that answers about {@code address} are welcome, until {@link #giveUp}. */
    synchronized void want(InetAddress address) {
        wanted.merge(address, 1, Integer::sum);
    }

    synchronized void giveUp(InetAddress address) {
        wanted.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    /** What is known at once, or becomes known within some nanoseconds. */
    synchronized OptionalLong await(InetAddress address, long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (!macs.containsKey(address)) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return OptionalLong.empty();
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        return OptionalLong.of(macs.get(address));
    }
}
