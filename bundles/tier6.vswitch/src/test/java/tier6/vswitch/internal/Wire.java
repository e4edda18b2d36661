package tier6.vswitch.internal;

import java.util.ArrayList;
import java.util.List;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.vswitch.Egress;

/** An egress that keeps what leaves, and the making of frames. */
final class Wire implements Egress {
    static final long A = 0x0200_0000_000aL;
    static final long B = 0x0200_0000_000bL;
    static final long C = 0x0200_0000_000cL;

    private final List<byte[]> frames = new ArrayList<>();

    @Override
    public synchronized void output(Batch batch) {
        for (int i = 0; i < batch.count(); i++) {
            frames.add(batch.copy(i));
        }
    }

    /** What left since the last call. */
    synchronized List<byte[]> take() {
        List<byte[]> taken = List.copyOf(frames);
        frames.clear();
        return taken;
    }

    /** The numbers of the frames that left since the last call. */
    List<Integer> numbers() {
        return take().stream().map(Wire::number).toList();
    }

    static byte[] frame(long destination, long source, int type, int number) {
        byte[] frame = new byte[60];
        Ethernet.putMac(frame, 0, destination);
        Ethernet.putMac(frame, 6, source);
        frame[12] = (byte) (type >> 8);
        frame[13] = (byte) type;
        for (int i = 0; i < 4; i++) {
            frame[14 + i] = (byte) (number >> (24 - 8 * i));
        }
        return frame;
    }

    static byte[] frame(long destination, long source, int number) {
        return frame(destination, source, Ethernet.IPV4, number);
    }

    static int number(byte[] frame) {
        return (frame[14] & 0xff) << 24 | (frame[15] & 0xff) << 16 | (frame[16] & 0xff) << 8 | frame[17] & 0xff;
    }

    static Batch batch(int lane, byte[]... frames) {
        return batch(lane, List.of(frames));
    }

    static Batch batch(int lane, List<byte[]> frames) {
        int bytes = frames.stream().mapToInt(f -> f.length + Batch.TAILROOM).sum();
        Batch batch = new Batch(lane, frames.size(), bytes);
        for (byte[] frame : frames) {
            batch.append(frame, 0, frame.length);
        }
        return batch;
    }
}
