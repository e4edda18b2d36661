package tier6.underlay.linux.internal;

import java.nio.ByteBuffer;
import tier6.api.counter.Counters;
import tier6.api.counter.Stopwatch;
import tier6.api.frame.Batch;
import tier6.libc.Calls;
import tier6.libc.Libc;

/**
 * What one thread needs to receive: several messages a call, each a datagram or a run of them that the system joined
 * (UDP_GRO), which are split into a batch again.
 */
final class Inbound {
    private static final int MESSAGES = 16;

    /** Room for one message: no datagram and no run is longer. */
    private static final int STRIDE = 1 << 16;

    private final Counters<UnderlayCounter> counters;
    private final Calls calls = Calls.forThread();
    private final Messages messages = new Messages(MESSAGES);
    private final ByteBuffer data = Libc.allocate(MESSAGES * STRIDE);
    private final Stopwatch stopwatch = new Stopwatch();
    private int received;
    private int receivedSinceAsked;
    private int splitAt;

    Inbound(Counters<UnderlayCounter> counters) {
        this.counters = counters;
        long address = Libc.address(data);
        for (int i = 0; i < MESSAGES; i++) {
            messages.data(i, address + i * STRIDE, STRIDE);
            messages.expect(i);
        }
    }

    /** Receives what is there. Returns the number of messages; an error, such as an answer by ICMP, counts as none. */
    int receive(int fd) {
        for (int i = 0; i < received; i++) {
            messages.expect(i);
        }
        counters.add(UnderlayCounter.RECEIVE_CALLS, 1);
        stopwatch.begin();
        received = Math.max(0, calls.recvmmsg(fd, messages.address(0), MESSAGES, Libc.MSG_DONTWAIT));
        counters.add(UnderlayCounter.NANOS_RECEIVE, stopwatch.lap());
        receivedSinceAsked += received;
        return received;
    }

    /** Messages received since this was asked last. */
    int receivedSinceAsked() {
        int count = receivedSinceAsked;
        receivedSinceAsked = 0;
        return count;
    }

    boolean isFrom(int message, RawAddress sender) {
        return messages.isFrom(message, sender);
    }

    RawAddress sender(int message) {
        return messages.sender(message);
    }

    /** Whether all of a message fits into {@code batch}. */
    boolean fits(int message, Batch batch) {
        int size = messages.segmentSize(message);
        int length = messages.length(message);
        int pieces = size == 0 ? 1 : (length + size - 1) / size;
        return batch.count() + pieces <= batch.maxCount() && batch.room() >= length + pieces * Batch.TAILROOM;
    }

    /**
     * Appends the datagrams of a message to {@code batch}.
     *
     * @return false if the batch is full: to be called again once it is empty
     */
    boolean split(int message, Batch batch) {
        int size = messages.segmentSize(message);
        int length = messages.length(message);
        do {
            int piece = Math.min(size, length - splitAt);
            if (!batch.fits(piece)) {
                return false;
            }
            data.get(message * STRIDE + splitAt, batch.data(), batch.append(piece), piece);
            splitAt += piece;
        } while (splitAt < length);
        splitAt = 0;
        counters.add(UnderlayCounter.SUPER_DATAGRAMS_IN, size < length ? 1 : 0);
        return true;
    }
}
