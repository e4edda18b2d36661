package tier6.sanctum.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tier6.sanctum.Vectors.hex;
import static tier6.sanctum.Vectors.text;

import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import tier6.sanctum.ScriptedRandom;
import tier6.sanctum.Vectors;

class PrimitivesTest {

    @Test
    void kmac256MatchesTheVectors() {
        int checked = 0;
        for (JsonObject v : Vectors.cases("kmac256")) {
            if (v.get("xof").getAsBoolean()) {
                continue; // The protocol uses the fixed-length form only.
            }
            byte[] x = hex(v, "X");
            int length = v.get("out_len").getAsInt();
            assertArrayEquals(hex(v, "out"), Kmac256.derive(hex(v, "key"), text(v, "S"), length, x), text(v, "name"));
            checked++;

            try (Kmac256 mac = new Kmac256(hex(v, "key"), text(v, "S"))) {
                int half = x.length / 2;
                byte[] head = Arrays.copyOf(x, half);
                byte[] tail = Arrays.copyOfRange(x, half, x.length);
                assertArrayEquals(hex(v, "out"), mac.derive(length, head, tail), "in parts: " + text(v, "name"));
                assertArrayEquals(hex(v, "out"), mac.derive(length, x), "used again: " + text(v, "name"));
            }
        }
        assertEquals(11, checked);
    }

