package tier6.sanctum.shroud;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tier6.sanctum.Vectors.hex;
import static tier6.sanctum.Vectors.id;
import static tier6.sanctum.Vectors.id32;
import static tier6.sanctum.Vectors.text;

import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tier6.sanctum.ScriptedRandom;
import tier6.sanctum.Vectors;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.kdf.BaseKey;
import tier6.sanctum.kdf.Purpose;

class ShroudTest {

    private static final List<JsonObject> IDENTITIES = Vectors.objects(Vectors.load("shroud"), "identities");
    private static final List<JsonObject> PACKETS = Vectors.objects(Vectors.load("shroud"), "packets");

    private final RandomSource random = new Random(11)::nextBytes;

    @Test
    void identitiesMatchTheVectors() {
        for (JsonObject v : IDENTITIES) {
            byte[] base = ShroudIdentity.base(id(v, "flock_src"), id(v, "flock_dst"), id32(v, "cs_id"));
            assertArrayEquals(hex(v, "base_identity"), base);
            ShroudIdentity identity = ShroudIdentity.fresh(base, new ScriptedRandom(hex(v, "seed_id")));
            assertArrayEquals(hex(v, "identity"), identity.id());
            assertArrayEquals(hex(v, "seed_id"), identity.seedId());
        }
    }

    @Test
    void packetsOpenAsInTheVectors() {
        for (JsonObject v : PACKETS) {
            byte[] wire = hex(v, "wire");
            byte[] inner = hex(v, "inner");
            try (Shroud shroud = shroud(v)) {
                byte[] out = new byte[wire.length];
                assertEquals(inner.length, shroud.open(wire, 0, wire.length, out, 0));
                assertArrayEquals(inner, Arrays.copyOf(out, inner.length));
            }
        }
    }

    @Test
    void packetsAreSealedAsInTheVectors() {
        for (JsonObject v : PACKETS) {
            byte[] wire = hex(v, "wire");
            byte[] inner = hex(v, "inner");
            byte[] seedData = Arrays.copyOfRange(wire, 32, 48);
            int padding = v.get("padding_zeroes").getAsInt();
            byte[] draw =
                    ByteBuffer.allocate(4).putInt(Integer.reverseBytes(padding)).array();
            int bound = v.get("mtu").getAsInt();
            ScriptedRandom script = inner.length + Shroud.OVERHEAD < bound
                    ? new ScriptedRandom(seedData, draw)
                    : new ScriptedRandom(seedData);
            ShroudIdentity identity = new ShroudIdentity(Arrays.copyOf(wire, 16), Arrays.copyOfRange(wire, 16, 32));
            try (Shroud shroud = shroud(v)) {
                byte[] out = new byte[bound];
                int length = shroud.seal(identity, inner, 0, inner.length, bound, out, 0, script);
                assertEquals(text(v, "wire"), HexFormat.of().formatHex(out, 0, length));
                assertTrue(script.exhausted());
            }
        }
    }

    @Test
    void everyLengthSurvives() {
        byte[] secret = random.bytes(32);
        byte[] buffer = new byte[2000];
        try (Shroud one = Shroud.cathedral(secret, 0x1101, 0x2202);
                Shroud two = Shroud.cathedral(secret, 0x2200, 0x1100)) {
            for (int length = Shroud.MIN_INNER; length <= 1500; length++) {
                byte[] inner = random.bytes(length);
                inner[length - 1] = (byte) (length % 3 - 1); // 0xff, 0 and 1 at the end must not confuse
                int at = length % 7;
                System.arraycopy(inner, 0, buffer, at, length);
                int sealed = one.seal(ShroudIdentity.random(random), buffer, at, length, 1400, buffer, at, random);
                assertTrue(sealed == length + Shroud.OVERHEAD || sealed < 1400, "padded up to the bound and not to it");
                assertEquals(length, two.open(buffer, at, sealed, buffer, at));
                assertArrayEquals(inner, Arrays.copyOfRange(buffer, at, at + length));
            }
        }
    }

    @Test
    void whatIsTooShortIsNothing() {
        try (Shroud shroud = Shroud.federation(random.bytes(32))) {
            byte[] out = new byte[200];
            for (int length = 0; length < Shroud.HEADER_SIZE + Shroud.MIN_INNER; length++) {
                assertEquals(-1, shroud.open(random.bytes(length), 0, length, out, 0));
            }
            byte[] tiny = new byte[200];
            int sealed = shroud.seal(ShroudIdentity.random(random), new byte[49], 0, 49, 150, tiny, 0, random);
            assertEquals(-1, shroud.open(tiny, 0, sealed, out, 0), "49 bytes");
        }
    }

    @Test
    void amountsOfPaddingThatWouldBeTooLikelyAreDrawnAgain() {
        // 2^32 is 1 more than a multiple of 3, so the highest number cannot be used for a choice of three.
        byte[] highest = {-1, -1, -1, -1};
        byte[] two = {2, 0, 0, 0};
        ScriptedRandom script = new ScriptedRandom(new byte[16], highest, two);
        try (Shroud shroud = Shroud.peer(random.bytes(32), 0, 0)) {
            byte[] inner = new byte[60];
            int bound = 60 + Shroud.OVERHEAD + 3;
            int length = shroud.seal(ShroudIdentity.random(random), inner, 0, 60, bound, new byte[bound], 0, script);
            assertEquals(60 + Shroud.OVERHEAD + 2, length);
            assertTrue(script.exhausted());
        }
    }

    /** The keys of the packets are those of the last identity, which the vectors give as secrets. */
    private static Shroud shroud(JsonObject packet) {
        for (JsonObject v : IDENTITIES) {
            long src = id(v, "flock_src");
            long dst = id(v, "flock_dst");
            if (text(v, "shroud_peer_key").equals(text(packet, "key"))) {
                assertArrayEquals(
                        hex(packet, "key"), BaseKey.derive(hex(v, "shared_secret"), Purpose.SHROUD_PEER, src, dst));
                return Shroud.peer(hex(v, "shared_secret"), src, dst);
            }
            if (text(v, "shroud_cathedral_key").equals(text(packet, "key"))) {
                return Shroud.cathedral(hex(v, "cathedral_secret"), src, dst);
            }
        }
        throw new AssertionError("a packet under an unknown key");
    }
}
