package tier6.tap.linux.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    @Test
    void sumsTheExampleOfRfc1071() {
        byte[] data = {0, 1, (byte) 0xf2, 3, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7};
        assertEquals(0xddf2, Checksum.sum(data, 0, data.length));
    }

    @Test
    void agreesWithTheDefinition() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] data = Flow.bytes(random, 70_000);
        for (int length = 0; length < 300; length++) {
            for (int from = 0; from < 9; from++) {
                assertEquals(
                        Flow.sum(data, from, from + length, 0),
                        Checksum.sum(data, from, length),
                        from + " " + length + " seed " + seed);
            }
        }
        assertEquals(Flow.sum(data, 0, data.length, 0), Checksum.sum(data, 0, data.length), "seed " + seed);
        Arrays.fill(data, (byte) 0xff);
        assertEquals(0xffff, Checksum.sum(data, 0, data.length));
    }

    @Test
    void adds() {
        assertEquals(0xffff, Checksum.add(0xffff, 0xffff));
        assertEquals(1, Checksum.add(0xffff, 1));
        assertEquals(5, Checksum.add(2, 3));
    }

    @Test
    void readsAndWritesBigEndian() {
        byte[] data = new byte[8];
        Checksum.u16(data, 1, 0x1f2e3);
        assertEquals(0xf2e3, Checksum.u16(data, 1));
        assertEquals((byte) 0xf2, data[1]);
        Checksum.i32(data, 3, 0x89abcdef);
        assertEquals(0x89abcdef, Checksum.i32(data, 3));
        assertEquals(0x89, Checksum.u8(data, 3));
    }
}
