package tier6.sanctum.offer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tier6.sanctum.Vectors.hex;
import static tier6.sanctum.Vectors.id;
import static tier6.sanctum.Vectors.id32;
import static tier6.sanctum.Vectors.text;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tier6.sanctum.ScriptedRandom;
import tier6.sanctum.Vectors;
import tier6.sanctum.crypto.AesGcm;
import tier6.sanctum.crypto.Ed25519;

/** Offers of every type and direction, as the C programs sent them. */
class OfferVectorsTest {

    /** The signing key of the client in the vectors; a test key, published with them. */
    private static final byte[] COSK = HexFormat.of()
            .parseHex("171c8fd8c8745af38eead15999f1d53a8a8d9a930772f464f68670589f62d9cd"
                    + "f38d162b217c48b729ad6a79ac665ec7e0ff4f18075536b6171cd03d4ae94a1d");

    static List<JsonObject> offers() {
        List<JsonObject> offers = new ArrayList<>(Vectors.cases("offers"));
        offers.add(Vectors.load("offer_type1_key_pilgrim").getAsJsonObject("offer"));
        return offers;
    }

    @Test
    void thereIsAnOfferOfEveryType() {
        Set<Integer> types = new HashSet<>();
        for (JsonObject v : offers()) {
            types.add(v.getAsJsonObject("fields").get("type").getAsInt());
        }
        assertEquals(Set.of(1, 2, 3, 4, 5, 6, 7), types);
    }

    @ParameterizedTest
    @MethodSource("offers")
    void opens(JsonObject v) throws OfferException {
        Offer offer = open(v);
        JsonObject header = v.getAsJsonObject("header");
        assertEquals(
                new OfferHeader(
                        id(header, "magic"), id(header, "flock_src"), id(header, "flock_dst"), id32(header, "spi")),
                offer.header());
        assertEquals(offer.header(), OfferHeader.read(hex(v, "datagram"), 0));
        assertEquals(v.getAsJsonObject("fields").get("timestamp").getAsLong(), offer.timestamp());
        assertArrayEquals(hex(v, "extra"), offer.extra());
        assertArrayEquals(Arrays.copyOf(hex(v, "plaintext"), Offer.DATA_SIZE), offer.data());
        assertFields(v.getAsJsonObject("fields"), offer);
        if (v.has("signature")) {
            byte[] key = hex(v.getAsJsonObject("signature"), "public_key");
            assertTrue(offer.signedBy(key));
            key[0] ^= 1;
            assertFalse(offer.signedBy(key));
        }
    }

    @ParameterizedTest
    @MethodSource("offers")
    void sealsTheSameDatagramAgain(JsonObject v) throws OfferException {
        Offer offer = open(v);
        byte[] seed = hex(v.getAsJsonObject("header"), "seed");
        ScriptedRandom random = new ScriptedRandom(offer.extra(), seed);
        try (OfferCipher cipher = cipher(v)) {
            assertArrayEquals(
                    hex(v, "datagram"), cipher.seal(offer.header(), offer.timestamp(), offer.body(), null, random));
            assertTrue(random.exhausted());
        }

        byte[] filler = offer.extra().clone();
        Arrays.fill(filler, 0, ExchangeBody.RANDOM_SIZE, (byte) 0x55);
        random = new ScriptedRandom(filler, seed);
        try (OfferCipher cipher = cipher(v)) {
            assertArrayEquals(
                    hex(v, "datagram"),
                    cipher.seal(offer.header(), offer.timestamp(), offer.body(), offer.exchangeRandom(), random));
        }
    }

    @Test
    void signsTheSameDatagramAgain() throws OfferException {
        int checked = 0;
        for (JsonObject v : offers()) {
            if (!v.has("signature") || id(v.getAsJsonObject("header"), "magic") == Magic.CATACOMB) {
                continue;
            }
            assertArrayEquals(Ed25519.publicKey(COSK), hex(v.getAsJsonObject("signature"), "public_key"));
            Offer offer = open(v);
            ScriptedRandom random = new ScriptedRandom(hex(v.getAsJsonObject("header"), "seed"));
            try (OfferCipher cipher = cipher(v)) {
                assertArrayEquals(
                        hex(v, "datagram"),
                        cipher.sealSigned(offer.header(), offer.timestamp(), offer.body(), COSK, random));
            }
            checked++;
        }
        assertEquals(3, checked);
    }

    @Test
    void resealsForAnotherCathedral() throws OfferException {
        int checked = 0;
        List<JsonObject> offers = offers();
        for (JsonObject v : offers) {
            if (!v.has("signature") || id(v.getAsJsonObject("header"), "magic") != Magic.CATACOMB) {
                continue;
            }
            JsonObject origin = offers.stream()
                    .filter(o ->
                            o != v && o.has("signature") && text(o, "extra").equals(text(v, "extra")))
                    .findFirst()
                    .orElseThrow();
            Offer fromClient = open(origin);
            ScriptedRandom random = new ScriptedRandom(hex(v.getAsJsonObject("header"), "seed"));
            try (OfferCipher cipher = cipher(v)) {
                // A federated liturgy names the client's flock twice (specification section 6.1).
                OfferHeader h = fromClient.header();
                Offer forwarded = fromClient.body() instanceof LiturgyBody
                        ? new Offer(
                                new OfferHeader(h.magic(), h.flockSrc(), h.flockSrc(), h.spi()),
                                fromClient.timestamp(),
                                fromClient.body(),
                                fromClient.data(),
                                fromClient.extra())
                        : fromClient;
                assertArrayEquals(hex(v, "datagram"), cipher.reseal(forwarded, Magic.CATACOMB, random));
            }
            checked++;
        }
        assertEquals(2, checked);
    }

