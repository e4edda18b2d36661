package tier6.sanctum.exchange;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.session.DataHeader;

/** Virtual time, a bad link, and two nodes at its ends. Everything follows from the seed. */
final class SimulatedWorld {

    private record Event(long at, long order, Runnable what) {}

    final Random random;
    final RandomSource randomSource;
    final SimulatedNode[] nodes = new SimulatedNode[2];

    /** Probabilities and milliseconds. */
    final double[] loss = {0, 0};

    double duplication;
    long delay = 20;
    long jitter;

    /** Offers that get lost besides, by sender. */
    final List<Predicate<byte[]>> swallow = new ArrayList<>(List.of(d -> false, d -> false));

    /** Whether a relay between the nodes admits data only under SPIs that the receiver announced. */
    boolean relayed;

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private final Set<?>[] admitted = {Set.of(), Set.of()};
    private long now;
    private long order;

    /** When the last packet of each direction that was sent did not open; the end of trouble. */
    final long[] lastFailure = {0, 0};

    final long[] delivered = {0, 0};
    final long[] lost = {0, 0};

    SimulatedWorld(long seed) {
        random = new Random(seed);
        randomSource = random::nextBytes;
    }

    long now() {
        return now;
    }

    void at(long time, Runnable what) {
        events.add(new Event(time, order++, what));
    }

    void after(long millis, Runnable what) {
        at(now + millis, what);
    }

    void runUntil(long time) {
        while (!events.isEmpty() && events.peek().at() <= time) {
            Event event = events.poll();
            now = event.at();
            event.what().run();
        }
        now = time;
    }

    /** Sends to the other end; data that does not open there is noted. */
    void transmit(int from, byte[] datagram, boolean data) {
        int to = 1 - from;
        long sentAt = now;
        boolean[] opened = {false};
        int copies = random.nextDouble() < duplication ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            if (random.nextDouble() < loss[from] || !data && swallow.get(from).test(datagram)) {
                continue;
            }
            long takes = delay + (jitter > 0 ? random.nextLong(jitter) : 0);
            after(takes / 2, () -> {
                if (data && relayed && !admitted[to].contains(DataHeader.spi(datagram, 0))) {
                    return;
                }
                after(takes - takes / 2, () -> opened[0] |= nodes[to].receive(datagram));
            });
        }
        if (data) {
            after(delay + jitter + 1, () -> {
                if (opened[0]) {
                    delivered[from]++;
                } else {
                    lost[from]++;
                    lastFailure[from] = sentAt;
                }
            });
        }
    }

    /** A node without a transmit key wanted to send. */
    void couldNotSend(int from) {
        lost[from]++;
        lastFailure[from] = now;
    }

    /** Tells the relay under which SPIs a node receives. */
    void announce(int who, int active, int other) {
        if (random.nextDouble() >= loss[who]) {
            Set<Integer> spis = new HashSet<>(Set.of(active));
            spis.add(other);
            long takes = (delay + (jitter > 0 ? random.nextLong(jitter) : 0)) / 2;
            after(takes, () -> admitted[who] = spis);
        }
    }

    void heal() {
        loss[0] = 0;
        loss[1] = 0;
        duplication = 0;
        jitter = 0;
        delay = 20;
    }
}
