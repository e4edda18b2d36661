package tier6.sanctum.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayWindowTest {

    @ParameterizedTest
    @ValueSource(ints = {64, 128, 192, 1024, 8192})
    void agreesWithASetOfNumbers(int bits) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ReplayWindow window = new ReplayWindow(bits);
        Set<Long> seen = new HashSet<>();
        long top = 1;
        for (int i = 0; i < 200_000; i++) {
            long pn = top + random.nextInt(bits / 2) - bits / 2 + 2;
            switch (random.nextInt(50)) {
                case 0 -> pn = top + random.nextInt(3 * bits);
                case 1 -> pn = top - random.nextInt(3 * bits);
                case 2 -> pn = top - bits + random.nextInt(3) - 1;
                case 3 -> pn = random.nextInt(3) - 1;
                default -> {}
            }
            boolean fresh = pn > 0 && top - pn < bits && !seen.contains(pn);
            assertEquals(fresh, window.check(pn), "seed " + seed + " step " + i + " pn " + pn + " top " + top);
            if (fresh) {
                window.update(pn);
                seen.add(pn);
                top = Math.max(top, pn);
            }
            assertEquals(top, window.top());
        }
        assertTrue(seen.size() > 1000);
    }

    @Test
    void moves64AsTheCProgramsDo() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        ReplayWindow window = new ReplayWindow(ReplayWindow.SANCTUM_BITS);
        long top = 1;
        long bitmap = 0;
        for (int i = 0; i < 100_000; i++) {
            long pn = top + random.nextInt(100) - 70;
            boolean ok = pn > top || pn > 0 && top - pn < 64 && (bitmap >>> (63 - (top - pn)) & 1) == 0;
            assertEquals(ok, window.check(pn), "seed " + seed + " step " + i);
            if (ok) {
                if (pn > top) {
                    bitmap = pn - top >= 64 ? 0 : bitmap >>> (pn - top);
                    top = pn;
                }
                bitmap |= 1L << (63 - (top - pn));
                window.update(pn);
            }
            assertEquals(Long.toHexString(bitmap), Long.toHexString(window.bitmap()), "seed " + seed + " step " + i);
        }
    }

    @Test
    void aLeapOverEverythingForgetsEverythingBehind() {
        ReplayWindow window = new ReplayWindow(128);
        for (long pn = 1; pn <= 500; pn++) {
            window.update(pn);
        }
        window.update(1L << 40);
        assertTrue(window.check((1L << 40) - 127));
        assertFalse(window.check((1L << 40) - 128));
        assertFalse(window.check(1L << 40));
    }

    @Test
    void numbersBeyond63BitsAreOld() {
        ReplayWindow window = new ReplayWindow(64);
        assertFalse(window.check(0));
        assertFalse(window.check(-1));
        assertFalse(window.check(Long.MIN_VALUE));
        assertTrue(window.check(1));
    }

    @Test
    void widthIsWholeWords() {
        assertThrows(IllegalArgumentException.class, () -> new ReplayWindow(0));
        assertThrows(IllegalArgumentException.class, () -> new ReplayWindow(100));
    }
}
