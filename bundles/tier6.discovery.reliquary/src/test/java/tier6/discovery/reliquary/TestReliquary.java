package tier6.discovery.reliquary;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Reliquary on this host, as section 18.1 of the specification describes it: refusals, fake values and the limit of one
 * request a second included. It answers one request after the other; what tests look at is guarded by this.
 */
public final class TestReliquary implements AutoCloseable {
    /** A device of a flock. */
    public static final class Member {
        public final String id;
        public final String secret;
        public final byte[] cosk;
        public int kek;
        public boolean approved;

        Member(String id, String secret, byte[] cosk) {
            this.id = id;
            this.secret = secret;
            this.cosk = cosk;
        }
    }

    /** A flock. */
    public static final class Flock {
        public final Map<String, Member> members = new LinkedHashMap<>();
        public byte[] ambry;
        final String owner;

        Flock(String owner) {
            this.owner = owner;
        }
    }

    private record Reply(int status, byte[] body) {}

    @FunctionalInterface
    private interface Handler {
        Reply handle(String account, Matcher path, byte[] body);
    }

    private record Route(String method, Pattern path, boolean open, Handler handler) {}

    private static final int MOST_BODY = 7542971;
    private static final int MOST_FLOCKS = 3;
    private static final long SECOND = 1_000_000_000L;
    private static final String F = "([a-f0-9]{16})";
    private static final String D = "([a-f0-9]{8})";
    private static final Reply FORBIDDEN = new Reply(403, new byte[0]);

    public final Map<String, Flock> flocks = new LinkedHashMap<>();
    /** Methods and paths of all requests, refused ones too. */
    public final List<String> requests = new ArrayList<>();
    /** What {@code /cathedrals} answers. */
    public volatile String cathedrals = "127.0.0.1:4500\n";
    /** Whether all accounts have expired. */
    public volatile boolean expired;

    private final Map<String, String> accountOfToken = new LinkedHashMap<>();
    private final List<String> accounts = new ArrayList<>();
    private final Random random = new Random(18);
    private final LongSupplier clock;
    private final HttpServer server;
    private final List<Route> routes = new ArrayList<>();
    private int bucket;
    private long drainedAt;

    /** A server in whose time every request comes a second after the one before. */
    public static TestReliquary unhurried() throws IOException {
        AtomicLong time = new AtomicLong();
        return new TestReliquary(() -> time.addAndGet(SECOND));
    }

