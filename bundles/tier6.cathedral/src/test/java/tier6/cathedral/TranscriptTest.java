package tier6.cathedral;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.shroud.Shroud;

/**
 * What the C cathedral answered to recorded clients, asked of ours: byte for byte, with the randomness that the recording
 * shows. Two fields of INFO answers differ on purpose and are compared opened:
 *
 * <ul>
 *   <li>the client's own address, which the C cathedral garbles (specification section 6.2);
 *   <li>"same external address", which it says before any NAT probe succeeded (section 9.4).
 * </ul>
 *
 * <p>The C cathedral also sends up to three answers to an address that has sent one datagram; ours is allowed to here.
 */
class TranscriptTest {
    private static final long FLOCK = 0x493abf95a07e0c0aL;
    private static final int AS_MUCH_AS_C = 3 * Offer.SIZE;
    private static final HexFormat HEX = HexFormat.of();

    @TempDir
    Path directory;

    private final Deque<byte[]> draws = new ArrayDeque<>();
    private final Recorder recorder = new Recorder();
    private final Map<Integer, byte[]> secrets = new HashMap<>();
    private JsonObject ambryOf0809;
    private JsonObject ambryOf0908;
    /** Unix time of the first event, in milliseconds; the recordings have it in seconds. */
    private long start = 1767225600_000L;

    private long clock = start;
    private Disguise disguise = Disguise.NONE;
    private CathedralCore core;

    private final RandomSource scripted = out -> {
        byte[] next = draws.remove();
        assertEquals(next.length, out.length, "length of a draw");
        System.arraycopy(next, 0, out, 0, out.length);
    };

    @BeforeEach
    void ambries() throws IOException {
        ambries("cathedral_transcript");
    }

    private void ambries(String transcript) throws IOException {
        for (JsonElement event : load(transcript).getAsJsonArray("events")) {
            for (JsonObject out : outputs(event.getAsJsonObject())) {
                JsonObject fields = out.getAsJsonObject("fields");
                if (fields != null && fields.get("type").getAsInt() == 2) {
                    if (fields.get("tunnel").getAsString().equals("0809")) {
                        ambryOf0809 = fields;
                    } else {
                        ambryOf0908 = fields;
                    }
                }
            }
        }
    }

    @Test
    void answersAsTheCCathedralDoes() throws IOException, OfferException {
        JsonObject transcript = load("cathedral_transcript");
        start(
                transcript,
                transcript.get("settings_file").getAsString(),
                "10.0.0.1:4500",
                hex(transcript, "cathedral_secret_file"));
        for (String list : List.of("events", "data_events", "liturgy_events")) {
            for (JsonElement event : transcript.getAsJsonArray(list)) {
                replay(event.getAsJsonObject());
            }
        }
        long end = clock;
        checkPeers(transcript, "peers_119s_later_before_expiry", end + 119_000);
        checkPeers(transcript, "peers_121s_later", end + 121_000);
    }

    @Test
    void answersInAShroudAsTheCCathedralDoes() throws IOException, OfferException {
        JsonObject transcript = load("cathedral_transcript_shroud");
        ambries("cathedral_transcript_shroud");
        disguise = new Disguise(true, false, 1422);
        // As its time stamps show, this one did not begin with a second.
        start += 500;
        clock = start;
        start(
                transcript,
                transcript.get("settings_file").getAsString(),
                "10.0.0.1:4500",
                hex(transcript, "cathedral_secret_file"));
        for (String list : List.of("events", "data_events", "liturgy_events")) {
            for (JsonElement event : transcript.getAsJsonArray(list)) {
                replay(event.getAsJsonObject());
            }
        }
        long end = clock;
        checkPeers(transcript, "peers_119s_later_before_expiry", end + 119_000);
        checkPeers(transcript, "peers_121s_later", end + 121_000);
    }

