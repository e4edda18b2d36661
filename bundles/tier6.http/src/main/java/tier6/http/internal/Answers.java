package tier6.http.internal;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import tier6.http.Content;
import tier6.json.Json;

/** Ways to end an exchange. */
final class Answers {
    private static final int NO_BODY = -1;

    /** RFC 9457. */
    private record Details(int status, String title, String detail) {}

    private Answers() {}

    /** {@code value} as JSON. */
    static void json(HttpExchange exchange, int status, Object value) throws IOException {
        text(exchange, status, "application/json", Json.write(value));
    }

    static void problem(HttpExchange exchange, int status, String detail) throws IOException {
        text(exchange, status, "application/problem+json", Json.write(new Details(status, title(status), detail)));
    }

    static void empty(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(204, NO_BODY);
        exchange.close();
    }

    /** Text in UTF-8; its type says so where the type does not imply it. */
    static void text(HttpExchange exchange, int status, String type, String text) throws IOException {
        new Content(type, text.getBytes(StandardCharsets.UTF_8)).send(exchange, status);
        exchange.close();
    }

    /** RFC 9110, section 15. */
    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 421 -> "Misdirected Request";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }
}
