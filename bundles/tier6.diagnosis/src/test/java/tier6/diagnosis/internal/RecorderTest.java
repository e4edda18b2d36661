package tier6.diagnosis.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.api.vswitch.Mirror.Direction;

class RecorderTest {
    private static Batch batch(int... lengths) {
        Batch batch = new Batch(2, 64, 1 << 16);
        for (int length : lengths) {
            byte[] frame = new byte[length];
            Arrays.fill(frame, (byte) length);
            batch.append(frame, 0, length);
        }
        return batch;
    }

    @Test
    void keepsCopiesInOrder() {
        Recorder recorder = new Recorder("", Filter.parse(""), 50, 1 << 20);
        Batch batch = batch(60, 13, 14);
        recorder.frames("tap", Direction.IN, batch);
        batch.clear();
        batch.append(new byte[60], 0, 60);
        recorder.frames("peer-02", Direction.OUT, batch);
        Recorder.Frame first = recorder.take();
        assertEquals("tap", first.port());
        assertEquals(Direction.IN, first.direction());
        assertEquals(60, first.length());
        assertEquals(50, first.bytes().length);
        assertEquals(60, first.bytes()[0]);
        assertEquals(14, recorder.take().length());
        assertEquals("peer-02", recorder.take().port());
        assertNull(recorder.take());
        assertEquals(0, recorder.lost());
    }

    @Test
    void keepsToItsPortAndItsRoom() {
        Recorder recorder = new Recorder("tap", Filter.parse(""), 65535, 10 * 200);
        recorder.frames("peer-02", Direction.IN, batch(100));
        for (int i = 0; i < 15; i++) {
            recorder.frames("tap", Direction.IN, batch(100));
        }
        assertEquals(5, recorder.lost());
        assertNotNull(recorder.take());
        recorder.frames("tap", Direction.IN, batch(100));
        assertEquals(5, recorder.lost());
    }

    @Test
    void writesBlocksThatAddUp() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Pcapng file = new Pcapng(out, 65535);
        file.write(new Recorder.Frame("tap", Direction.IN, 1_700_000_000_123_456_789L, new byte[61], 99));
        file.write(new Recorder.Frame("peer-02", Direction.OUT, 1, new byte[14], 14));
        file.write(new Recorder.Frame("tap", Direction.IN, 2, new byte[15], 15));
        file.end(3, 7);
        ByteBuffer blocks = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> types = new ArrayList<>();
        while (blocks.hasRemaining()) {
            int at = blocks.position();
            types.add(blocks.getInt());
            int length = blocks.getInt();
            assertTrue(length % 4 == 0 && length >= 12);
            assertEquals(length, blocks.getInt(at + length - 4));
            blocks.position(at + length);
        }
        assertEquals(List.of(0x0a0d0d0a, 1, 6, 1, 6, 6, 5), types);
    }

    @Test
    void saysWhenAndHowMuch() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Pcapng file = new Pcapng(out, 65535);
        file.number("tap");
        int at = out.size();
        byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
        file.write(new Recorder.Frame("tap", Direction.OUT, 0x1234_5678_9abc_def0L, bytes, 1500));
        ByteBuffer packet = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        packet.position(at + 8);
        assertEquals(0, packet.getInt());
        assertEquals(0x1234_5678, packet.getInt());
        assertEquals(0x9abc_def0, packet.getInt());
        assertEquals(15, packet.getInt());
        assertEquals(1500, packet.getInt());
        byte[] kept = new byte[15];
        packet.get(kept);
        assertArrayEquals(bytes, kept);
        packet.get();
        assertEquals(2, packet.getShort());
        assertEquals(4, packet.getShort());
        assertEquals(2, packet.getInt());
    }
}
