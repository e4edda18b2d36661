package tier6.http.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SessionsTest {
    private long now = -5;
    private final Sessions sessions = new Sessions(() -> now);

    @Test
    void eachEndsByItselfOrWhenItIsTold() {
        String first = sessions.begin();
        String second = sessions.begin();
        assertTrue(sessions.has(first) && sessions.has(second));
        sessions.end(first);
        assertFalse(sessions.has(first));
        assertTrue(sessions.has(second));
        now += Sessions.LIFETIME.toNanos();
        assertTrue(sessions.has(second));
        now++;
        assertFalse(sessions.has(second));
        sessions.end("rubbish");
        assertFalse(sessions.has(""));
    }

    @Test
    void thereAreNotMoreThanSoMany() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            all.add(sessions.begin());
        }
        assertTrue(sessions.has(all.get(999)));
        assertFalse(sessions.has(all.get(0)));
        assertTrue(all.stream().filter(sessions::has).count() < 100);
    }
}
