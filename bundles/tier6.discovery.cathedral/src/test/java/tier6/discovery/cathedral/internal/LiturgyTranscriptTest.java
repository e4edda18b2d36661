package tier6.discovery.cathedral.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tier6.api.discovery.PeerSink;
import tier6.api.event.NodeEvent;
import tier6.api.frame.Batch;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlaySocket;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.Remembrance;
import tier6.sanctum.offer.LiturgyBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferHeader;
import tier6.transport.sanctum.sim.SimHost;
import tier6.transport.sanctum.sim.SimNetwork;

/** The liturgies that a C client and a C cathedral exchanged (vector file cathedral_transcript): we say and hear the same. */
class LiturgyTranscriptTest {
    private static final long FLOCK = 0x493abf95a07e0c0aL;
    private static final HexFormat HEX = HexFormat.of();

    private final List<JsonObject> events = new ArrayList<>();
    private Identity identity;
    private SimNetwork network;
    private SimHost cathedral;
    private InetSocketAddress address;
    private UnderlaySocket voice;
    private UnderlaySocket stranger;

    // What the search was heard to do.
    private final List<byte[]> asked = new ArrayList<>();
    private InetSocketAddress asker;
    private final List<Peer> announced = new ArrayList<>();
    private final List<PeerId> withdrawn = new ArrayList<>();
    private final List<NodeEvent> happened = new ArrayList<>();
    private final List<Remembrance> remembered = new ArrayList<>();
    private CathedralSearch search;

    @BeforeEach
    void read() throws IOException {
        JsonObject transcript;
        try (Reader in = new InputStreamReader(
                getClass().getResourceAsStream("/cathedral_transcript.json"), StandardCharsets.UTF_8)) {
            transcript = JsonParser.parseReader(in).getAsJsonObject();
        }
        transcript.getAsJsonArray("liturgy_events").forEach(event -> events.add(event.getAsJsonObject()));
        JsonObject a = transcript.getAsJsonArray("clients").get(0).getAsJsonObject();
        identity = new Identity(FLOCK, 8, 0x0f056e10, bytes(a, "cs"), bytes(a, "cosk"), new byte[0]);
    }

    private static byte[] bytes(JsonObject object, String name) {
        return HEX.parseHex(object.get(name).getAsString());
    }

    private static long timestamp(JsonObject event) {
        return event.getAsJsonObject("fields").get("timestamp").getAsLong();
    }

    @Test
    void saysTheSame() {
        for (JsonObject event : events) {
            if (!event.get("sender").getAsString().equals("LA")) {
                continue;
            }
            JsonObject fields = event.getAsJsonObject("fields");
            // The C client fills a field that discovery does not use.
            LiturgyBody body =
                    new LiturgyBody(8, Wishes.USUAL_GROUP, bytes(fields, "peers"), 0, LiturgyBody.WANT_REMEMBRANCE);
            byte[] seed = bytes(event.getAsJsonObject("header"), "seed");
            RandomSource random = out -> System.arraycopy(seed, 0, out, 0, out.length);
            assertArrayEquals(
                    bytes(event, "datagram"),
                    OfferCipher.cathedral(identity.cs(), FLOCK)
                            .sealSigned(
                                    new OfferHeader(Magic.KATEDRAL, FLOCK, 0, identity.csId()),
                                    timestamp(event),
                                    body,
                                    identity.cosk(),
                                    random));
        }
    }

    private void begin(JsonObject event) throws IOException {
        network = new SimNetwork(1, timestamp(event) * 1000);
        cathedral = network.host("10.0.0.1");
        SimHost host = network.host("192.0.2.1");
        address = new InetSocketAddress(cathedral.address(), 4500);
        UnderlayLoop ears = cathedral.open();
        voice = ears.open(address, (batch, from) -> {
            asker = from;
            for (int i = 0; i < batch.count(); i++) {
                asked.add(batch.copy(i));
            }
        });
        stranger = ears.open(new InetSocketAddress(cathedral.address(), 4501), (batch, from) -> {});
        UnderlayLoop loop = host.open();
        PeerSink sink = new PeerSink() {
            @Override
            public void announce(Peer peer) {
                announced.add(peer);
            }

            @Override
            public void withdraw(PeerId id) {
                withdrawn.add(id);
            }
        };
        search = new CathedralSearch(
                identity,
                Wishes.USUAL,
                address,
                CathedralSearch.NOTHING_REMEMBERED,
                host.address(),
                loop,
                SimNode.clock(network),
                RandomSource.secure(),
                sink,
                happened::add,
                remembered::add);
        network.add(() -> {
            try {
                ears.poll(1, 0);
                return search.run(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void answer(JsonObject event, UnderlaySocket from) {
        for (JsonElement element : event.getAsJsonArray("cathedral_output")) {
            JsonObject output = element.getAsJsonObject();
            if (output.has("recipient")) {
                byte[] datagram = bytes(output, "datagram");
                Batch batch = new Batch(0, 1, 1000);
                batch.append(datagram, 0, datagram.length);
                from.send(batch, asker);
            }
        }
        network.run(Duration.ofMillis(100));
    }

    @Test
    void hearsTheSame() throws Exception {
        JsonObject alone = events.get(0);
        JsonObject seesB = events.get(3);
        begin(alone);
        network.run(Duration.ofMillis(500));
        OfferHeader header = OfferHeader.read(asked.get(0), 0);
        assertEquals(new OfferHeader(Magic.KATEDRAL, FLOCK, 0, 0x0f056e10), header);
        LiturgyBody body = (LiturgyBody) OfferCipher.cathedral(identity.cs(), FLOCK)
                .open(asked.get(0), 0, asked.get(0).length, timestamp(alone))
                .body();
        assertEquals(8, body.id());
        assertEquals(1, body.group());
        assertEquals(LiturgyBody.WANT_REMEMBRANCE, body.flags());
        assertArrayEquals(new byte[LiturgyBody.PEERS], body.peers());

        answer(alone, stranger);
        assertEquals(List.of(), happened);
        answer(alone, voice);
        assertEquals(List.of(new NodeEvent.NodeAnnounced(address)), happened);
        assertEquals(List.of(), announced);
        assertEquals(
                List.of(new Remembrance(
                        List.of(new InetSocketAddress("10.0.0.1", 4500), new InetSocketAddress("10.0.0.2", 4500)))),
                remembered);
        assertEquals(2, search.cathedrals().size());

        network.run(Duration.ofSeconds(3));
        answer(seesB, voice);
        assertEquals(List.of(Peer.through(new PeerId(FLOCK, 9), address)), announced);
        assertEquals(List.of(), withdrawn);
        assertEquals("1 peer through 10.0.0.1:4500, heard 0 s ago", search.status());
    }
}
