package tier6.diagnosis.internal;

import java.time.Instant;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.vswitch.Mirror;

/**
 * Keeps copies of the frames that a filter wants until somebody takes them: at most so many bytes; what is more is counted
 * and lost. Data path threads never wait here.
 */
final class Recorder implements Mirror {
    /**
     * A frame.
     *
     * @param port which it crossed
     * @param nanos when, since 1970
     * @param bytes its beginning
     * @param length of all of it
     */
    record Frame(String port, Direction direction, long nanos, byte[] bytes, int length) {}

    /** What a frame costs besides its bytes. */
    private static final int OBJECTS = 100;

    private final String port;
    private final Filter filter;
    private final int most;
    private final long room;
    private final Queue<Frame> frames = new ConcurrentLinkedQueue<>();
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();

    /**
     * @param port whose frames are wanted; empty: of all ports
     * @param most bytes of a frame to keep
     * @param room bytes to keep at once
     */
    Recorder(String port, Filter filter, int most, long room) {
        this.port = port;
        this.filter = filter;
        this.most = most;
        this.room = room;
    }

    @Override
    public void frames(String crossed, Direction direction, Batch batch) {
        if (!port.isEmpty() && !port.equals(crossed)) {
            return;
        }
        Instant now = Instant.now();
        long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        for (int i = 0; i < batch.count(); i++) {
            int at = batch.offset(i);
            int length = batch.length(i);
            if (length >= Ethernet.HEADER && filter.wants(batch.data(), at, length)) {
                keep(crossed, direction, nanos, batch.data(), at, length);
            }
        }
    }

    private void keep(String crossed, Direction direction, long nanos, byte[] data, int at, int length) {
        int kept = Math.min(length, most);
        if (used.addAndGet(kept + OBJECTS) > room) {
            used.addAndGet(-kept - OBJECTS);
            lost.incrementAndGet();
            return;
        }
        frames.add(new Frame(crossed, direction, nanos, Arrays.copyOfRange(data, at, at + kept), length));
    }

    /** The oldest frame, which is kept no longer; null if there is none. One thread. */
    Frame take() {
        Frame frame = frames.poll();
        if (frame != null) {
            used.addAndGet(-frame.bytes().length - OBJECTS);
        }
        return frame;
    }

    /** How many frames found no room. */
    long lost() {
        return lost.get();
    }
}
