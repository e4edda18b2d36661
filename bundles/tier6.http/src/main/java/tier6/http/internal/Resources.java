package tier6.http.internal;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Who answers which method of which resource. Filled once, then read by any thread. */
final class Resources {
    /** Answers one method of one resource. */
    @FunctionalInterface
    interface Action {
        /** The words are what stands where the path of the resource has a star. */
        void answer(HttpExchange exchange, List<String> words) throws IOException, Problem;
    }

    /** Looks something up; what it returns is the answer. */
    @FunctionalInterface
    interface Query {
        Object ask() throws IOException, Problem;
    }

    private static final String ANY = "*";

    private final String root;
    /** By path below the root, and by method. */
    private final Map<String, Map<String, Action>> actions = new TreeMap<>();

    /** @param root begins with a slash and does not end with one */
    Resources(String root) {
        this.root = root;
    }

    void get(String path, Query query) {
        add("GET", path, (exchange, words) -> Answers.json(exchange, 200, query.ask()));
    }

    void add(String method, String path, Action action) {
        actions.computeIfAbsent(path, p -> new TreeMap<>()).put(method, action);
    }

    /** Finds who is to answer, and lets it. */
    void answer(HttpExchange exchange) throws IOException, Problem {
        String path = exchange.getRequestURI().getPath();
        String[] words = path.substring(root.length()).replaceFirst("^/", "").split("/", -1);
        Map.Entry<String, Map<String, Action>> resource = actions.entrySet().stream()
                .filter(candidate -> fits(candidate.getKey().split("/"), words))
                .findFirst()
                .orElseThrow(() -> new Problem(404, "There is no resource " + path + ". See /api/openapi.json."));
        String method = exchange.getRequestMethod();
        Action action = resource.getValue().get(method.equals("HEAD") ? "GET" : method);
        if (action == null) {
            String allowed = String.join(", ", resource.getValue().keySet());
            exchange.getResponseHeaders().set("Allow", allowed);
            throw new Problem(405, path + " takes " + allowed + ".");
        }
        String[] pattern = resource.getKey().split("/");
        action.answer(
                exchange,
                IntStream.range(0, words.length)
                        .filter(i -> pattern[i].equals(ANY))
                        .mapToObj(i -> words[i])
                        .toList());
    }

    private static boolean fits(String[] pattern, String[] words) {
        return pattern.length == words.length
                && IntStream.range(0, words.length).allMatch(i -> pattern[i].equals(ANY) || pattern[i].equals(words[i]))
                && Arrays.stream(words).noneMatch(String::isEmpty);
    }
}