    @Test
    void federatesAsTheCCathedralDoes() throws IOException, OfferException {
        JsonObject federation = load("cathedral_federation");
        start(
                load("cathedral_transcript"),
                federation.get("settings_cathedral_2").getAsString(),
                "10.0.0.2:4500",
                hex(federation, "sync_secret"));
        int i = 0;
        for (JsonElement element : federation.getAsJsonArray("events")) {
            JsonObject event = element.getAsJsonObject();
            if (event.has("t_ms")) {
                replay(event);
                continue;
            }
            byte[] datagram = hex(event, "datagram");
            core.receive(datagram, 0, datagram.length, Address.endpoint("10.0.0.9:4500"), clock);
            core.tick(clock);
            assertEquals(
                    event.get("federated_tunnels_when_sent_from_unknown_address")
                            .getAsInt(),
                    core.status().federatedTunnels(),
                    "from a stranger, event " + i);
            core.receive(datagram, 0, datagram.length, Address.endpoint("10.0.0.1:4500"), clock);
            core.tick(clock);
            assertEquals(
                    event.get("federated_tunnels").getAsInt(), core.status().federatedTunnels(), "event " + i);
            assertEquals(event.get("local_tunnels").getAsInt(), core.status().tunnels(), "event " + i);
            assertEquals(event.get("outputs").getAsInt(), recorder.take().size(), "event " + i);
            i++;
        }
        assertTrue(i > 0);
    }

    private void checkPeers(JsonObject transcript, String field, long at) {
        while (clock < at) {
            clock = Math.min(at, clock + 1000);
            core.tick(clock);
        }
        JsonObject expected = transcript.getAsJsonObject(field);
        assertEquals(expected.get("tunnels_local").getAsInt(), core.status().tunnels(), field);
        assertEquals(expected.get("liturgies_local").getAsInt(), core.status().liturgies(), field);
    }

    private void replay(JsonObject event) throws OfferException {
        while (clock + 1000 < start + event.get("t_ms").getAsLong()) {
            clock += 1000;
            core.tick(clock);
        }
        clock = start + event.get("t_ms").getAsLong();
        InetSocketAddress from = Address.endpoint(event.get("from").getAsString());
        byte[] datagram = wire(event);
        List<JsonObject> expected = outputs(event);
        expected.forEach(this::script);
        String what = event.get("t_ms") + " ms: " + event.get("what").getAsString();

        core.receive(datagram, 0, datagram.length, from, clock);

        List<Recorder.Sent> sent = recorder.take();
        assertEquals(expected.size(), sent.size(), what);
        for (int i = 0; i < sent.size(); i++) {
            JsonObject out = expected.get(i);
            assertEquals(
                    Address.endpoint(out.get("to").getAsString()), sent.get(i).to(), what);
            compare(out, sent.get(i), what + ", output " + i);
        }
        assertTrue(draws.isEmpty(), "draws left after " + what);
    }

    /** What was on the wire: in its shroud, if there is one. */
    private static byte[] wire(JsonObject datagram) {
        return datagram.has("shroud")
                ? hex(datagram.getAsJsonObject("shroud"), "datagram_shrouded")
                : hex(datagram, "datagram");
    }

    private void compare(JsonObject out, Recorder.Sent sent, String what) throws OfferException {
        Recorder.Sent ours = sent;
        byte[] theirs = wire(out);
        if (out.has("shroud")) {
            assertEquals(theirs.length, sent.datagram().length, what);
            assertArrayEquals(
                    Arrays.copyOf(theirs, Shroud.HEADER_SIZE),
                    Arrays.copyOf(sent.datagram(), Shroud.HEADER_SIZE),
                    what);
        }
        boolean infoAnswer = out.has("fields")
                && out.getAsJsonObject("fields").get("type").getAsInt() == 3
                && out.get("name").getAsString().equals("cathedral offer");
        if (!infoAnswer) {
            assertArrayEquals(theirs, ours.datagram(), what);
            return;
        }
        if (out.has("shroud")) {
            theirs = hex(out, "datagram");
            ours = new Recorder.Sent(unveiled(sent.datagram(), out), sent.to());
        }
        byte[] secret = secrets.get((int) id(out.getAsJsonObject("header"), "spi"));
        try (OfferCipher cipher = OfferCipher.cathedral(secret, FLOCK)) {
            Offer their = cipher.open(theirs, 0, theirs.length, clock / 1000);
            Offer our = cipher.open(ours.datagram(), 0, ours.datagram().length, clock / 1000);
            InfoBody body = (InfoBody) their.body();
            boolean tooEarly = body.flags() == InfoBody.SAME_ADDRESS;
            assertEquals(
                    InfoBody.answer(
                            tooEarly ? 0 : body.flags(),
                            body.peerIp(),
                            body.peerPort(),
                            Address.ip(ours.to()),
                            ours.to().getPort()),
                    our.body(),
                    what);
            assertEquals(their.header(), our.header(), what);
            assertEquals(their.timestamp(), our.timestamp(), what);
            assertArrayEquals(their.extra(), our.extra(), what);
        }
    }

