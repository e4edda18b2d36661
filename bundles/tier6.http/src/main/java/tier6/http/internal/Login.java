package tier6.http.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;

/** Trades the token for a cookie and takes the cookie back: {@code /api/v1/session}. */
final class Login implements HttpHandler {
    static final String PATH = "/api/v1/session";

    private final Sessions sessions;
    private final Guard guard;
    private final String cookie;

    Login(Sessions sessions, Guard guard, String cookie) {
        this.sessions = sessions;
        this.guard = guard;
        this.cookie = cookie;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        switch (exchange.getRequestMethod()) {
            case "POST" -> {
                set(exchange, sessions.begin(), Sessions.LIFETIME.toSeconds());
                Answers.empty(exchange);
            }
            case "DELETE" -> {
                guard.session(exchange).ifPresent(sessions::end);
                set(exchange, "", 0);
                Answers.empty(exchange);
            }
            default -> {
                exchange.getResponseHeaders().set("Allow", "POST, DELETE");
                Answers.problem(exchange, 405, "Only POST and DELETE are meant here.");
            }
        }
    }

    private void set(HttpExchange exchange, String value, long seconds) {
        exchange.getResponseHeaders()
                .set(
                        "Set-Cookie",
                        cookie + "=" + value + "; Path=/; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict");
    }
}