    @Test
    void aClosedKmacHasForgottenItsKey() {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 7);
        Kmac256 mac = new Kmac256(key, "label");
        byte[] before = mac.derive(32, new byte[1]);
        mac.close();
        assertFalse(Arrays.equals(before, mac.derive(32, new byte[1])));
    }

    @Test
    void x25519MatchesTheVectors() {
        for (JsonObject v : Vectors.cases("x25519")) {
            X25519.KeyPair a = X25519.generate(new ScriptedRandom(hex(v, "private_a")));
            X25519.KeyPair b = X25519.generate(new ScriptedRandom(hex(v, "private_b")));
            assertArrayEquals(hex(v, "private_a"), a.secret());
            assertArrayEquals(hex(v, "public_a"), a.point());
            assertArrayEquals(hex(v, "public_b"), b.point());
            assertArrayEquals(hex(v, "shared"), X25519.agree(a.secret(), b.point()));
            assertArrayEquals(hex(v, "shared"), X25519.agree(b.secret(), a.point()));
        }
    }

    @Test
    void x25519RefusesPointsOfLowOrder() {
        byte[] secret = new byte[X25519.SIZE];
        secret[5] = 1;
        byte[] point = new byte[X25519.SIZE];
        assertNull(X25519.agree(secret, point), "zero");
        point[0] = 1;
        assertNull(X25519.agree(secret, point), "one");
    }

    @Test
    void mlKemMatchesTheVectors() {
        for (JsonObject v : Vectors.cases("mlkem1024")) {
            MlKem1024.KeyPair pair = MlKem1024.generate(hex(v, "keygen_seed"));
            assertArrayEquals(hex(v, "ek"), pair.ek());
            assertArrayEquals(hex(v, "dk"), pair.dk());
            if (v.has("ss_encaps")) {
                MlKem1024.Encapsulation made = MlKem1024.encapsulate(pair.ek(), hex(v, "m"));
                assertArrayEquals(hex(v, "ct"), made.ct());
                assertArrayEquals(hex(v, "ss_encaps"), made.secret());
            }
            assertArrayEquals(hex(v, "ss_decaps"), MlKem1024.decapsulate(pair.dk(), hex(v, "ct")), text(v, "name"));
        }
    }

    @Test
    void mlKemRefusesMalformedKeys() {
        byte[] ek = hex(Vectors.cases("mlkem1024").get(0), "ek");
        byte[] m = new byte[MlKem1024.SECRET_SIZE];
        assertNotNull(MlKem1024.encapsulate(ek, m));
        assertNull(MlKem1024.encapsulate(Arrays.copyOf(ek, ek.length - 1), m), "too short");
        ek[0] = (byte) 0xff;
        ek[1] = (byte) 0xff;
        assertNull(MlKem1024.encapsulate(ek, m), "a coefficient above the modulus");
    }

    @Test
    void ed25519MatchesTheVectors() {
        for (JsonObject v : Vectors.cases("ed25519")) {
            byte[] secret = Ed25519.generate(new ScriptedRandom(hex(v, "seed")));
            byte[] data = hex(v, "data");
            assertArrayEquals(hex(v, "cosk_file"), secret);
            assertArrayEquals(hex(v, "public"), Ed25519.publicKey(secret));
            assertArrayEquals(hex(v, "signature"), Ed25519.sign(secret, data));
            assertTrue(Ed25519.verify(hex(v, "public"), data, hex(v, "signature")));

            data[0] ^= 1;
            assertFalse(Ed25519.verify(hex(v, "public"), data, hex(v, "signature")));
        }
    }

    @Test
    void ed25519RefusesWhatIsNoKey() {
        JsonObject v = Vectors.cases("ed25519").get(0);
        byte[] noPoint = new byte[Ed25519.PUBLIC_SIZE];
        Arrays.fill(noPoint, (byte) 0xff);
        assertFalse(Ed25519.verify(noPoint, hex(v, "data"), hex(v, "signature")));
        assertFalse(Ed25519.verify(new byte[31], hex(v, "data"), hex(v, "signature")));
        assertFalse(Ed25519.verify(hex(v, "public"), hex(v, "data"), new byte[63]));
    }

    @Test
    void agelasMatchesTheVectors() {
        for (JsonObject v : Vectors.cases("agelas")) {
            byte[] text = hex(v, "plaintext");
            try (Agelas agelas = new Agelas(hex(v, "key"))) {
                agelas.aad(hex(v, "aad"));
                agelas.encrypt(text, 0, text.length);
                assertArrayEquals(hex(v, "ciphertext"), text);
                assertArrayEquals(hex(v, "tag"), agelas.tag());
            }
            try (Agelas agelas = new Agelas(hex(v, "key"))) {
                agelas.aad(hex(v, "aad"));
                agelas.decrypt(text, 0, text.length);
                assertArrayEquals(hex(v, "plaintext"), text);
                assertArrayEquals(hex(v, "tag"), agelas.tag());
            }
        }
    }

    @Test
    void agelasIsAStream() {
        List<JsonObject> cases = Vectors.cases("agelas");
        JsonObject longest = cases.get(cases.size() - 1);
        byte[] text = hex(longest, "plaintext");
        assertTrue(text.length > 128, "longer than a block");
        try (Agelas agelas = new Agelas(hex(longest, "key"))) {
            agelas.aad(hex(longest, "aad"));
            for (int i = 0; i < text.length; i++) {
                agelas.encrypt(text, i, 1);
            }
            assertArrayEquals(hex(longest, "ciphertext"), text);
            assertArrayEquals(hex(longest, "tag"), agelas.tag());
        }
    }

    @Test
    void aesGcmMatchesItsSpecification() {
        // Test case 14 of the GCM specification: key, nonce and a block of zeroes.
        byte[] sealed = AesGcm.seal(new byte[32], new byte[12], new byte[0], new byte[16]);
        assertArrayEquals(
                HexFormat.of().parseHex("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"), sealed);
        assertArrayEquals(new byte[16], AesGcm.open(new byte[32], new byte[12], new byte[0], sealed));
        sealed[31] ^= 1;
        assertNull(AesGcm.open(new byte[32], new byte[12], new byte[0], sealed), "another tag");
        assertNull(AesGcm.open(new byte[32], new byte[12], new byte[0], new byte[15]), "no room for a tag");
    }

    @Test
    void randomNumbersAreReadLittleEndian() {
        assertEquals(0x04030201, new ScriptedRandom(new byte[] {1, 2, 3, 4}).nextInt());
        assertEquals(0xf807060504030201L, new ScriptedRandom(new byte[] {1, 2, 3, 4, 5, 6, 7, (byte) 0xf8}).nextLong());
    }

    @Test
    void secretsOfWrongLengthAreNamedButNotShown() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> Secrets.ofSize(new byte[] {42}, 32, "a KEK"));
        assertEquals("a KEK must have 32 bytes, not 1", e.getMessage());
        assertTrue(Secrets.isZero(new byte[4]));
        assertFalse(Secrets.isZero(new byte[] {0, 0, 1}));
    }
}
