package tier6.discovery.reliquary;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The HTTP API of a Reliquary, specification section 18.1. Every method blocks until the answer is there, which takes half a
 * minute at most, ten for an upload, and some seconds more when the Reliquary wants to be asked less often. What goes wrong
 * is a {@link ReliquaryException} with a sentence for people; nothing that a Reliquary says is believed before it is checked.
 */
public final class ReliquaryClient implements AutoCloseable {
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;

    private static final byte[] NOTHING = new byte[0];
    private static final int MOST_CATHEDRALS = 64;
    private static final String ENDPOINT = "[A-Za-z0-9.-]{1,253}:[0-9]{1,5}";
    private static final Pattern CATHEDRAL = Pattern.compile("(?:(.*) - )?(" + ENDPOINT + ")");
    private static final Pattern KEK_FILE = Pattern.compile("kek-0x([0-9a-f]{2})\\b");

    private final Exchange http;
    private final String token;

    /** A client for a device without an account. */
    public ReliquaryClient(URI api) {
        this(api, "");
    }

    /**
     * A client for an account.
     *
     * @param token as the Reliquary gave it; empty: none
     */
    public ReliquaryClient(URI api, String token) {
        this(new Http(api, Http.Pause.real()), token);
    }

    ReliquaryClient(Exchange http, String token) {
        this.http = http;
        this.token = token;
    }

    // Accounts

    /** Makes a new account; it expires after a day unless somebody prolongs it. */
    public Registration register() throws IOException {
        Json answer = json(http.post("/register", "", NOTHING));
        try {
            return new Registration(answer.text("account", Hex.KEY), access(answer, answer.text("token", Hex.TOKEN)));
        } catch (Json.Unexpected e) {
            throw strange(e);
        }
    }

    /** What a device needs to know that has no account. */
    public Access init() throws IOException {
        try {
            return access(json(http.post("/init", "", NOTHING)), "");
        } catch (Json.Unexpected e) {
            throw strange(e);
        }
    }

    /**
     * Gets a token for an account.
     *
     * @param accountKey 64 hexadecimal digits in ASCII; the caller's to clear
     */
    public Access login(byte[] accountKey) throws IOException {
        Exchange.Answer answer = http.post("/init", "", accountKey);
        if (answer.status() == FORBIDDEN) {
            throw new ReliquaryException(http.host() + " knows no account with this key: check that it is the key that "
                    + "'register' showed, and that the account was not deleted");
        }
        try {
            Json said = json(answer);
            return access(said, said.text("token", Hex.TOKEN));
        } catch (Json.Unexpected e) {
            throw strange(e);
        }
    }

    /** Whether this can be an account key: 64 hexadecimal digits in ASCII. */
    public static boolean isAccountKey(byte[] key) {
        boolean good = key.length == 64;
        for (byte digit : key) {
            good &= digit >= '0' && digit <= '9' || digit >= 'a' && digit <= 'f';
        }
        return good;
    }

    private static Access access(Json answer, String token) throws Json.Unexpected {
        return new Access(token, answer.text("cathedral", ENDPOINT), answer.number("natport", 1, 0xffff));
    }

    // Flocks and cathedrals

    /** The cathedrals, the first 64 of them. */
    public List<Cathedral> cathedrals() throws IOException {
        String lines = body(authorized(http.get("/cathedrals", token())));
        List<Cathedral> all = new ArrayList<>();
        for (String line : lines.lines().map(String::strip).toList()) {
            Matcher cathedral = CATHEDRAL.matcher(line);
            if (cathedral.matches() && all.size() < MOST_CATHEDRALS) {
                String description = cathedral.group(1) == null ? "" : cathedral.group(1);
                all.add(new Cathedral(Words.clean(description), cathedral.group(2)));
            } else if (!line.isEmpty() && all.isEmpty()) {
                throw strange(new Json.Unexpected("no list of cathedrals"));
            }
        }
        return all;
    }

