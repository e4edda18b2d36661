package tier6.transport.sanctum.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.transport.Link;
import tier6.api.transport.LinkStatus;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlaySocket;
import tier6.sanctum.file.Identity;
import tier6.sanctum.offer.AmbryBody;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.OfferBody;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.offer.OfferHeader;
import tier6.transport.sanctum.sim.SimHost;
import tier6.transport.sanctum.sim.SimNetwork;

/** What two C clients and a C cathedral said to each other (vector file cathedral_transcript): we say and hear the same. */
class CathedralTranscriptTest {
    private static final long FLOCK = 0x493abf95a07e0c0aL;
    private static final HexFormat HEX = HexFormat.of();

    private static JsonObject transcript;
    private static final Map<String, Identity> IDENTITIES = new HashMap<>();

    @BeforeAll
    static void read() throws IOException {
        try (Reader in = new InputStreamReader(
                CathedralTranscriptTest.class.getResourceAsStream("/cathedral_transcript.json"),
                StandardCharsets.UTF_8)) {
            transcript = JsonParser.parseReader(in).getAsJsonObject();
        }
        for (JsonElement element : transcript.getAsJsonArray("clients")) {
            JsonObject client = element.getAsJsonObject();
            IDENTITIES.put(
                    client.get("name").getAsString(),
                    new Identity(
                            FLOCK,
                            (int) number(client, "tunnel") >> 8,
                            (int) number(client, "cs_id"),
                            bytes(client, "cs"),
                            bytes(client, "cosk"),
                            bytes(client, "kek")));
        }
    }

    private static byte[] bytes(JsonObject object, String name) {
        return HEX.parseHex(object.get(name).getAsString());
    }

    private static long number(JsonObject object, String name) {
        return Long.parseUnsignedLong(object.get(name).getAsString(), 16);
    }

    private static List<JsonObject> events() {
        List<JsonObject> events = new ArrayList<>();
        JsonArray all = new JsonArray();
        all.addAll(transcript.getAsJsonArray("events"));
        all.addAll(transcript.getAsJsonArray("data_events"));
        all.forEach(event -> events.add(event.getAsJsonObject()));
        events.removeIf(event -> !event.has("fields")
                || !"info".equals(event.getAsJsonObject("fields").get("kind").getAsString()));
        return events;
    }

    @Test
    void saysTheSame() {
        int compared = 0;
        for (JsonObject event : events()) {
            JsonObject fields = event.getAsJsonObject("fields");
            JsonObject header = event.getAsJsonObject("header");
            InfoBody info = InfoBody.announce(
                    fields.get("flags_le32").getAsInt(),
                    (int) number(fields, "tunnel"),
                    (int) number(fields, "ambry_generation"),
                    (int) number(fields, "rx_active_le32"),
                    Integer.reverseBytes((int) number(fields, "rx_pending_raw")),
                    number(fields, "instance"));
            byte[] seed = bytes(header, "seed");
            CathedralClient client = new CathedralClient(
                    IDENTITIES.get(event.get("sender").getAsString()),
                    out -> System.arraycopy(seed, 0, out, 0, out.length));
            assertArrayEquals(
                    bytes(event, "datagram"),
                    client.announce(
                            number(header, "magic"),
                            FLOCK,
                            info,
                            fields.get("timestamp").getAsLong()),
                    event.get("what").getAsString());
            compared++;
        }
        assertEquals(12, compared);
    }

    @Test
    void hearsTheSame() throws OfferException {
        Map<String, Integer> heard = new HashMap<>();
        for (JsonObject event : events()) {
            for (JsonElement element : event.getAsJsonArray("cathedral_output")) {
                JsonObject output = element.getAsJsonObject();
                if (!output.has("recipient")) {
                    continue; // to another cathedral
                }
                JsonObject fields = output.getAsJsonObject("fields");
                String recipient = output.get("recipient").getAsString();
                CathedralClient client = new CathedralClient(IDENTITIES.get(recipient), out -> {});
                OfferBody body = client.open(
                        bytes(output, "datagram"), fields.get("timestamp").getAsLong() + 3);
                String kind = fields.get("kind").getAsString();
                heard.merge(kind, 1, Integer::sum);
                if (body instanceof InfoBody info) {
                    assertEquals((int) number(fields, "peer_ip_raw"), info.peerIp());
                    assertEquals((int) number(fields, "peer_port_raw"), info.peerPort());
                    assertEquals(fields.get("flags_le32").getAsInt(), info.flags());
                } else if (body instanceof AmbryBody ambry) {
                    assertNotNull(client.unwrap(FLOCK, ambry));
                }
                String other = recipient.equals("A") ? "B" : "A";
                CathedralClient stranger = new CathedralClient(IDENTITIES.get(other), out -> {});
                assertEquals(
                        OfferException.Reason.NOT_AUTHENTIC,
                        assertThrows(
                                        OfferException.class,
                                        () -> stranger.open(
                                                bytes(output, "datagram"),
                                                fields.get("timestamp").getAsLong()))
                                .reason());
            }
        }
        assertEquals(Map.of("remembrance", 4, "ambry", 2, "info", 7), heard);
    }