    private byte[] unveiled(byte[] datagram, JsonObject out) {
        byte[] inner = new byte[datagram.length];
        byte[] secret = secrets.get((int) id(out.getAsJsonObject("header"), "spi"));
        try (Shroud shroud = Shroud.cathedral(secret, FLOCK, FLOCK)) {
            return Arrays.copyOf(inner, shroud.open(datagram, 0, datagram.length, inner, 0));
        }
    }

    /** The random numbers that the output was made with, in the order in which ours draws them. */
    private void script(JsonObject out) {
        if (out.has("header")) {
            JsonObject header = out.getAsJsonObject("header");
            boolean katedral = header.get("magic_ascii").getAsString().equals("KATEDRAL");
            if (katedral) {
                draws.add(hex(header, "flock_src"));
                draws.add(hex(header, "flock_dst"));
            }
            if (katedral || out.getAsJsonObject("fields").get("type").getAsInt() == 7) {
                draws.add(hex(out, "extra"));
            }
            draws.add(hex(header, "seed"));
        }
        if (out.has("shroud")) {
            JsonObject shroud = out.getAsJsonObject("shroud");
            draws.add(hex(shroud, "id"));
            draws.add(hex(shroud, "seed_id"));
            draws.add(hex(shroud, "seed_data"));
            draws.add(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(shroud.get("padding_zeroes").getAsInt())
                    .array());
        }
    }

    private void start(JsonObject transcript, String settings, String own, byte[] sync) throws IOException {
        Path secretDirectory = Files.createDirectories(directory.resolve("secrets/flock-493abf95a07e0c00"));
        for (JsonElement element : transcript.getAsJsonArray("clients")) {
            JsonObject client = element.getAsJsonObject();
            String name = client.get("cs_id").getAsString();
            secrets.put((int) id(client, "cs_id"), hex(client, "cs"));
            Files.write(secretDirectory.resolve(name + ".key"), hex(client, "cs"));
            Files.write(secretDirectory.resolve(name + ".pub"), hex(client, "cosk_public"));
        }
        Files.write(directory.resolve("b1"), bundle());
        Files.writeString(
                directory.resolve("settings"),
                settings.replace(
                        "/etc/cathedral/ambries/b1", directory.resolve("b1").toString()));
        InetSocketAddress address = Address.endpoint(own);
        RosterFiles files = new RosterFiles(directory.resolve("settings"), directory.resolve("secrets"), address);
        Roster roster = files.poll(start).orElseThrow();
        assertEquals(List.of(), files.problems());
        draws.add(new byte[8]);
        draws.add(new byte[8]);
        core = new CathedralCore(1, address, sync, true, disguise, AS_MUCH_AS_C, scripted, recorder);
        core.apply(roster, start);
    }

    /** A bundle with the two ambries of the recording; the others are empty. */
    private byte[] bundle() {
        ByteBuffer out = ByteBuffer.allocate(AmbryBundle.INTRA_SIZE);
        out.putShort((short) ambryOf0809.get("expires").getAsInt());
        out.put(hex(ambryOf0809, "generation")).put(hex(ambryOf0809, "seed"));
        for (int src = 1; src <= 255; src++) {
            for (int dst = 1; dst <= 255; dst++) {
                if (src != dst) {
                    out.putLong(FLOCK & ~0xff).putShort((short) (src << 8 | dst));
                    JsonObject known = src == 8 && dst == 9 ? ambryOf0809 : src == 9 && dst == 8 ? ambryOf0908 : null;
                    out.put(known == null ? new byte[32] : hex(known, "wrapped_key"));
                    out.put(known == null ? new byte[16] : hex(known, "tag"));
                }
            }
        }
        return out.array();
    }

    private static List<JsonObject> outputs(JsonObject event) {
        JsonArray array = event.getAsJsonArray("cathedral_output");
        return array == null
                ? List.of()
                : array.asList().stream().map(JsonElement::getAsJsonObject).toList();
    }

    private static JsonObject load(String name) throws IOException {
        try (InputStream in = TranscriptTest.class.getResourceAsStream("/vectors/" + name + ".json")) {
            return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .getAsJsonObject();
        }
    }

    private static byte[] hex(JsonObject holder, String field) {
        return HEX.parseHex(holder.get(field).getAsString());
    }

    private static long id(JsonObject holder, String field) {
        return Long.parseUnsignedLong(holder.get(field).getAsString(), 16);
    }
}
