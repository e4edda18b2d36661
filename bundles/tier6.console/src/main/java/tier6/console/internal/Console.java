package tier6.console.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Component;

/**
 * Serves the files of the console to everybody who can reach the server: they are the same on every node and hold nothing
 * that is worth hiding. What they show needs the token.
 */
@Component(property = {"tier6.http.path=/", "tier6.http.open=true"})
public final class Console implements HttpHandler {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private static final Set<String> FILES = Set.of(
            "index.html", "style.css", "icon.svg", "api.js", "app.js", "dom.js", "mesh.js", "views.js", "words.js");

    private static final Set<String> METHODS = Set.of("GET", "HEAD");

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        if (!METHODS.contains(exchange.getRequestMethod())) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            exchange.sendResponseHeaders(405, -1);
            return;
        }
        String path = exchange.getRequestURI().getPath();
        String file = path.equals("/") ? "index.html" : path.substring(1);
        if (!FILES.contains(file)) {
            exchange.sendResponseHeaders(404, -1);
            return;
        }
        byte[] bytes;
        try (InputStream in = Console.class.getResourceAsStream("web/" + file)) {
            bytes = in.readAllBytes();
        }
        exchange.getResponseHeaders().set("Content-Type", TYPES.get(file.substring(file.lastIndexOf('.') + 1)));
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(200, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