    /** A link takes the recorded answers from its cathedral, and from nobody else. */
    @Test
    void takesTheRecordedAmbry() throws IOException {
        JsonObject first = events().get(0);
        JsonObject ambry = null;
        for (JsonElement output : first.getAsJsonArray("cathedral_output")) {
            JsonObject fields = output.getAsJsonObject().getAsJsonObject("fields");
            if (fields != null && "ambry".equals(fields.get("kind").getAsString())) {
                ambry = output.getAsJsonObject();
            }
        }
        byte[] datagram = bytes(ambry, "datagram");
        SimNetwork network = new SimNetwork(
                1, first.getAsJsonObject("fields").get("timestamp").getAsLong() * 1000);
        SimHost cathedral = network.host("10.0.0.1");
        SimHost host = network.host("192.0.2.1");
        List<OfferHeader> headers = new ArrayList<>();
        List<Integer> generations = new ArrayList<>();
        InetSocketAddress address = new InetSocketAddress(cathedral.address(), 4500);
        SimTransport transport = new SimTransport(network, host, FLOCK, 8, IDENTITIES.get("A"), 1, event -> {});
        Link link = transport.connect(Peer.through(new PeerId(FLOCK, 9), address), frames -> {});
        OfferCipher cipher = OfferCipher.cathedral(IDENTITIES.get("A").cs(), FLOCK);
        InetSocketAddress[] client = new InetSocketAddress[1];
        UnderlayLoop loop = cathedral.open();
        UnderlaySocket socket = loop.open(address, (batch, from) -> {
            for (int i = 0; i < batch.count(); i++) {
                byte[] offer = batch.copy(i);
                OfferHeader header = OfferHeader.read(offer, 0);
                if (header.magic() == Magic.KATEDRAL) {
                    headers.add(header);
                    try {
                        InfoBody info = (InfoBody) cipher.open(offer, 0, offer.length, network.unixMillis() / 1000)
                                .body();
                        assertEquals(0x0809, info.tunnel());
                        generations.add(info.ambryGeneration());
                    } catch (OfferException e) {
                        throw new AssertionError(e);
                    }
                    client[0] = from;
                }
            }
        });
        UnderlaySocket forger = loop.open(new InetSocketAddress(cathedral.address(), 4502), (batch, from) -> {});
        network.add(() -> {
            try {
                loop.poll(1, 0);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return network.nanos() + 1_000_000_000L;
        });
        Batch answer = new Batch(0, 1, 1000);
        answer.append(datagram, 0, datagram.length);

        network.run(Duration.ofMillis(1500));
        forger.send(answer, client[0]);
        network.run(Duration.ofSeconds(1));
        assertEquals(LinkStatus.State.NO_SECRET, link.status().state());
        assertEquals(1, link.status().counters().get("drop-offer-stranger"));

        socket.send(answer, client[0]);
        network.run(Duration.ofSeconds(2));
        assertEquals(LinkStatus.State.CONNECTING, link.status().state());
        assertEquals(0, generations.get(0));
        assertEquals(
                ByteBuffer.wrap(bytes(ambry.getAsJsonObject("fields"), "generation"))
                        .getInt(),
                generations.get(generations.size() - 1));
        assertEquals(new OfferHeader(Magic.KATEDRAL, FLOCK, FLOCK, 0x0f056e10), headers.get(0));
    }

    @Test
    void knowsWhoIsMeant() throws OfferException {
        Identity a = IDENTITIES.get("A");
        CathedralClient client = new CathedralClient(a, out -> {});
        assertInstanceOf(
                InfoBody.class,
                client.open(client.announce(Magic.KATEDRAL, FLOCK, InfoBody.answer(0, 1, 1, 0, 0), 5), 5));
        CathedralClient other =
                new CathedralClient(new Identity(FLOCK, 8, a.csId() + 1, a.cs(), a.cosk(), a.kek()), out -> {});
        assertNull(client.open(other.announce(Magic.KATEDRAL, FLOCK, InfoBody.answer(0, 1, 1, 0, 0), 5), 5));
    }
}
