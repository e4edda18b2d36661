package tier6.itest.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What {@link UdpTool} noted at both ends of a stream. */
public final class UdpLog {
    private static final int ENTRY = 12;

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

    /** Reads both ends, also while the stream goes on. */
    public static UdpLog read(Path senderLog, Path receiverLog) throws IOException {
        long[] sent = times(senderLog, 0);
        return new UdpLog(sent, times(receiverLog, sent.length));
    }

    /** When each number was first seen, 0 if never. */
    private static long[] times(Path file, int atLeast) throws IOException {
        ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(file));
        long[] times = new long[Math.max(atLeast, 1024)];
        int most = atLeast;
        while (log.remaining() >= ENTRY) {
            long time = log.getLong();
            int number = log.getInt();
            if (number >= times.length) {
                times = Arrays.copyOf(times, 2 * number);
            }
            if (times[number] == 0) {
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
