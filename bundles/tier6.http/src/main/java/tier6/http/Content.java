package tier6.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/**
 * What is sent to who asks.
 *
 * @param type as it stands in the header {@code Content-Type}
 * @param bytes not copied
 */
public record Content(String type, byte[] bytes) {
    private static final int NO_BODY = -1;

    /** Sends it; of an answer to HEAD only the header (RFC 9110, section 9.3.2). Does not close the exchange. */
    public void send(HttpExchange exchange, int status) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
            exchange.sendResponseHeaders(status, NO_BODY);
        } else {
            exchange.sendResponseHeaders(status, bytes.length == 0 ? NO_BODY : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
