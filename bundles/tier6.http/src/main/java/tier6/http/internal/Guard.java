package tier6.http.internal;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Stands before every handler: refuses what was sent to another name or without the token, and tells browsers what they may
 * do with the answer.
 */
final class Guard {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+]");
    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");
    private static final String BEARER = "Bearer ";
    private static final Set<String> SAFE = Set.of("GET", "HEAD");

    private final Token token;
    private final Sessions sessions;
    private final String cookie;
    private final Set<String> names;

    /**
     * @param cookie its name; a browser shares cookies among all ports of a host, so it should differ between them
     * @param names other than addresses and {@code localhost} by which this server may be called
     */
    Guard(Token token, Sessions sessions, String cookie, Set<String> names) {
        this.token = token;
        this.sessions = sessions;
        this.cookie = cookie;
        this.names = names;
    }

    /**
     * Sets what every answer says to browsers, and checks the request.
     *
     * @param open whether the answer is for everybody who can reach this server
     * @throws Problem if there is no answer for this one
     */
    void check(HttpExchange exchange, boolean open) throws Problem {
        setHeaders(exchange.getResponseHeaders());
        checkHost(exchange);
        if (!open) {
            authenticate(exchange);
        }
    }

    private static void setHeaders(Headers headers) {
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }

    /**
     * A page from elsewhere can make its own name point here (DNS rebinding), and the browser then thinks that it may read
     * our answers. But such a request has that name in it, and an address needs no name to point anywhere.
     */
    private void checkHost(HttpExchange exchange) throws Problem {
        String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                .orElse("")
                .toLowerCase(Locale.ROOT);
        String name = PORT.matcher(host).replaceFirst("");
        if (!ADDRESS.matcher(name).matches() && !name.equals("localhost") && !names.contains(name)) {
            throw new Problem(
                    421,
                    "This server is not called so. Ask for it by its address, or name it with http-names in tier6.conf.");
        }
    }

    private void authenticate(HttpExchange exchange) throws Problem {
        Headers headers = exchange.getRequestHeaders();
        String authorization = headers.getFirst("Authorization");
        if (authorization != null) {
            if (!authorization.startsWith(BEARER)
                    || !token.is(authorization.substring(BEARER.length()).strip())) {
                refuse(exchange, "That is not the token of this node.");
            }
        } else if (session(exchange).filter(sessions::has).isEmpty()) {
            refuse(
                    exchange,
                    "This needs the token of the node: Authorization: Bearer TOKEN. The log says where it lies.");
        } else if (!fromOurPage(exchange)) {
            throw new Problem(
                    403, "A page from elsewhere asked this. Only the console itself may, or whoever has the token.");
        }
    }

    private static void refuse(HttpExchange exchange, String why) throws Problem {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"tier6\"");
        throw new Problem(401, why);
    }

    /** What the cookie of this request holds, if it has one. */
    Optional<String> session(HttpExchange exchange) {
        for (String line : exchange.getRequestHeaders().getOrDefault("Cookie", List.of())) {
            for (String pair : line.split(";")) {
                String[] parts = pair.strip().split("=", 2);
                if (parts.length == 2 && parts[0].equals(cookie)) {
                    return Optional.of(parts[1]);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Browsers send the cookie along with what pages of other ports of this host ask, which count as the same site. What
     * changes something must say that it comes from our own page; what only reads must not say otherwise.
     */
    private static boolean fromOurPage(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        String site = headers.getFirst("Sec-Fetch-Site");
        String origin = headers.getFirst("Origin");
        // https, where a proxy stands in front of this server.
        boolean ours =
                origin != null && origin.replaceFirst("^https?://", "").equalsIgnoreCase(headers.getFirst("Host"));
        boolean read = SAFE.contains(exchange.getRequestMethod());
        return (ours || read && origin == null)
                && (site == null || site.equals("same-origin") || read && site.equals("none"));
    }
}