    /** A server with a clock of nanoseconds. */
    public TestReliquary(LongSupplier clock) throws IOException {
        this.clock = clock;
        this.drainedAt = clock.getAsLong();
        route("POST", "/v1/register", true, (account, path, body) -> register());
        route("POST", "/v1/init", true, (account, path, body) -> init(body));
        route("GET", "/v1/cathedrals", false, (account, path, body) -> text(cathedrals));
        route("GET", "/v1/flock/list", false, (account, path, body) -> list(account));
        route("POST", "/v1/flock/create", false, (account, path, body) -> create(account));
        route("POST", "/v1/flock/" + F + "/delete", false, (account, path, body) -> {
            Flock flock = flocks.get(path.group(1));
            if (flock == null || !flock.owner.equals(account)) {
                return FORBIDDEN;
            }
            flocks.remove(path.group(1));
            return text("deleted");
        });
        route("POST", "/v1/device/" + F + "/create", true, (account, path, body) -> join(path.group(1), body));
        route("POST", "/v1/device/" + F + "/" + D + "/approve", false, (account, path, body) -> approve(path));
        route("POST", "/v1/device/" + F + "/" + D + "/delete", false, this::deleteDevice);
        route("GET", "/v1/device/list/" + F, false, (account, path, body) -> devices(account, path.group(1)));
        route("POST", "/v1/ambry/" + F, false, this::ambry);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    private void route(String method, String path, boolean open, Handler handler) {
        routes.add(new Route(method, Pattern.compile(path), open, handler));
    }

    /** The address of the API. */
    public URI api() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MOST_BODY);
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            Reply reply = isTooFast()
                    ? new Reply(429, new byte[0])
                    : answer(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath(),
                            exchange.getRequestHeaders().getFirst("x-token"),
                            body);
            exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
            exchange.getResponseBody().write(reply.body());
        }
    }

    /** Two places, and each second one gets free. */
    private boolean isTooFast() {
        long now = clock.getAsLong();
        while (now - drainedAt >= SECOND) {
            drainedAt += SECOND;
            bucket = Math.max(0, bucket - 1);
        }
        if (bucket > 1) {
            return true;
        }
        bucket++;
        return false;
    }

    private Reply answer(String method, String path, String token, byte[] body) {
        for (Route route : routes) {
            Matcher matcher = route.path().matcher(path);
            if (matcher.matches() && method.equals(route.method())) {
                String account = token == null ? null : accountOfToken.get(token);
                if (!route.open() && account == null) {
                    return FORBIDDEN;
                }
                if (!route.open() && expired) {
                    return new Reply(403, "account expired".getBytes(StandardCharsets.UTF_8));
                }
                return route.handler().handle(account, matcher, body);
            }
        }
        return new Reply(404, new byte[0]);
    }

    private static Reply text(String text) {
        return new Reply(200, text.getBytes(StandardCharsets.UTF_8));
    }

    private String hex(int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    private String newToken(String account) {
        String token = hex(16);
        accountOfToken.put(token, account);
        return token;
    }

    private Reply register() {
        String account = hex(32);
        accounts.add(account);
        return text(("{\"token\": \"%s\", \"account\": \"%s\", \"share_id\": 7, "
                        + "\"cathedral\": \"127.0.0.1:4500\", \"natport\": \"4470\"}")
                .formatted(newToken(account), account));
    }

    private Reply init(byte[] body) {
        if (body.length == 0) {
            return text("{\"cathedral\": \"127.0.0.1:4500\", \"natport\": \"4470\"}");
        }
        if (body.length != 64) {
            return new Reply(400, new byte[0]);
        }
        String account = new String(body, StandardCharsets.US_ASCII);
        return accounts.contains(account)
                ? text(("{\"token\": \"%s\", \"share_id\": 7, \"cathedral\": \"127.0.0.1:4500\", "
                                + "\"natport\": \"4470\"}")
                        .formatted(newToken(account)))
                : FORBIDDEN;
    }

    private List<String> flocksOf(String account) {
        return flocks.entrySet().stream()
                .filter(entry -> entry.getValue().owner.equals(account))
                .map(Map.Entry::getKey)
                .toList();
    }

    private Reply list(String account) {
        return text("{\"flocks\": ["
                + String.join(
                        ", ",
                        flocksOf(account).stream()
                                .map("{\"id\": \"%s\"}"::formatted)
                                .toList())
                + "]}");
    }

    private Reply create(String account) {
        if (flocksOf(account).size() >= MOST_FLOCKS) {
            return text("reached max flocks per account");
        }
        String id = hex(7) + "00";
        flocks.put(id, new Flock(account));
        return text(id);
    }

    private Reply join(String id, byte[] cosk) {
        if (cosk.length != 32) {
            return new Reply(400, "invalid cosk".getBytes(StandardCharsets.UTF_8));
        }
        Member member = new Member(hex(4), hex(32), cosk);
        if (flocks.containsKey(id)) {
            flocks.get(id).members.put(member.id, member);
        }
        return text("{\"cathedral_id\": \"%s\", \"cathedral_secret\": \"%s\", \"flock\": \"%s\"}"
                .formatted(member.id, member.secret, id));
    }

    /** Whoever the flock belongs to. */
    private Reply approve(Matcher path) {
        Flock flock = flocks.getOrDefault(path.group(1), new Flock(""));
        int kek = 1;
        while (isTaken(flock, kek)) {
            kek++;
        }
        if (kek > 255) {
            return new Reply(400, "No available KEKs left in flock".getBytes(StandardCharsets.UTF_8));
        }
        Member member = flock.members.get(path.group(2));
        if (member == null || member.approved) {
            return text(path.group(2) + " not found or already approved");
        }
        member.approved = true;
        member.kek = kek;
        return text(
                "%s approved, please supply it with %s/kek-data/kek-0x%02x".formatted(member.id, path.group(1), kek));
    }

    private static boolean isTaken(Flock flock, int kek) {
        return flock.members.values().stream().anyMatch(member -> member.kek == kek);
    }

    private Flock owned(String account, String id) {
        Flock flock = flocks.get(id);
        return flock == null || !flock.owner.equals(account) ? null : flock;
    }

    private Reply deleteDevice(String account, Matcher path, byte[] body) {
        Flock flock = owned(account, path.group(1));
        if (flock == null) {
            return FORBIDDEN;
        }
        return text(path.group(2) + (flock.members.remove(path.group(2)) == null ? " does not exist" : " deleted"));
    }

    private Reply devices(String account, String id) {
        Flock flock = owned(account, id);
        if (flock == null) {
            return FORBIDDEN;
        }
        if (flock.members.isEmpty()) {
            return text("{\"error\": \"no devices\"}");
        }
        List<String> rows = new ArrayList<>();
        for (Member member : flock.members.values()) {
            rows.add(("{\"device_kek\": \"%d\", \"device_cathedral_id\": \"%s\", \"device_approved\": \"%s\", "
                            + "\"device_created\": \"1790000000\"}")
                    .formatted(member.kek, member.id, member.approved ? "t" : "f"));
        }
        return text("{\"devices\": [" + String.join(", ", rows) + "]}");
    }

    private Reply ambry(String account, Matcher path, byte[] body) {
        Flock flock = owned(account, path.group(1));
        if (flock == null || body.length != 3756730 && body.length != 7542970) {
            return FORBIDDEN;
        }
        flock.ambry = body;
        return text("ambry uploaded");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
