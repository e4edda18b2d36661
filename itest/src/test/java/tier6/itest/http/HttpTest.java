package tier6.itest.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP server of a live node against its own description, as programs and as those who should not get in see it. */
@Timeout(120)
class HttpTest {
    private static final String DOCUMENT = "https://tier6.example/openapi.json";
    private static final String JSON = "application/json";

    @TempDir
    static Path directory;

    private static LiveMesh mesh;
    private static JsonObject description;
    private static JsonSchemaFactory schemas;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        mesh = new LiveMesh(directory, 2);
        mesh.start(1);
        mesh.start(2);
        mesh.makeTraffic();
        mesh.awaitTunnels(1);
        String text = send(request("/api/openapi.json")).body();
        description = JsonParser.parseString(text).getAsJsonObject();
        schemas = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(DOCUMENT, text))));
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    // Asking

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(mesh.address() + path));
    }

    private static HttpRequest.Builder authorized(String path) throws IOException {
        return request(path).header("Authorization", "Bearer " + mesh.token());
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(HttpRequest.Builder request, String type, String body)
            throws IOException, InterruptedException {
        return send(request.header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    // Judging

    /** Fails unless {@code text} is what the description says about that place of it. */
    private static void assertFits(String place, String text) {
        SchemaValidatorsConfig config =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        Set<ValidationMessage> mistakes = schemas.getSchema(SchemaLocation.of(DOCUMENT + "#" + place), config)
                .validate(text, InputFormat.JSON);
        assertEquals(Set.of(), mistakes, () -> place + " does not describe " + text);
    }

    /** Fails unless the answer to a request is one that the description has. */
    private static void assertDescribed(String path, String method, HttpResponse<String> answer) {
        JsonObject responses = description
                .getAsJsonObject("paths")
                .getAsJsonObject(path)
                .getAsJsonObject(method)
                .getAsJsonObject("responses");
        JsonElement response = responses.get("" + answer.statusCode());
        assertTrue(response != null, answer.statusCode() + " of " + path + " is not described: " + answer.body());
        String place = "/paths/" + path.replace("/", "~1") + "/" + method + "/responses/" + answer.statusCode();
        if (response.getAsJsonObject().has("$ref")) {
            place = response.getAsJsonObject().get("$ref").getAsString().substring(1);
            assertEquals(
                    "application/problem+json",
                    answer.headers().firstValue("Content-Type").orElseThrow());
            place += "/content/application~1problem+json/schema";
        } else {
            assertEquals(JSON, answer.headers().firstValue("Content-Type").orElseThrow());
            place += "/content/application~1json/schema";
        }
        assertFits(place, answer.body());
    }

    @Test
    void theDescriptionIsOpenApi() throws Exception {
        ParseOptions options = new ParseOptions();
        options.setResolve(true);
        SwaggerParseResult result = new OpenAPIV3Parser().readContents(description.toString(), null, options);
        assertEquals(List.of(), result.getMessages());
        assertEquals("3.1.0", result.getOpenAPI().getOpenapi());
        Set<String> operations = new HashSet<>();
        result.getOpenAPI()
                .getPaths()
                .forEach((path, item) -> item.readOperations()
                        .forEach(operation -> assertTrue(operations.add(operation.getOperationId()), path)));
        assertTrue(operations.containsAll(Set.of("status", "peers", "swap", "stream")), operations::toString);
    }

    /** Every resource that can be read without a parameter. */
    static List<String> readable() {
        return List.of(
                "status",
                "peers",
                "sources",
                "cathedrals",
                "ports",
                "macs",
                "counters",
                "events",
                "backends",
                "admission");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("readable")
    void whatIsAnsweredIsWhatIsDescribed(String resource) throws Exception {
        String path = "/api/v1/" + resource;
        HttpResponse<String> answer = send(authorized(path));
        assertEquals(200, answer.statusCode(), answer.body());
        assertDescribed(path, "get", answer);
        JsonElement json = JsonParser.parseString(answer.body());
        assertFalse(
                json.isJsonArray()
                        ? json.getAsJsonArray().isEmpty()
                        : json.getAsJsonObject().isEmpty(),
                path);
    }

    @Test
    void allThatIsReadableIsTried() {
        Set<String> described = new HashSet<>();
        description.getAsJsonObject("paths").entrySet().forEach(path -> {
            if (path.getValue().getAsJsonObject().has("get") && path.getKey().startsWith("/api/v1/")) {
                described.add(path.getKey().substring("/api/v1/".length()));
            }
        });
        described.remove("events/stream");
        assertEquals(Set.copyOf(readable()), described);
    }

    @Test
    void thePeersAreTheOthers() throws Exception {
        JsonArray peers =
                JsonParser.parseString(send(authorized("/api/v1/peers")).body()).getAsJsonArray();
        assertEquals(1, peers.size());
        JsonObject link = peers.get(0).getAsJsonObject().getAsJsonObject("link");
        assertEquals("c0ffee1234567800/02", link.get("peer").getAsString());
        assertEquals("up", link.get("state").getAsString());
    }

    @Test
    void eventsComeAsTheyHappen() throws Exception {
        HttpResponse<InputStream> answer =
                CLIENT.send(authorized("/api/v1/events/stream").build(), HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(
                "text/event-stream", answer.headers().firstValue("Content-Type").orElseThrow());
        List<String> kinds = new ArrayList<>();
        boolean traffic = false;
        boolean roundTrip = false;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            String event = "";
            while (!traffic || !roundTrip) {
                String line = lines.readLine();
                if (line.startsWith("event: ")) {
                    event = line.substring("event: ".length());
                } else if (line.startsWith("data: ")) {
                    String data = line.substring("data: ".length());
                    JsonObject json = JsonParser.parseString(data).getAsJsonObject();
                    if (event.equals("change")) {
                        assertFits("/components/schemas/Change", data);
                        kinds.add(json.getAsJsonObject("what").get("event").getAsString());
                    } else {
                        assertFits("/components/schemas/Rates", data);
                        for (JsonElement port : json.getAsJsonArray("ports")) {
                            traffic |= port.getAsJsonObject().get("bytesIn").getAsDouble() > 0;
                        }
                        roundTrip |=
                                !json.getAsJsonObject("roundTrips").entrySet().isEmpty();
                    }
                }
            }
        }
        assertTrue(kinds.containsAll(List.of("peer-found", "tunnel-up", "mac-learned")), kinds::toString);
    }

    @Test
    void whoComesBackHearsOnlyWhatIsNew() throws Exception {
        JsonArray all = JsonParser.parseString(
                        send(authorized("/api/v1/events")).body())
                .getAsJsonArray();
        long first = all.get(0).getAsJsonObject().get("id").getAsLong();
        JsonArray rest = JsonParser.parseString(
                        send(authorized("/api/v1/events?since=" + first)).body())
                .getAsJsonArray();
        assertTrue(rest.size() >= all.size() - 1);
        assertEquals(first + 1, rest.get(0).getAsJsonObject().get("id").getAsLong());
        assertDescribed("/api/v1/events", "get", send(authorized("/api/v1/events?since=yesterday")));
    }

    // Swapping

    @Test
    void whatCannotBeSwappedIsSaid() throws Exception {
        String path = "/api/v1/backends/{role}";
        HttpResponse<String> noRole = post(authorized("/api/v1/backends/cook"), JSON, "{\"backend\":\"x\"}");
        assertEquals(404, noRole.statusCode());
        assertDescribed(path, "post", noRole);
        HttpResponse<String> noBackend = post(authorized("/api/v1/backends/switch"), JSON, "{\"backend\":\"x\"}");
        assertEquals(400, noBackend.statusCode());
        assertDescribed(path, "post", noBackend);
        HttpResponse<String> noJson = post(authorized("/api/v1/backends/switch"), JSON, "backend=x");
        assertEquals(400, noJson.statusCode());
        assertDescribed(path, "post", noJson);
        assertEquals(
                415,
                post(authorized("/api/v1/backends/switch"), "text/plain", "{}").statusCode());
        String long_ = "{\"backend\":\"" + "x".repeat(1 << 16) + "\"}";
        assertEquals(
                413, post(authorized("/api/v1/backends/switch"), JSON, long_).statusCode());
    }

    @Test
    void aNodeThatKeepsNoFlockAdmitsNobody() throws Exception {
        String path = "/api/v1/admission/invitations";
        String wish = "{\"devices\": 1, \"lifetime\": 3600, \"approve\": true}";
        HttpResponse<String> none = post(authorized(path), JSON, wish);
        assertEquals(503, none.statusCode());
        assertDescribed(path, "post", none);
        for (String wrong :
                List.of("{}", wish.replace("1,", "255,"), wish.replace("3600", "1"), wish.replace("true", "1"))) {
            HttpResponse<String> refused = post(authorized(path), JSON, wrong);
            assertEquals(400, refused.statusCode(), wrong);
            assertDescribed(path, "post", refused);
        }
        assertEquals(
                503,
                post(authorized("/api/v1/admission/waiting/x/approve"), JSON, "{}")
                        .statusCode());
    }

    // Getting in

    @Test
    void theTokenIsForItsOwnerOnly() throws Exception {
        assumeTrue(Files.getFileStore(directory).supportsFileAttributeView("posix"), "needs POSIX permissions");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(mesh.tokenFile())));
        assertTrue(mesh.token().matches("[0-9a-f]{64}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/v1/status", "/api/v1/events/stream", "/api/v1/session", "/metrics", "/api/v1/nothing"})
    void nothingIsToldWithoutTheToken(String path) throws Exception {
        for (String authorization : List.of("", "Bearer ", "Bearer " + "0".repeat(64), "Basic " + mesh.token())) {
            HttpRequest.Builder request = request(path);
            if (!authorization.isEmpty()) {
                request.header("Authorization", authorization);
            }
            HttpResponse<String> answer = send(request);
            assertEquals(401, answer.statusCode(), authorization);
            assertFits("/components/schemas/Problem", answer.body());
            assertTrue(answer.headers().firstValue("WWW-Authenticate").isPresent());
        }
    }

    @Test
    void aBrowserTradesTheTokenForACookie() throws Exception {
        HttpResponse<String> login = send(authorized("/api/v1/session").POST(HttpRequest.BodyPublishers.noBody()));
        assertEquals(204, login.statusCode());
        String set = login.headers().firstValue("Set-Cookie").orElseThrow();
        assertTrue(set.contains("HttpOnly") && set.contains("SameSite=Strict"), set);
        assertFalse(set.contains(mesh.token()));
        String cookie = set.replaceFirst(";.*", "");
        assertEquals(
                200, send(request("/api/v1/status").header("Cookie", cookie)).statusCode());
        String body = "{\"backend\":\"x\"}";
        String swap = "/api/v1/backends/switch";
        // Only our own page may change something, whatever cookie the browser sends along.
        assertEquals(
                403, post(request(swap).header("Cookie", cookie), JSON, body).statusCode());
        for (String elsewhere : List.of("http://evil.example", "null", "http://127.0.0.1:1")) {
            HttpRequest.Builder request = request(swap).header("Cookie", cookie).header("Origin", elsewhere);
            assertEquals(403, post(request, JSON, body).statusCode(), elsewhere);
        }
        HttpRequest.Builder ours = request(swap).header("Cookie", cookie).header("Origin", mesh.address());
        assertEquals(400, post(ours, JSON, body).statusCode());
        HttpRequest.Builder read =
                request("/api/v1/status").header("Cookie", cookie).header("Sec-Fetch-Site", "same-site");
        assertEquals(403, send(read).statusCode());
        HttpRequest.Builder logout =
                request("/api/v1/session").DELETE().header("Cookie", cookie).header("Origin", mesh.address());
        assertEquals(204, send(logout).statusCode());
        assertEquals(
                401, send(request("/api/v1/status").header("Cookie", cookie)).statusCode());
    }

    /** Java's own client does not let anybody choose the name, so this speaks HTTP by hand. */
    @Test
    void aNameThatPointsHereByTrickeryIsRefused() throws Exception {
        for (String host :
                List.of("evil.example", "evil.example:" + port(), "127.0.0.1.evil.example", "localhost.", "")) {
            assertEquals("421", statusFor(host), host);
        }
        for (String host : List.of("localhost:" + port(), "127.0.0.1", "LOCALHOST", "[::1]:" + port())) {
            assertEquals("200", statusFor(host), host);
        }
    }

    private static int port() {
        return URI.create(mesh.address()).getPort();
    }

    private static String statusFor(String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("GET /api/openapi.json HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return line.split(" ")[1];
        }
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        for (String path :
                List.of("/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/status/more", "/api/v1/backends/")) {
            HttpResponse<String> answer = send(authorized(path));
            assertTrue(Set.of(404, 405).contains(answer.statusCode()), path);
            assertFits("/components/schemas/Problem", answer.body());
        }
        HttpResponse<String> deleted = send(authorized("/api/v1/status").DELETE());
        assertEquals(405, deleted.statusCode());
        assertEquals("GET", deleted.headers().firstValue("Allow").orElseThrow());
        assertEquals(404, send(request("/../../etc/passwd")).statusCode());
    }

    @Test
    void pagesAreRead() throws Exception {
        for (String path : List.of("/", "/metrics")) {
            HttpResponse<String> head = send(authorized(path).method("HEAD", HttpRequest.BodyPublishers.noBody()));
            assertEquals(200, head.statusCode());
            assertEquals("", head.body());
            assertTrue(head.headers().firstValueAsLong("Content-Length").orElseThrow() > 1000, path);
            HttpResponse<String> deleted = send(authorized(path).DELETE());
            assertEquals(405, deleted.statusCode(), path);
            assertEquals("GET, HEAD", deleted.headers().firstValue("Allow").orElseThrow());
        }
        assertEquals(404, send(request("/nothing.html")).statusCode());
    }

    // The console's files

    @Test
    void theConsoleNeedsNothingFromElsewhere() throws Exception {
        HttpResponse<String> page = send(request("/"));
        assertEquals(200, page.statusCode());
        String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.startsWith("default-src 'none'"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        for (String file : List.of(
                "index.html",
                "style.css",
                "icon.svg",
                "app.js",
                "api.js",
                "dom.js",
                "mesh.js",
                "views.js",
                "words.js")) {
            HttpResponse<String> answer = send(request("/" + file));
            assertEquals(200, answer.statusCode(), file);
            String links = answer.body().replace("http://www.w3.org/2000/svg", "");
            assertFalse(links.matches("(?s).*(https?:)?//[a-z0-9-]+\\.[a-z].*"), file + " names another host");
        }
    }

    // Metrics

    private static String metrics(String accept) throws Exception {
        HttpResponse<String> answer = send(authorized("/metrics").header("Accept", accept));
        assertEquals(200, answer.statusCode(), answer.body());
        return answer.body();
    }

    @Test
    void metricsHaveWhatOperatorsWatch() throws Exception {
        // The first scrape asks for round trips, a later one has them.
        LiveMesh.waitUntil("a round trip", () -> {
            try {
                return metrics("text/plain").contains("tier6_link_round_trip_seconds{");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        String text = metrics("text/plain");
        for (String sample : List.of(
                "tier6_uptime_seconds ",
                "tier6_problem 0",
                "tier6_tap_up 1",
                "tier6_peers{path=\"direct\"}",
                "tier6_link_up{peer=\"c0ffee1234567800/02\"} 1",
                "tier6_link_path{path=\"relay\",peer=",
                "tier6_link_frames_total{direction=\"in\",peer=",
                "tier6_link_bytes_total{direction=\"out\",peer=",
                "tier6_link_drops_total{peer=\"c0ffee1234567800/02\",reason=\"no-key\"}",
                "tier6_link_exchanges_total{",
                "tier6_link_key_age_seconds{",
                "tier6_port_frames_total{",
                "tier6_port_addresses{",
                "tier6_switch_macs ",
                "tier6_switch_drops_total{reason=\"ethertype\"}",
                "tier6_transport_frames_total{direction=\"in\"}",
                "tier6_cathedral_round_trip_seconds{",
                "tier6_source_peers{source=\"cathedral\"} 1",
                "jvm_memory_used_bytes{",
                "process_cpu_seconds_total ")) {
            assertTrue(text.contains("\n" + sample), sample + " is missing in\n" + text);
        }
        assertFalse(text.contains(mesh.token()));
    }

    @Test
    void theDashboardAsksForWhatIsThere() throws Exception {
        String dashboard = Files.readString(Path.of("../config/grafana-tier6.json"));
        String text = metrics("text/plain");
        Set<String> missing = new HashSet<>();
        Matcher names = Pattern.compile("(?:tier6|jvm|process)_[a-z_]+(?=\\{)").matcher(dashboard);
        while (names.find()) {
            // What only a driver for the system counts, this one in memory does not.
            if (!names.group().startsWith("tier6_tap_") && !text.contains("\n# TYPE " + names.group() + " ")) {
                missing.add(names.group());
            }
        }
        assertEquals(Set.of(), missing);
        JsonParser.parseString(dashboard).getAsJsonObject();
    }

    @Test
    void openMetricsIsThereForWhoAsks() throws Exception {
        String text = metrics("application/openmetrics-text; version=1.0.0");
        assertTrue(text.endsWith("# EOF\n"));
        assertTrue(
                text.contains("# UNIT tier6_link_round_trip_seconds seconds")
                        || text.contains("# UNIT tier6_uptime_seconds seconds"),
                text);
    }

    @Test
    void promtoolHasNothingToSay() throws Exception {
        Process promtool;
        try {
            promtool = new ProcessBuilder("promtool", "check", "metrics")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "needs promtool (Debian package prometheus)");
            return;
        }
        try (OutputStream out = promtool.getOutputStream()) {
            out.write(metrics("text/plain").getBytes(StandardCharsets.UTF_8));
        }
        String words = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, promtool.waitFor(), words);
        assertEquals("", words);
    }
}
