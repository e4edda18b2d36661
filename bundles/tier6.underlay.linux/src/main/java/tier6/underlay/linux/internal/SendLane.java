package tier6.underlay.linux.internal;

import java.nio.ByteBuffer;
import tier6.api.counter.Counters;
import tier6.api.counter.Stopwatch;
import tier6.api.frame.Batch;
import tier6.libc.Calls;
import tier6.libc.Libc;

/**
 * What one thread needs to send: a batch becomes messages, each a run of datagrams of equal length (the last may be
 * shorter) that the system cuts up again, and all messages go out in one system call.
 */
final class SendLane {
    /** Most bytes of a UDP datagram over IPv4, and so of a run. */
    static final int DATAGRAM_MAX = 65_507;

    /** Most datagrams of a run: what every Linux that can segment takes. */
    private static final int RUN_MAX = 64;

    private static final int MESSAGES = 64;
    private static final int DATA = 192 * 1024;

    private final Counters<UnderlayCounter> counters;
    private final Calls calls = Calls.forThread();
    private final ByteBuffer data = Libc.allocate(DATA);
    private final long dataAddress = Libc.address(data);
    private final Messages messages = new Messages(MESSAGES + 1);
    private final RawAddress[] named = new RawAddress[MESSAGES + 1];
    private final int[] start = new int[MESSAGES];
    private final int[] length = new int[MESSAGES];
    private final int[] segmentSize = new int[MESSAGES];
    private final int[] datagrams = new int[MESSAGES];
    private final Stopwatch stopwatch = new Stopwatch();
    private int runLength;
    private boolean full;

    SendLane(Counters<UnderlayCounter> counters) {
        this.counters = counters;
    }

    /** Sends all of {@code batch}, as far as the system takes it. Returns how many datagrams that were. */
    int send(LinuxSocket socket, Batch batch, RawAddress to) {
        int sent = 0;
        int next = 0;
        while (next < batch.count()) {
            int from = next;
            int used = 0;
            int count = 0;
            stopwatch.begin();
            while (next < batch.count() && count < MESSAGES) {
                int size = batch.length(next);
                if (size > DATAGRAM_MAX) {
                    counters.add(UnderlayCounter.DROP_LONG, 1);
                    next++;
                    continue;
                }
                if (used + size > DATA) {
                    break;
                }
                int joined = run(batch, next, used, size <= socket.segmentMax());
                start[count] = used;
                datagrams[count] = joined;
                segmentSize[count] = joined > 1 ? size : 0;
                length[count] = runLength;
                name(count, to);
                messages.data(count, dataAddress + used, runLength);
                messages.segment(count, segmentSize[count]);
                used += runLength;
                next += joined;
                count++;
            }
            counters.add(UnderlayCounter.NANOS_COPY, stopwatch.lap());
            int taken = flush(socket, count, to);
            counters.add(UnderlayCounter.NANOS_SEND, stopwatch.lap());
            sent += taken;
            if (full) {
                counters.add(UnderlayCounter.DROP_FULL, batch.count() - from - taken);
                break;
            }
        }
        counters.add(UnderlayCounter.DATAGRAMS_OUT, sent);
        return sent;
    }

    /** Copies a run that begins with element {@code first} to {@code at}; returns how many elements it has. */
    private int run(Batch batch, int first, int at, boolean join) {
        byte[] bytes = batch.data();
        int size = batch.length(first);
        data.put(at, bytes, batch.offset(first), size);
        int total = size;
        int joined = 1;
        if (join && size > 0) {
            int most = Math.min(RUN_MAX, batch.count() - first);
            int limit = Math.min(DATAGRAM_MAX, DATA - at);
            int last = size;
            while (joined < most && last == size) {
                last = batch.length(first + joined);
                if (last > size || last == 0 || total + last > limit) {
                    break;
                }
                data.put(at + total, bytes, batch.offset(first + joined), last);
                total += last;
                joined++;
            }
        }
        runLength = total;
        return joined;
    }

    private void name(int message, RawAddress to) {
        if (named[message] != to) {
            named[message] = to;
            messages.name(message, to);
        }
    }

    private int flush(LinuxSocket socket, int count, RawAddress to) {
        int sent = 0;
        int first = 0;
        boolean again = true;
        full = false;
        while (first < count) {
            int n = calls.sendmmsg(
                    socket.fd(), messages.address(first), count - first, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
            counters.add(UnderlayCounter.SEND_CALLS, 1);
            if (n > 0) {
                int joined = 0;
                for (int i = first; i < first + n; i++) {
                    sent += datagrams[i];
                    joined += datagrams[i] > 1 ? 1 : 0;
                }
                counters.add(UnderlayCounter.SUPER_DATAGRAMS_OUT, joined);
                first += n;
                again = true;
                continue;
            }
            int errno = -n;
            if (errno == Libc.EAGAIN || errno == Libc.ENOBUFS) {
                full = true;
                return sent;
            }
            if (again || errno == Libc.EINTR) {
                again = false; // it may have been the answer to something sent earlier
                continue;
            }
            if (datagrams[first] > 1) {
                int singly = sendSingly(socket, first, to);
                if (singly > 0) {
                    socket.segmentsRefused(errno, segmentSize[first]);
                }
                sent += singly;
            } else {
                counters.add(UnderlayCounter.DROP_REFUSED, 1);
            }
            first++;
            again = true;
        }
        return sent;
    }

    private int sendSingly(LinuxSocket socket, int message, RawAddress to) {
        int sent = 0;
        name(MESSAGES, to);
        messages.segment(MESSAGES, 0);
        int end = start[message] + length[message];
        for (int at = start[message]; at < end; at += segmentSize[message]) {
            messages.data(MESSAGES, dataAddress + at, Math.min(segmentSize[message], end - at));
            int n = calls.sendmmsg(socket.fd(), messages.address(MESSAGES), 1, Libc.MSG_DONTWAIT | Libc.MSG_NOSIGNAL);
            if (n > 0) {
                sent++;
            } else {
                counters.add(UnderlayCounter.DROP_REFUSED, 1);
            }
        }
        return sent;
    }
}
