package tier6.cathedral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The tables under the core, against the JDK's or against their definition. */
class TablesTest {
    @Test
    void aLongMapIsAMap() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        LongMap<String> map = new LongMap<>();
        Map<Long, String> model = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            long key = random.nextInt(500) * 256L;
            if (random.nextInt(100) == 0) {
                map.removeIf((k, v) -> k % 1024 == 0);
                model.keySet().removeIf(k -> k % 1024 == 0);
            } else {
                map.put(key, "v" + i);
                model.put(key, "v" + i);
            }
            long asked = random.nextInt(500) * 256L;
            assertEquals(model.get(asked), map.get(asked), "seed " + seed);
            assertEquals(model.size(), map.size(), "seed " + seed);
        }
    }

    @Test
    void tunnelsAreFoundByAllThreeParts() {
        Tunnels tunnels = new Tunnels();
        Device.Usage usage = new Device.Usage();
        for (int id = 0; id < 3000; id++) {
            tunnels.add(new Tunnel(256L * (id % 3), 512, id, 1, usage));
        }
        Tunnel one = tunnels.get(256, 512, 100);
        assertEquals(100, one.id);
        assertNull(tunnels.get(512, 256, 100));
        Tunnel back = new Tunnel(512, 256, Tunnels.swap(100), 1, usage);
        tunnels.add(back);
        assertSame(back, tunnels.peerOf(one));
        assertSame(one, tunnels.peerOf(back));
        tunnels.removeIf(t -> t.id % 2 == 0);
        assertEquals(1500, tunnels.size());
        assertNull(tunnels.get(256, 512, 100));
        assertEquals(101, tunnels.get(512, 512, 101).id);
    }

    @Test
    void seedsAreRememberedForTwentyOneSecondsAtLeast() {
        SeedCache cache = new SeedCache(7, 0);
        long now = 100_000;
        for (long key = 1; key <= 10_000; key++) {
            cache.add(key, now);
        }
        now += SeedCache.LIFETIME_MILLIS;
        cache.add(10_001, now);
        for (long key = 1; key <= 10_001; key++) {
            assertTrue(cache.contains(key));
        }
        now += SeedCache.LIFETIME_MILLIS + 1;
        cache.add(10_002, now);
        now += SeedCache.LIFETIME_MILLIS + 1;
        cache.add(10_003, now);
        assertFalse(cache.contains(5));
        assertTrue(cache.contains(10_002));
    }

    @Test
    void theSeedCacheIsBounded() {
        SeedCache cache = new SeedCache(7, 0);
        int many = 3 * SeedCache.LARGEST;
        for (long key = 1; key <= many; key++) {
            cache.add(key, 1);
        }
        assertTrue(cache.contains(many));
        assertTrue(cache.contains(many - SeedCache.LARGEST / 4));
        assertFalse(cache.contains(1), "the oldest is forgotten");
    }

    @Test
    void strangersAreLimitedByAddressAndTogether() {
        SourceLimiter limiter = new SourceLimiter(7);
        long now = 1000;
        for (int i = 0; i < SourceLimiter.BURST; i++) {
            assertTrue(limiter.admits(1, i, now));
            limiter.charge(1, i, now);
        }
        assertFalse(limiter.admits(1, 9, now), "another port is the same source");
        assertTrue(limiter.admits(2, 9, now));
        limiter.trust(1, 77, now);
        assertTrue(limiter.admits(1, 77, now), "who proved itself is not its neighbour");
        assertTrue(limiter.admits(1, 9, now + 10), "tokens come back");
        for (int ip = 10; ip < 10 + SourceLimiter.STRANGERS_BURST; ip++) {
            limiter.charge(ip, 1, now);
        }
        assertFalse(limiter.admits(3, 1, now));
        assertTrue(limiter.admits(1, 77, now));
        assertTrue(limiter.admits(3, 1, now + 2000));
    }
}
