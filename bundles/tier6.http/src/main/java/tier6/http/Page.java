package tier6.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.Optional;

/** What can be read and nothing else: answers GET and HEAD. A service of it has the property {@code tier6.http.path}. */
public abstract class Page implements HttpHandler {
    private static final int NO_BODY = -1;

    /** What is at the address that was asked for; empty if nothing is. */
    protected abstract Optional<Content> content(HttpExchange exchange) throws IOException;

    @Override
    public final void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            exchange.sendResponseHeaders(405, NO_BODY);
            return;
        }
        Optional<Content> content = content(exchange);
        if (content.isPresent()) {
            content.get().send(exchange, 200);
        } else {
            exchange.sendResponseHeaders(404, NO_BODY);
        }
    }
}
