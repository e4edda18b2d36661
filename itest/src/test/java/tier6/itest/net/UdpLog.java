package tier6.itest.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/** What {@link UdpTool} noted at both ends of a stream. */
public final class UdpLog {
    private static final int ENTRY = 12;

    /** As much as is read of a long stream: two minutes at a thousand datagrams a second. */
    private static final long TAIL = 120_000L * ENTRY;

    private final long[] sent;
    private final long[] received;

    /**
     * What a part of the stream suffered.
     *
     * @param sent datagrams sent in that time
     * @param lost how many of them never arrived
     * @param recoveredMillis from its beginning until the first datagram after the last lost one arrived; 0 if none was lost
     */
    public record Loss(int sent, int lost, long recoveredMillis) {}

    private UdpLog(long[] sent, long[] received) {
        this.sent = sent;
        this.received = received;
    }

    /** Reads the last two minutes of both ends, also while the stream goes on. */
    public static UdpLog read(Path senderLog, Path receiverLog) throws IOException {
        ByteBuffer sender = tail(senderLog);
        int first = sender.remaining() < ENTRY ? 0 : sender.getInt(Long.BYTES);
        long[] sent = times(sender, first, 0);
        return new UdpLog(sent, times(tail(receiverLog), first, sent.length));
    }

    private static ByteBuffer tail(Path log) throws IOException {
        try (FileChannel file = FileChannel.open(log)) {
            long size = file.size() / ENTRY * ENTRY;
            long from = Math.max(0, size - TAIL);
            ByteBuffer tail = ByteBuffer.allocate((int) (size - from));
            while (tail.hasRemaining() && file.read(tail, from + tail.position()) > 0) {
                // until all is here
            }
            return tail.flip();
        }
    }

    /** When each number from {@code first} on was first seen, 0 if never. */
    private static long[] times(ByteBuffer log, int first, int atLeast) {
        long[] times = new long[Math.max(atLeast, 1024)];
        int most = atLeast;
        while (log.remaining() >= ENTRY) {
            long time = log.getLong();
            int number = log.getInt() - first;
            if (number >= times.length) {
                times = Arrays.copyOf(times, 2 * number);
            }
            if (number >= 0 && times[number] == 0) {
                times[number] = time;
            }
            most = Math.max(most, number + 1);
        }
        return Arrays.copyOf(times, most);
    }

    /** What happened to datagrams that were sent between two times of {@link System#nanoTime}. */
    public Loss between(long from, long to) {
        int count = 0;
        int lost = 0;
        int lastLost = -1;
        for (int i = 0; i < sent.length; i++) {
            if (sent[i] != 0 && sent[i] - from >= 0 && to - sent[i] > 0) {
                count++;
                if (i >= received.length || received[i] == 0) {
                    lost++;
                    lastLost = i;
                }
            }
        }
        long recovered = 0;
        for (int i = lastLost + 1; lastLost >= 0 && i < received.length && recovered == 0; i++) {
            if (received[i] != 0) {
                recovered = Math.max(1, (received[i] - from) / 1_000_000);
            }
        }
        return new Loss(count, lost, recovered);
    }
}
