package tier6.http.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes each request that the guard lets through to the handler with the longest path that fits. */
final class Router implements HttpHandler {
    private static final Logger LOG = System.getLogger("tier6.http");

    /**
     * Who answers what.
     *
     * @param path begins with a slash and does not end with one, or is only that
     * @param open whether the answers are for everybody who can reach this server
     */
    record Route(String path, boolean open, HttpHandler handler) {
        private boolean fits(String asked) {
            return asked.startsWith(path)
                    && (path.endsWith("/") || asked.length() == path.length() || asked.charAt(path.length()) == '/');
        }
    }

    private final Guard guard;
    private final List<Route> routes = new CopyOnWriteArrayList<>();

    Router(Guard guard) {
        this.guard = guard;
    }

    void add(Route route) {
        routes.add(route);
    }

    void remove(HttpHandler handler) {
        routes.removeIf(route -> route.handler == handler);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        try {
            Route route = routes.stream()
                    .filter(candidate -> candidate.fits(path))
                    .max(Comparator.comparingInt(candidate -> candidate.path.length()))
                    .orElse(new Route("/", true, Router::notFound));
            guard.check(exchange, route.open);
            route.handler.handle(exchange);
        } catch (Problem e) {
            Answers.problem(exchange, e.status(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "cannot answer " + path, e);
            if (exchange.getResponseCode() < 0) {
                Answers.problem(exchange, 500, "This is a fault of tier6; its log says more.");
            }
        } finally {
            exchange.close();
        }
    }

    private static void notFound(HttpExchange exchange) throws IOException {
        Answers.problem(exchange, 404, "There is nothing here. The API begins at /api/openapi.json.");
    }
}
