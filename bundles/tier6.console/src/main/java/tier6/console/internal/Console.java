package tier6.console.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import tier6.http.Content;
import tier6.http.Page;

/**
 * Serves the files of the console to everybody who can reach the server: they are the same on every node and hold nothing
 * that is worth hiding. What they show needs the token.
 */
@Component(
        service = HttpHandler.class,
        property = {"tier6.http.path=/", "tier6.http.open=true"})
public final class Console extends Page {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private static final Set<String> FILES = Set.of(
            "index.html", "style.css", "icon.svg", "api.js", "app.js", "dom.js", "mesh.js", "views.js", "words.js");

    @Override
    protected Optional<Content> content(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String file = path.equals("/") ? "index.html" : path.substring(1);
        if (!FILES.contains(file)) {
            return Optional.empty();
        }
        try (InputStream in = Console.class.getResourceAsStream("web/" + file)) {
            return Optional.of(new Content(TYPES.get(file.substring(file.lastIndexOf('.') + 1)), in.readAllBytes()));
        }
    }
}
