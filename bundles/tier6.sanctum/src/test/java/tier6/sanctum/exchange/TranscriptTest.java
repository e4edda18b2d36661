package tier6.sanctum.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tier6.sanctum.Vectors.digits;
import static tier6.sanctum.Vectors.hex;
import static tier6.sanctum.Vectors.id;
import static tier6.sanctum.Vectors.id32;
import static tier6.sanctum.Vectors.text;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tier6.sanctum.Vectors;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.X25519;
import tier6.sanctum.kdf.BaseKey;
import tier6.sanctum.kdf.Purpose;
import tier6.sanctum.kdf.TrafficKey;
import tier6.sanctum.offer.ExchangeBody;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.session.DataHeader;
import tier6.sanctum.session.RxSession;
import tier6.sanctum.session.SessionKey;
import tier6.sanctum.session.TxSession;

/** Replays the exchanges that were recorded between the C programs. */
class TranscriptTest {

    /**
     * Hands out recorded draws. Each length has its own queue, because we draw in the order of libkyrka but for draws of
     * different lengths: it draws flocks behind the seed, and draws them even if it does not use them.
     */
    private static final class RecordedRandom implements RandomSource {
        private final Map<Integer, Deque<byte[]>> draws = new HashMap<>();

        void add(byte[] draw) {
            draws.computeIfAbsent(draw.length, n -> new ArrayDeque<>()).add(draw);
        }

        @Override
        public void fill(byte[] out) {
            byte[] draw = draws.getOrDefault(out.length, new ArrayDeque<>()).poll();
            assertNotNull(draw, "nothing recorded for a draw of " + out.length);
            System.arraycopy(draw, 0, out, 0, out.length);
        }
    }

    private static final class Party implements KeyExchange.Output, KeyExchange.Traffic {
        final List<String> sent = new ArrayList<>();
        final List<byte[]> fresh = new ArrayList<>();
        final RecordedRandom random = new RecordedRandom();
        KeyExchange exchange;
        SessionKey rx;
        SessionKey tx;

        @Override
        public void send(byte[] datagram) {
            sent.add(digits(datagram));
            fresh.add(datagram);
        }

        @Override
        public void installRx(SessionKey key) {
            rx = new SessionKey(key.key().clone(), key.spi(), key.salt());
        }

        @Override
        public void installTx(SessionKey key) {
            tx = new SessionKey(key.key().clone(), key.spi(), key.salt());
        }

        @Override
        public void destroyKeys(KeyExchange.Loss why) {
            throw new AssertionError(why);
        }

        @Override
        public long received() {
            return 0;
        }

        @Override
        public long receivedUnderNewest() {
            return 0;
        }

        @Override
        public long sent() {
            return 0;
        }

        List<byte[]> takeSent() {
            List<byte[]> taken = new ArrayList<>(fresh);
            fresh.clear();
            return taken;
        }

        void receive(List<byte[]> datagrams, long nowMillis) throws Exception {
            for (byte[] datagram : datagrams) {
                assertTrue(exchange.receive(datagram, 0, datagram.length, nowMillis));
            }
        }
    }

    /**
     * Both sides of an exchange between two libkyrka contexts, byte for byte. libkyrka answers with its next tick where we
     * answer at once; what A sends is the same if B's datagrams take until the next second.
     */
    @ParameterizedTest
    @CsvSource({"kex_transcript_direct,0,0", "kex_transcript_flock,102,201"})
    void twoLibkyrkaContexts(String name, String tunnelA, String tunnelB) throws Exception {
        JsonObject file = Vectors.load(name);
        boolean direct = name.endsWith("direct");
        Map<String, Party> parties = Map.of("A", new Party(), "B", new Party());
        for (Map.Entry<String, Party> entry : parties.entrySet()) {
            byte[] id = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(id(file.getAsJsonObject("local_ids"), entry.getKey()))
                    .array();
            entry.getValue().random.add(id);
        }
        for (JsonElement draw : file.getAsJsonArray("random_draws")) {
            JsonObject o = draw.getAsJsonObject();
            parties.get(text(o, "by")).random.add(hex(o, "bytes"));
        }
        long start = file.get("realtime_start").getAsLong() * 1000;
        Party a = parties.get("A");
        Party b = parties.get("B");
        a.exchange = exchange(a, direct, file, "A", tunnelA);
        b.exchange = exchange(b, direct, file, "B", tunnelB);
        for (Party party : parties.values()) {
            party.exchange.secret(hex(file, "shared_secret"), false, start);
        }

        a.exchange.tick(start + 1000, a);
        b.receive(a.takeSent(), start + 1000);
        a.receive(b.takeSent(), start + 2000);
        b.receive(a.takeSent(), start + 2000);
        a.exchange.tick(start + 2000, a);
        b.exchange.tick(start + 2000, b);
        a.exchange.tick(start + 3000, a);
        b.exchange.tick(start + 3000, b);

        Map<String, List<String>> recorded = Map.of("A", new ArrayList<>(), "B", new ArrayList<>());
        for (JsonElement event : file.getAsJsonArray("events")) {
            recorded.get(text(event.getAsJsonObject(), "from")).add(text(event.getAsJsonObject(), "datagram"));
        }
        assertEquals(12, recorded.get("A").size());
        assertEquals(16, recorded.get("B").size());
        JsonObject keys = file.getAsJsonObject("session_keys");
        for (Map.Entry<String, Party> entry : parties.entrySet()) {
            Party party = entry.getValue();
            assertEquals(recorded.get(entry.getKey()), party.sent, entry.getKey());
            JsonObject result = file.getAsJsonObject("result").getAsJsonObject(entry.getKey());
            boolean isA = entry.getKey().equals("A");
            assertEquals(text(keys, isA ? "B_to_A" : "A_to_B"), digits(party.rx.key()));
            assertEquals(text(keys, isA ? "A_to_B" : "B_to_A"), digits(party.tx.key()));
            assertEquals(id32(result, "rx_spi"), party.rx.spi());
            assertEquals(id32(result, "tx_spi"), party.tx.spi());
            assertEquals(id32(result, "rx_salt"), party.rx.salt());
            assertEquals(id32(result, "tx_salt"), party.tx.salt());
        }
    }

