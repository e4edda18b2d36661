package tier6.tap.memory;

import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import tier6.api.counter.Counters;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.tap.Tap;
import tier6.api.tap.TapConfig;

/**
 * A TAP whose other end is an object. Frames of the {@link Station} wait in a queue of bounded length until they are
 * read; frames that are written reach the station at once, on the writing thread.
 */
public final class MemoryTap implements Tap {
    /** The most frames that wait to be read; as many as a Linux TAP queues. */
    public static final int QUEUE = 500;

    private enum Count {
        FRAMES_READ,
        BYTES_READ,
        FRAMES_WRITTEN,
        BYTES_WRITTEN,
        DROP_QUEUE_FULL,
        DROP_LENGTH,
        DROP_CLOSED
    }

    private final TapConfig config;
    private final int longest;
    private final Counters<Count> counters = new Counters<>(Count.class);
    private volatile Station station = (data, offset, length) -> {};
    private volatile boolean closed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ready = lock.newCondition();
    // Guarded by the lock: a ring whose arrays are made when their place is first used.
    private final byte[][] queue = new byte[QUEUE][];
    private final int[] lengths = new int[QUEUE];
    private int first;
    private int waiting;
    private boolean woken;

    /** Makes an open TAP with nothing plugged in. The owner in {@code config} means nothing here. */
    public MemoryTap(TapConfig config) {
        this.config = config;
        longest = config.mtu() + Ethernet.HEADER + Ethernet.VLAN_TAG;
    }

    /** Plugs in what takes the frames that are written. */
    public void connect(Station next) {
        station = next;
    }

    /** The hardware address. */
    public long mac() {
        return config.mac();
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public int mtu() {
        return config.mtu();
    }

    /**
     * Queues a frame of the station to be read. Any thread; never waits.
     *
     * @return false if it was dropped: too short or too long, queue full, TAP closed
     */
    public boolean send(byte[] data, int offset, int length) {
        if (length < Ethernet.HEADER || length > longest) {
            counters.add(Count.DROP_LENGTH, 1);
            return false;
        }
        lock.lock();
        try {
            if (closed || waiting == QUEUE) {
                counters.add(closed ? Count.DROP_CLOSED : Count.DROP_QUEUE_FULL, 1);
                return false;
            }
            int last = (first + waiting++) % QUEUE;
            if (queue[last] == null) {
                queue[last] = new byte[longest];
            }
            System.arraycopy(data, offset, queue[last], 0, length);
            lengths[last] = length;
            ready.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read(int number, Batch batch) {
        lock.lock();
        try {
            while (waiting == 0 && !woken && !closed) {
                ready.awaitUninterruptibly();
            }
            woken = false;
            return closed ? 0 : drain(batch);
        } finally {
            lock.unlock();
        }
    }

    private int drain(Batch batch) {
        int frames = 0;
        long bytes = 0;
        while (waiting > 0 && batch.fits(lengths[first])) {
            batch.append(queue[first], 0, lengths[first]);
            bytes += lengths[first];
            frames++;
            first = (first + 1) % QUEUE;
            waiting--;
        }
        if (frames == 0 && waiting > 0 && batch.isEmpty()) {
            counters.add(Count.DROP_LENGTH, 1); // longer than the batch will ever take: do not let it block the way
            first = (first + 1) % QUEUE;
            waiting--;
        }
        counters.add(Count.FRAMES_READ, frames);
        counters.add(Count.BYTES_READ, bytes);
        return frames;
    }

    @Override
    public void write(Batch batch) {
        if (closed) {
            counters.add(Count.DROP_CLOSED, batch.count());
            return;
        }
        Station to = station;
        int frames = 0;
        long bytes = 0;
        for (int i = 0; i < batch.count(); i++) {
            int length = batch.length(i);
            if (length >= Ethernet.HEADER && length <= longest) {
                to.receive(batch.data(), batch.offset(i), length);
                frames++;
                bytes += length;
            }
        }
        counters.add(Count.FRAMES_WRITTEN, frames);
        counters.add(Count.BYTES_WRITTEN, bytes);
        counters.add(Count.DROP_LENGTH, batch.count() - frames);
    }

    @Override
    public void wakeup() {
        lock.lock();
        try {
            woken = true;
            ready.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Map<String, Long> counters() {
        return counters.snapshot();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting = 0;
            ready.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