    /** The flocks of the account. */
    public List<Long> flocks() throws IOException {
        Json answer = json(authorized(http.get("/flock/list", token())));
        try {
            List<Long> all = new ArrayList<>();
            for (Json flock : answer.list("flocks")) {
                all.add(Long.parseUnsignedLong(flock.text("id", Hex.FLOCK), 16));
            }
            return all;
        } catch (Json.Unexpected e) {
            throw strange(e);
        }
    }

    /** Makes a flock. */
    public long createFlock() throws IOException {
        String answer =
                body(authorized(http.post("/flock/create", token(), NOTHING))).strip();
        if (answer.startsWith("reached max flocks")) {
            throw new ReliquaryException("the account has as many flocks as it may have: delete one that is not needed "
                    + "with 'tier6 reliquary flock delete', or use one of them");
        }
        if (!answer.matches(Hex.FLOCK)) {
            throw strange(new Json.Unexpected("no flock"));
        }
        return Long.parseUnsignedLong(answer, 16);
    }

    /** Deletes a flock of the account with all its devices. */
    public void deleteFlock(long flock) throws IOException {
        body(owned(http.post("/flock/" + Hex.flock(flock) + "/delete", token(), NOTHING), flock));
    }

    // Devices

    /**
     * Joins a flock. Needs no account. Of a flock that does not exist, or of another Reliquary, a device cannot tell: it is
     * given values that look good, and nobody will ever approve it.
     *
     * @param coskPublic public half of the device's signing key, 32 bytes
     */
    public NewDevice join(long flock, byte[] coskPublic) throws IOException {
        Exchange.Answer answer = http.post("/device/" + Hex.flock(flock) + "/create", "", coskPublic);
        try {
            Json said = json(answer);
            said.text("flock", Hex.flock(flock));
            int csId = Integer.parseUnsignedInt(said.text("cathedral_id", Hex.DEVICE), 16);
            return new NewDevice(csId, secret(said.text("cathedral_secret", Hex.KEY)));
        } catch (Json.Unexpected e) {
            throw strange(e);
        }
    }