    @Test
    void offerKeysMatchTheVectors() {
        OfferHeader header = new OfferHeader(Magic.SACRAMNT, 1, 2, 3);
        for (JsonObject v : Vectors.cases("offer_kdf")) {
            ScriptedRandom random = new ScriptedRandom(new byte[Offer.EXTRA_SIZE], hex(v, "seed"));
            byte[] datagram;
            try (OfferCipher cipher = cipher(text(v, "label"), hex(v, "secret"), id(v, "flock_a"), id(v, "flock_b"))) {
                datagram = cipher.seal(header, 1000, new P2pInfoBody(1, 2, 3, 4), null, random);
            }
            byte[] plain = AesGcm.open(
                    hex(v, "offer_key"),
                    AesGcm.nonceOfSingleUse(),
                    Arrays.copyOf(datagram, 92),
                    Arrays.copyOfRange(datagram, 92, Offer.SIZE));
            assertArrayEquals(
                    HexFormat.of().parseHex("0700000000000003e800000001000200030000000400"),
                    Arrays.copyOf(plain, 22),
                    text(v, "label"));
        }
    }

    private static Offer open(JsonObject v) throws OfferException {
        byte[] datagram = hex(v, "datagram");
        long now = v.getAsJsonObject("fields").get("timestamp").getAsLong();
        try (OfferCipher cipher = cipher(v)) {
            return cipher.open(datagram, 0, datagram.length, now);
        }
    }

    private static OfferCipher cipher(JsonObject v) {
        JsonObject keys = v.getAsJsonObject("keys");
        return cipher(text(keys, "kdf_label"), hex(keys, "secret"), id(keys, "kdf_flock_a"), id(keys, "kdf_flock_b"));
    }

    private static OfferCipher cipher(String label, byte[] secret, long flockA, long flockB) {
        return switch (label) {
            case "SANCTUM.SACRAMENT.KDF" -> OfferCipher.peer(secret, flockA, flockB);
            case "SANCTUM.CATHEDRAL.KDF" -> OfferCipher.cathedral(secret, flockA);
            case "SANCTUM.CATHEDRAL.CATACOMB" -> OfferCipher.catacomb(secret, flockA);
            case "SANCTUM.PILGRIMAGE.KDF" -> OfferCipher.pilgrimage(secret);
            default -> throw new AssertionError(label);
        };
    }

    private static void assertFields(JsonObject f, Offer offer) {
        assertEquals(f.get("type").getAsInt(), offer.body().type());
        if (offer.body() instanceof KeyBody body) {
            assertEquals(id(f, "id"), body.id());
            assertEquals(id32(f, "salt"), body.salt());
            assertArrayEquals(hex(f, "key"), body.key());
        } else if (offer.body() instanceof AmbryBody body) {
            assertEquals(id32(f, "tunnel"), body.tunnel());
            assertEquals(f.get("expires").getAsInt(), body.expires());
            assertEquals(id32(f, "generation"), body.generation());
            assertArrayEquals(hex(f, "seed"), body.seed());
            assertEquals(text(f, "wrapped_key") + text(f, "tag"), HexFormat.of().formatHex(body.wrapped()));
        } else if (offer.body() instanceof InfoBody body) {
            assertEquals(f.get("flags_le32").getAsInt(), body.flags());
            assertEquals(id32(f, "peer_ip_raw"), body.peerIp());
            assertEquals(id32(f, "peer_port_raw"), body.peerPort());
            assertEquals(id32(f, "local_ip_raw"), body.localIp());
            assertEquals(id32(f, "local_port_raw"), body.localPort());
            assertEquals(id32(f, "tunnel"), body.tunnel());
            assertEquals(id32(f, "ambry_generation"), body.ambryGeneration());
            assertEquals(id32(f, "rx_active_le32"), body.rxActive());
            assertEquals(Integer.reverseBytes(id32(f, "rx_pending_raw")), body.rxPending());
            assertEquals(id(f, "instance"), body.instance());
        } else if (offer.body() instanceof LiturgyBody body) {
            assertEquals(f.get("id").getAsInt(), body.id());
            assertEquals(id32(f, "group"), body.group());
            assertArrayEquals(hex(f, "peers"), body.peers());
            assertEquals(f.get("hidden").getAsInt(), body.hidden());
            assertEquals(Integer.reverseBytes(id32(f, "flags_raw")), body.flags());
        } else if (offer.body() instanceof RemembranceBody body) {
            assertEquals(2, body.count());
            assertEquals(text(f, "ips_raw").substring(0, 16), String.format("%08x%08x", body.ips()[0], body.ips()[1]));
            assertEquals(
                    text(f, "ports_raw").substring(0, 8), String.format("%04x%04x", body.ports()[0], body.ports()[1]));
        } else if (offer.body() instanceof ExchangeBody body) {
            assertEquals(id(f, "id"), body.id());
            assertEquals(id32(f, "spi"), body.spi());
            assertEquals(id32(f, "salt"), body.salt());
            assertEquals(f.get("state").getAsInt(), body.state());
            assertEquals(f.get("fragment").getAsInt(), body.fragment());
            assertArrayEquals(hex(f, "ecdh"), body.ecdh());
            assertArrayEquals(hex(f, "kem"), body.kem());
            assertArrayEquals(hex(f, "extra_random"), offer.exchangeRandom());
        } else if (offer.body() instanceof P2pInfoBody body) {
            assertEquals(id32(f, "ip_raw"), body.ip());
            assertEquals(id32(f, "port_raw"), body.port());
            assertEquals(id32(f, "tunnel"), body.tunnel());
            assertEquals(f.get("flags_be32").getAsInt(), body.flags());
        }
    }
}
