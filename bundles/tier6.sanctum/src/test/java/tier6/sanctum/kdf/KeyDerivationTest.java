package tier6.sanctum.kdf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static tier6.sanctum.Vectors.hex;
import static tier6.sanctum.Vectors.id;
import static tier6.sanctum.Vectors.text;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tier6.sanctum.Vectors;

class KeyDerivationTest {

    @Test
    void baseKeysMatchTheVectors() {
        Set<Purpose> seen = EnumSet.noneOf(Purpose.class);
        for (JsonObject v : Vectors.cases("base_keys")) {
            Purpose purpose = Purpose.valueOf(text(v, "purpose"));
            long src = id(v, "flock_src");
            long dst = id(v, "flock_dst");
            assertEquals(text(v, "label"), purpose.label());
            assertEquals(v.get("purpose_number").getAsInt(), purpose.ordinal() + 1);
            byte[] secret = hex(v, "secret");
            byte[] wanted = hex(v, "out");
            String message = v.toString();
            assertArrayEquals(wanted, BaseKey.derive(secret, purpose, src, dst), message);
            assertArrayEquals(wanted, BaseKey.derive(secret, purpose, dst, src), message);
            seen.add(purpose);
        }
        assertEquals(EnumSet.allOf(Purpose.class), seen);
    }

    @Test
    void trafficKeysMatchTheVectors() {
        for (JsonObject v : Vectors.cases("traffic_kdf")) {
            Purpose purpose = Purpose.valueOf(text(v, "purpose"));
            byte[] base = BaseKey.derive(hex(v, "shared_secret"), purpose, id(v, "flock_src"), id(v, "flock_dst"));
            assertArrayEquals(hex(v, "base_key"), base);
            byte[] random = hex(v, "random");
            byte[] key = TrafficKey.derive(
                    base,
                    hex(v, "x25519_shared"),
                    hex(v, "mlkem_shared"),
                    hex(v, "pub1"),
                    hex(v, "pub2"),
                    Arrays.copyOf(random, 16),
                    Arrays.copyOfRange(random, 16, 32));
            assertArrayEquals(hex(v, "session_key"), key);
        }
    }

    @Test
    void flocksAreUnsignedAndHaveADomain() {
        assertEquals(0x493abf95a07e0c00L, Flocks.mask(0x493abf95a07e0c0aL));
        assertEquals(0x0a, Flocks.domain(0x493abf95a07e0c0aL));
        assertEquals(1L, Flocks.min(-1L, 1L));
        assertEquals(-1L, Flocks.max(-1L, 1L));
    }
}
