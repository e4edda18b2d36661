package tier6.discovery.reliquary;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client against a server that behaves as section 18.1 says, and against some that do not. */
class ReliquaryClientTest {
    private static final long NOWHERE = 0x1234567890abcd00L;
    private static final byte[] COSK = HexFormat.of().parseHex("5a".repeat(32));

    private final AtomicLong time = new AtomicLong();
    private final List<Duration> pauses = new ArrayList<>();
    private TestReliquary server;
    private Registration account;
    private ReliquaryClient client;

    @BeforeEach
    void register() throws IOException {
        server = new TestReliquary(time::get);
        account = new ReliquaryClient(server.api()).register();
        client = client(account.access().token());
        time.addAndGet(10_000_000_000L);
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    /** A client whose pauses take no time but that of the server. */
    private ReliquaryClient client(String token) {
        return new ReliquaryClient(new Http(server.api(), this::pause), token);
    }

    private void pause(Duration length) {
        pauses.add(length);
        time.addAndGet(length.toNanos());
    }

    private static String refusal(Executable call) {
        String message = assertThrows(ReliquaryException.class, call).getMessage();
        assertFalse(message.matches("(?s).*[\\p{Cntrl}].*"), message);
        return message;
    }

    private static void assertSays(String part, String message) {
        assertTrue(message.contains(part), message);
    }

    @Test
    void anAccountIsMadeAndFoundAgain() throws Exception {
        assertTrue(account.accountKey().matches("[0-9a-f]{64}"));
        assertEquals("127.0.0.1:4500", account.access().cathedral());
        assertEquals(4470, account.access().natPort());
        assertFalse(account.toString().contains(account.accountKey()));
        assertFalse(account.toString().contains(account.access().token()));

        byte[] key = account.accountKey().getBytes(StandardCharsets.US_ASCII);
        assertTrue(ReliquaryClient.isAccountKey(key));
        Access again = client("").login(key);
        assertFalse(again.token().isEmpty());
        assertFalse(again.token().equals(account.access().token()));
        assertEquals(List.of(), client(again.token()).flocks());

        assertEquals("", client("").init().token());
        assertSays("knows no account with this key", refusal(() -> client("").login(new byte[64])));
    }

    @Test
    void accountKeysAreSixtyFourDigits() {
        assertFalse(ReliquaryClient.isAccountKey(new byte[0]));
        assertFalse(ReliquaryClient.isAccountKey("ab".repeat(31).getBytes(StandardCharsets.US_ASCII)));
        assertFalse(ReliquaryClient.isAccountKey("AB".repeat(32).getBytes(StandardCharsets.US_ASCII)));
        assertTrue(ReliquaryClient.isAccountKey("0f".repeat(32).getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aFlockLivesFromCreationToDeletion() throws Exception {
        long flock = client.createFlock();
        assertEquals(List.of(flock), client.flocks());
        assertEquals(List.of(), client.devices(flock));

        NewDevice joined = client("").join(flock | 0x42, COSK);
        TestReliquary.Member member =
                server.flocks.get(Hex.flock(flock)).members.get(Hex.device(joined.csId()));
        assertArrayEquals(COSK, member.cosk);
        assertArrayEquals(HexFormat.of().parseHex(member.secret), joined.cs());
        Instant created = Instant.ofEpochSecond(1790000000);
        assertEquals(List.of(new Device(joined.csId(), 0, false, created)), client.devices(flock));

        assertEquals(1, client.approve(flock, joined.csId()));
        assertEquals(List.of(new Device(joined.csId(), 1, true, created)), client.devices(flock));
        assertSays("was approved before", refusal(() -> client.approve(flock, joined.csId())));

        byte[] bundle = new byte[3756730];
        Arrays.fill(bundle, (byte) 3);
        client.uploadAmbry(flock, bundle);
        assertArrayEquals(bundle, server.flocks.get(Hex.flock(flock)).ambry);

        client.deleteDevice(flock, joined.csId());
        assertSays("there is no device", refusal(() -> client.deleteDevice(flock, joined.csId())));
        client.deleteFlock(flock);
        assertEquals(List.of(), client.flocks());
    }

    @Test
    void thereAreOnlySoManyFlocks() throws Exception {
        for (int i = 0; i < 3; i++) {
            client.createFlock();
        }
        assertSays("as many flocks as it may have", refusal(client::createFlock));
    }

    @Test
    void thereAreOnlySoManyKeks() throws Exception {
        long flock = client.createFlock();
        for (int i = 1; i <= 255; i++) {
            TestReliquary.Member member = new TestReliquary.Member("%08x".formatted(i), "", COSK);
            member.kek = i;
            server.flocks.get(Hex.flock(flock)).members.put(member.id, member);
        }
        NewDevice late = client("").join(flock, COSK);
        assertSays("no kek-id left", refusal(() -> client.approve(flock, late.csId())));
    }

    @Test
    void anUnknownFlockCanBeJoinedButNotApproved() throws Exception {
        NewDevice fake = client("").join(NOWHERE, COSK);
        assertEquals(32, fake.cs().length);
        assertFalse(fake.toString().contains(HexFormat.of().formatHex(fake.cs())));
        String message = refusal(() -> client.approve(NOWHERE, fake.csId()));
        assertSays("1234567890abcd00 is not one of this account, it has none", message);
    }

    @Test
    void whatBelongsToOthersIsNamed() throws Exception {
        long mine = client.createFlock();
        ReliquaryClient other = client(client("").register().access().token());
        long theirs = other.createFlock();
        NewDevice device = other.join(theirs, COSK);
        for (Executable attempt : List.<Executable>of(
                () -> client.devices(theirs),
                () -> client.approve(theirs, device.csId()),
                () -> client.deleteDevice(theirs, device.csId()),
                () -> client.uploadAmbry(theirs, new byte[3756730]),
                () -> client.deleteFlock(theirs))) {
            assertSays(Hex.flock(theirs) + " is not one of this account, it has " + Hex.flock(mine), refusal(attempt));
        }
        assertFalse(server.flocks.get(Hex.flock(theirs)).members.get(Hex.device(device.csId())).approved);
        assertSays("without a reason", refusal(() -> client.uploadAmbry(mine, new byte[5])));
    }

    @Test
    void expiryAndUnknownTokensAreToldApart() throws Exception {
        long flock = client.createFlock();
        assertSays(
                "does not know this device's token",
                refusal(() -> client("0".repeat(32)).flocks()));
        assertSays(
                "does not know this device's token",
                refusal(() -> client("0".repeat(32)).devices(flock)));
        int before = server.requests.size();
        assertSays("has no account", refusal(() -> client("").flocks()));
        assertEquals(before, server.requests.size(), "nothing is asked without a token");
        server.expired = true;
        assertSays("has expired: prolong it at https://127.0.0.1/account/login", refusal(client::cathedrals));
        assertSays("has expired", refusal(() -> client.devices(flock)));
        assertSays("has expired", refusal(() -> client.approve(flock, 1)));
    }

    @Test
    void whatIsTooFastIsAskedAgainLater() throws Exception {
        long flock = client.createFlock();
        assertEquals(List.of(flock), client.flocks());
        assertEquals(List.of(), pauses);
        assertEquals(List.of(flock), client.flocks());
        assertEquals(List.of(Duration.ofMillis(1100)), pauses);
        assertEquals(1, server.flocks.size());
    }

    @Test
    void patienceEnds() {
        pauses.clear();
        ReliquaryClient stubborn = new ReliquaryClient(
                new Http(server.api(), pauses::add), account.access().token());
        String message = refusal(() -> {
            for (int i = 0; i < 3; i++) {
                stubborn.flocks();
            }
        });
        assertSays("(429): wait some minutes", message);
        assertEquals(4, pauses.size());
        for (int i = 1; i < pauses.size(); i++) {
            assertEquals(pauses.get(i - 1).multipliedBy(2), pauses.get(i));
        }
        stubborn.close();
    }

    @Test
    void cathedralsHaveNamesOrNot() throws Exception {
        server.cathedrals =
                "Amsterdam - north - 192.0.2.1:4500\n\n192.0.2.2:4501\nrubbish\nEvil\u001b[2J - 192.0.2.3:1\n";
        assertEquals(
                List.of(
                        new Cathedral("Amsterdam - north", "192.0.2.1:4500"),
                        new Cathedral("", "192.0.2.2:4501"),
                        new Cathedral("Evil [2J", "192.0.2.3:1")),
                client.cathedrals());
        server.cathedrals = "";
        assertEquals(List.of(), client.cathedrals());
        server.cathedrals = "192.0.2.2:4501\n".repeat(1000);
        assertEquals(64, client.cathedrals().size());
        server.cathedrals = "<html>";
        assertSays("does not answer as a Reliquary does", refusal(client::cathedrals));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "<html>welcome</html>",
                "{\"flocks\": 7}",
                "{\"flocks\": [7]}",
                "{\"flocks\": [{}]}",
                "{\"flocks\": [{\"id\": null}]}",
                "{\"flocks\": [{\"id\": [\"00112233445566700\"]}]}",
                "{\"flocks\": [{\"id\": \"../../../../etc00\"}]}",
                "{\"flocks\": [{\"id\": \"0011223344556677\"}]}"
            })
    void anAnswerIsNotBelievedUnseen(String body) throws Exception {
        try (Stranger stranger = new Stranger(200, body.getBytes(StandardCharsets.UTF_8))) {
            assertSays(
                    "127.0.0.1 does not answer as a Reliquary does",
                    refusal(() -> stranger.client("0".repeat(32)).flocks()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cathedral_id\": \"../../ab\", \"cathedral_secret\": \"%s\", \"flock\": \"1234567890abcd00\"}",
                "{\"cathedral_id\": \"0a000001\", \"cathedral_secret\": \"%s0\", \"flock\": \"1234567890abcd00\"}",
                "{\"cathedral_id\": \"0a000001\", \"cathedral_secret\": \"%s\", \"flock\": \"1234567890abce00\"}",
                "{\"cathedral_id\": 12345678, \"flock\": \"1234567890abcd00\"}"
            })
    void anIdentityIsNotBelievedUnseen(String body) throws Exception {
        byte[] bytes = body.formatted("00".repeat(32)).getBytes(StandardCharsets.UTF_8);
        try (Stranger stranger = new Stranger(200, bytes)) {
            assertSays("does not answer as", refusal(() -> stranger.client("").join(NOWHERE, COSK)));
        }
    }

    @Test
    void otherServersAreRecognised() throws Exception {
        try (Stranger stranger = new Stranger(404, "<h1>Not here</h1>\n".getBytes(StandardCharsets.UTF_8))) {
            assertSays(
                    "status 404: check that the address",
                    refusal(() -> stranger.client("").init()));
        }
        try (Stranger stranger = new Stranger(502, new byte[0])) {
            assertSays(
                    "a problem of its own (502): try again later",
                    refusal(() -> stranger.client("").init()));
        }
        try (Stranger stranger = new Stranger(302, new byte[0])) {
            assertSays(
                    "status 302: check that the address",
                    refusal(() -> stranger.client("").init()));
        }
        try (Stranger stranger = new Stranger(400, "no \u001b[31m".getBytes(StandardCharsets.UTF_8))) {
            assertSays(
                    "status 400, 'no [31m'", refusal(() -> stranger.client("").init()));
        }
        try (Stranger stranger = new Stranger(200, new byte[1 << 20])) {
            assertSays(
                    "longer than 262144 bytes",
                    refusal(() -> stranger.client("").init()));
        }
    }

    @Test
    void aBrokenNetworkIsNamed() throws Exception {
        URI nobody = URI.create("http://127.0.0.1:" + freePort() + "/v1");
        assertSays("no connection to 127.0.0.1:" + nobody.getPort(), refusal(() -> new ReliquaryClient(nobody).init()));
        assertSays(
                "no address is known for nowhere.invalid",
                refusal(() -> new ReliquaryClient(URI.create("https://nowhere.invalid/v1")).init()));
        try (Rough rude = new Rough(Socket::close)) {
            assertSays("the connection to 127.0.0.1 broke", refusal(() -> new ReliquaryClient(rude.api()).init()));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Also when the headers come and the body does not. */
    @Test
    void aHostThatHangsIsLeft() throws Exception {
        byte[] half = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{".getBytes(StandardCharsets.US_ASCII);
        try (Rough slow = new Rough(socket -> socket.getOutputStream().write(half))) {
            Http impatient = new Http(slow.api(), Http.Pause.real(), Duration.ofMillis(500));
            assertSays("did not answer within", refusal(() -> new ReliquaryClient(impatient, "").init()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vessel.example/v1",
                "ftp://vessel.example/v1",
                "https:///v1",
                "https://a b/v1",
                "/v1",
                "https://me:secret@vessel.example/v1",
                "https://vessel.example/v1?x",
                "http://vessel.example/v1"
            })
    void anAddressMustBeOne(String text) {
        assertSays("write https://", refusal(() -> Apis.parse(text)));
    }

    @Test
    void anAddressIsTakenAsWritten() throws Exception {
        assertEquals(
                "https://vessel.example/v1",
                Apis.parse("https://vessel.example/v1/").toString());
        assertEquals(
                "http://127.0.0.1:8888/v1",
                Apis.parse("http://127.0.0.1:8888/v1").toString());
    }

    /** A server that does something to each connection and leaves it at that. */
    private static final class Rough implements AutoCloseable {
        private interface Deed {
            void to(Socket socket) throws IOException;
        }

        private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        private final List<Socket> held = new ArrayList<>();
        private final Thread thread;

        Rough(Deed deed) throws IOException {
            thread = new Thread(() -> {
                try {
                    while (true) {
                        Socket socket = server.accept();
                        held.add(socket);
                        deed.to(socket);
                    }
                } catch (IOException e) {
                    // The test is over.
                }
            });
            thread.start();
        }

        URI api() {
            return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
        }

        @Override
        public void close() throws IOException {
            server.close();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    /** A server that says the same to everybody. */
    private final class Stranger implements AutoCloseable {
        private final HttpServer http;

        Stranger(int status, byte[] body) throws IOException {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.createContext("/", exchange -> {
                exchange.getRequestBody().readAllBytes();
                exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
                try (exchange) {
                    exchange.getResponseBody().write(body);
                } catch (IOException e) {
                    // The client has heard enough.
                }
            });
            http.start();
        }

        ReliquaryClient client(String token) {
            URI api = URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/v1");
            return new ReliquaryClient(new Http(api, ReliquaryClientTest.this::pause), token);
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }
}
