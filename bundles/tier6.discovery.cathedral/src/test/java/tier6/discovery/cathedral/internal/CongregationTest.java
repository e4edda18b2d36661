package tier6.discovery.cathedral.internal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tier6.sanctum.offer.LiturgyBody;

class CongregationTest {
    private static final int OWN = 1;

    private final Congregation congregation = new Congregation(OWN);
    private final List<Integer> came = new ArrayList<>();
    private final List<Integer> went = new ArrayList<>();
    private long now = Long.MAX_VALUE - SECONDS.toNanos(20); // the clock may overflow

    private void answer(int afterSeconds, int... present) {
        now += SECONDS.toNanos(afterSeconds);
        byte[] peers = new byte[LiturgyBody.PEERS];
        for (int device : present) {
            peers[device] = 1;
        }
        congregation.answer(peers, now, came::add, went::add);
    }

    @Test
    void knowsWhoIsThere() {
        answer(0, 0, OWN, 2, 254);
        answer(3, 2, 254, 7);
        assertEquals(List.of(2, 254, 7), came);
        assertEquals(List.of(), went);
    }

    @Test
    void letsGoOfWhoeverWasMissedLongEnough() {
        answer(0, 2, 3);
        for (int second = 3; second <= 45; second += 3) {
            answer(3, 3);
        }
        assertEquals(List.of(), went);
        answer(3, 3);
        assertEquals(List.of(2), went);
        answer(3, 2, 3);
        assertEquals(List.of(2, 3, 2), came);
    }

    @Test
    void forgetsThatSomebodyWasMissedWhenHeIsBack() {
        answer(0, 2);
        for (int round = 0; round < 10; round++) {
            for (int second = 0; second < 42; second += 3) {
                answer(3);
            }
            answer(3, 2);
        }
        assertEquals(List.of(), went);
    }

    @Test
    void blamesNobodyForTheSilenceOfTheCathedral() {
        answer(0, 2);
        answer(3);
        answer(600);
        assertEquals(List.of(), went);
        for (int second = 0; second < 42; second += 3) {
            answer(3);
        }
        assertEquals(List.of(), went);
    }

    @Test
    void blamesNobodyForAnotherCathedral() {
        answer(0, 2);
        for (int second = 0; second < 42; second += 3) {
            answer(3);
        }
        congregation.forgive();
        for (int second = 0; second < 42; second += 3) {
            answer(3);
        }
        assertEquals(List.of(), went);
    }
}