    private static KeyExchange exchange(Party party, boolean direct, JsonObject file, String who, String tunnel) {
        KeyExchange.Parameters parameters = direct
                ? KeyExchange.Parameters.direct()
                : new KeyExchange.Parameters(
                        id(file, "flock_" + who),
                        id(file, "flock_" + (who.equals("A") ? "B" : "A")),
                        Integer.parseInt(tunnel, 16));
        return new KeyExchange(parameters, party.random, party);
    }

    /**
     * libkyrka with a real sanctum daemon. The draws were not recorded, so this plays libkyrka's half with the X25519 keys
     * that were, checks that each datagram opens and belongs together, and compares keys and data packets.
     */
    @Test
    void libkyrkaAndSanctum() throws Exception {
        JsonObject file = Vectors.load("kex_transcript_sanctum_kyrka");
        byte[] secret = hex(file, "shared_secret");
        long flock = id(file, "flock");
        Map<String, FragmentSet> sets = new HashMap<>();
        int completed = 0;
        try (OfferCipher cipher = OfferCipher.peer(secret, flock, flock)) {
            for (JsonElement element : file.getAsJsonArray("events")) {
                JsonObject event = element.getAsJsonObject();
                byte[] datagram = hex(event, "datagram");
                Offer offer = cipher.open(
                        datagram,
                        0,
                        datagram.length,
                        1767225600L + event.get("t_seconds").getAsLong());
                ExchangeBody body = (ExchangeBody) offer.body();
                FragmentSet set = sets.computeIfAbsent(text(event, "from") + body.state(), key -> new FragmentSet());
                completed += set.add(offer, body) ? 1 : 0;
                assertTrue(set.belongs(offer, body));
            }
        }
        assertEquals(4, completed);

        JsonObject result = file.getAsJsonObject("result");
        JsonObject rx = file.getAsJsonArray("traffic_kdf_kyrka_side").get(0).getAsJsonObject();
        JsonObject tx = file.getAsJsonArray("traffic_kdf_kyrka_side").get(1).getAsJsonObject();
        SessionKey rxKey = kyrkaKey(
                rx,
                sets.get("kyrka2"),
                sets.get("sanctum1"),
                id32(result, "kyrka_rx"),
                sets.get("kyrka1").salt());
        SessionKey txKey = kyrkaKey(
                tx,
                sets.get("kyrka1"),
                sets.get("sanctum2"),
                id32(result, "kyrka_tx"),
                sets.get("sanctum1").salt());
        assertEquals(text(rx, "session_key"), digits(rxKey.key()));
        assertEquals(text(tx, "session_key"), digits(txKey.key()));
        assertEquals(sets.get("kyrka1").spi(), rxKey.spi());
        assertEquals(sets.get("sanctum1").spi(), txKey.spi());

        TxSession sender = new TxSession(txKey, flock, flock, 0);
        RxSession sanctum = new RxSession(txKey, flock, flock, 64);
        RxSession kyrka = new RxSession(rxKey, flock, flock, 64);
        byte[] out = new byte[2048];
        for (JsonElement element : file.getAsJsonArray("data")) {
            JsonObject packet = element.getAsJsonObject();
            String what = text(packet, "what");
            byte[] datagram = hex(packet, "datagram");
            boolean fromKyrka = what.startsWith("kyrka");
            int length = (fromKyrka ? sanctum : kyrka).open(datagram, 0, datagram.length, out, 0);
            assertEquals(datagram.length - DataHeader.OVERHEAD, length, what);
            if (fromKyrka) {
                byte[] sealed = new byte[datagram.length];
                sender.seal(0, sender.reserve(1), out.clone(), 0, length, sanctum.lastNext(), sealed, 0);
                assertEquals(digits(datagram), digits(sealed));
            } else {
                assertEquals(text(packet, "payload"), digits(Arrays.copyOf(out, length)), what);
                assertEquals(
                        packet.get("kyrka_delivers").getAsBoolean() ? DataHeader.NEXT_FRAME : DataHeader.NEXT_GRACE,
                        kyrka.lastNext(),
                        what);
            }
        }
    }

    /** The key of one direction from libkyrka's X25519 secret and what both sides sent; libkyrka has the larger id. */
    private static SessionKey kyrkaKey(JsonObject kdf, FragmentSet kyrka, FragmentSet sanctum, int spi, int salt) {
        byte[] shared = X25519.agree(hex(kdf, "x25519_private"), sanctum.ecdh());
        assertEquals(text(kdf, "x25519_shared"), digits(shared));
        byte[] base = BaseKey.derive(
                hex(kdf, "shared_secret"),
                Purpose.valueOf(text(kdf, "purpose")),
                id(kdf, "flock_src"),
                id(kdf, "flock_dst"));
        byte[] key = TrafficKey.derive(
                base, shared, hex(kdf, "mlkem_shared"), kyrka.ecdh(), sanctum.ecdh(), kyrka.random(), sanctum.random());
        return new SessionKey(key, spi, salt);
    }
}