    private static byte[] secret(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** The devices of a flock of the account. */
    public List<Device> devices(long flock) throws IOException {
        Json answer = json(owned(http.get("/device/list/" + Hex.flock(flock), token()), flock));
        try {
            List<Device> all = new ArrayList<>();
            if (answer.has("error")) {
                answer.text("error", "no devices");
                return all;
            }
            for (Json device : answer.list("devices")) {
                all.add(new Device(
                        Integer.parseUnsignedInt(device.text("device_cathedral_id", Hex.DEVICE), 16),
                        device.number("device_kek", 0, 255),
                        device.text("device_approved", "t|true|1|f|false|0").matches("t|true|1"),
                        Instant.ofEpochSecond(Long.parseLong(device.text("device_created", "\\d{1,12}")))));
            }
            return all;
        } catch (Json.Unexpected e) {
            throw strange(e);
        }
    }

    /**
     * Lets a device into a flock of the account. A Reliquary does not look whose flock it is (specification section 18.1), so
     * this asks first.
     *
     * @return the kek-id that it was given, 1 to 255
     */
    public int approve(long flock, int csId) throws IOException {
        checkOwned(flock);
        Exchange.Answer answer = authorized(
                http.post("/device/" + Hex.flock(flock) + "/" + Hex.device(csId) + "/approve", token(), NOTHING));
        if (answer.status() == BAD_REQUEST) {
            throw new ReliquaryException("flock " + Hex.flock(flock)
                    + " has no kek-id left: delete devices that are gone with 'tier6 reliquary device delete'");
        }
        String said = body(answer);
        Matcher kek = KEK_FILE.matcher(said);
        if (kek.find()) {
            return Integer.parseInt(kek.group(1), 16);
        }
        if (said.contains("not found or already approved")) {
            throw new ReliquaryException("device " + Hex.device(csId) + " did not join flock " + Hex.flock(flock)
                    + ", or was approved before: see 'tier6 reliquary device list " + Hex.flock(flock) + "'");
        }
        throw strange(new Json.Unexpected("neither a KEK nor a reason"));
    }

    /** Removes a device from a flock of the account. */
    public void deleteDevice(long flock, int csId) throws IOException {
        String said = body(owned(
                http.post("/device/" + Hex.flock(flock) + "/" + Hex.device(csId) + "/delete", token(), NOTHING),
                flock));
        if (said.contains("does not exist")) {
            throw new ReliquaryException("there is no device " + Hex.device(csId) + " in flock " + Hex.flock(flock)
                    + ": see 'tier6 reliquary device list " + Hex.flock(flock) + "'");
        }
    }

    /**
     * Replaces the ambry bundle of a flock of the account.
     *
     * @param bundle 3756730 bytes
     */
    public void uploadAmbry(long flock, byte[] bundle) throws IOException {
        body(owned(http.post("/ambry/" + Hex.flock(flock), token(), bundle), flock));
    }

    // Answers

    private String token() throws ReliquaryException {
        if (token.isEmpty()) {
            throw new ReliquaryException("this device has no account at " + http.host()
                    + ": log in with 'tier6 reliquary login', or make one with 'tier6 reliquary register'");
        }
        return token;
    }

    /** An answer of which the Reliquary thought that the account may ask. */
    private Exchange.Answer authorized(Exchange.Answer answer) throws ReliquaryException {
        if (answer.status() != FORBIDDEN) {
            return answer;
        }
        if (answer.text().contains("account expired")) {
            throw new ReliquaryException("the account has expired: prolong it at https://" + http.host()
                    + "/account/login with the account key, then run this again");
        }
        throw new ReliquaryException(http.host() + " does not know this device's token, which lives 30 days: get a new "
                + "one with 'tier6 reliquary login'");
    }

    /** An answer about a flock: a refusal may mean the token or the flock, which a second question shows. */
    private Exchange.Answer owned(Exchange.Answer answer, long flock) throws IOException {
        if (answer.status() == FORBIDDEN) {
            checkOwned(flock);
            throw new ReliquaryException(http.host() + " refuses this for flock " + Hex.flock(flock)
                    + " without a reason: try again, and ask its operator if that does not help");
        }
        return answer;
    }

    private void checkOwned(long flock) throws IOException {
        List<Long> mine = flocks();
        if (!mine.contains(Long.parseUnsignedLong(Hex.flock(flock), 16))) {
            String have = mine.isEmpty()
                    ? "it has none"
                    : "it has " + mine.stream().map(Hex::flock).collect(Collectors.joining(", "));
            throw new ReliquaryException("flock " + Hex.flock(flock) + " is not one of this account, " + have
                    + ": correct the flock, or log in to the account of its owner");
        }
    }

    private Json json(Exchange.Answer answer) throws ReliquaryException {
        try {
            return Json.read(body(answer));
        } catch (Json.Unexpected e) {
            throw strange(e);
        }
    }

    /** The body of an answer that is good. */
    private String body(Exchange.Answer answer) throws ReliquaryException {
        int status = answer.status();
        if (status == OK) {
            return answer.text();
        }
        if (status >= SERVER_ERROR) {
            throw new ReliquaryException(http.host() + " has a problem of its own (" + status + "): try again later");
        }
        String words = Words.clean(answer.text());
        throw new ReliquaryException(http.host() + " answers with status " + status
                + (status == NOT_FOUND || words.isEmpty() || words.startsWith("<") ? "" : ", '" + words + "'")
                + ": check that the address of the API is right; it usually ends in /v1");
    }

    private ReliquaryException strange(Json.Unexpected e) {
        return new ReliquaryException(http.host() + " does not answer as a Reliquary does (" + e.getMessage()
                + "): check that the address of the API is right; it usually ends in /v1");
    }

    /** Ends what the client needed. */
    @Override
    public void close() {
        http.close();
    }
}
