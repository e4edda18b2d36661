package tier6.http.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tier6.api.admission.Admissions;
import tier6.api.discovery.CathedralDirectory;
import tier6.api.event.NodeEvent;
import tier6.api.event.NodeListener;
import tier6.api.node.Node;
import tier6.api.vswitch.VirtualSwitch;
import tier6.json.Counted;
import tier6.json.Listed;
import tier6.json.RoundTrips;

/**
 * What a node says and does over HTTP, as {@code openapi.json} describes it. What it needs may come and go; while it is
 * away, the answer is 503.
 */
@Component(
        service = {HttpHandler.class, NodeListener.class},
        configurationPid = HttpServerComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = HttpServerComponent.PATH + "=" + Api.PATH)
public final class Api implements HttpHandler, NodeListener {
    static final String PATH = "/api/v1";

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Node node;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile VirtualSwitch vswitch;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Admissions admissions;

    @Reference(policy = ReferencePolicy.DYNAMIC)
    volatile List<CathedralDirectory> directories = List.of();

    private final EventStream events = new EventStream();
    private final RoundTrips roundTrips = new RoundTrips();

    private final Resources resources = new Resources(PATH);

    /** Made by declarative services. */
    public Api() {
        resources.get("status", () -> node().status());
        resources.get("peers", () -> node().peers());
        resources.get("sources", () -> node().sources());
        resources.get("ports", () -> vswitch().ports());
        resources.get("macs", () -> Listed.macs(vswitch()));
        resources.get("cathedrals", () -> Listed.cathedrals(directories));
        resources.get("counters", () -> Counted.all(node(), vswitch));
        resources.get("backends", () -> node().roles());
        resources.add("POST", "backends/*", (exchange, words) -> swap(exchange, words.get(0)));
        new Desk(() -> admissions).addTo(resources);
        resources.add("GET", "events", (exchange, words) -> Answers.json(exchange, 200, events.since(since(exchange))));
        resources.add("GET", "events/stream", (exchange, words) -> stream(exchange));
    }

    private void stream(HttpExchange exchange) throws IOException, Problem {
        Rates rates = new Rates();
        events.serve(exchange, since(exchange), () -> {
            Node presentNode = node;
            VirtualSwitch presentSwitch = vswitch;
            return rates.look(
                    presentSwitch == null ? List.of() : presentSwitch.ports(),
                    presentNode == null ? Map.of() : roundTrips.look(presentNode));
        });
    }

    @Deactivate
    void stop() {
        events.close();
    }

    @Override
    public void event(NodeEvent event) {
        events.add(event);
    }

    private void swap(HttpExchange exchange, String role) throws IOException, Problem {
        String backend = Body.of(exchange).text("backend");
        Node present = node();
        if (present.roles().stream().noneMatch(status -> status.role().equals(role))) {
            throw new Problem(404, "There is no role " + role + ". See /api/v1/backends.");
        }
        try {
            present.swap(role, backend);
        } catch (IllegalArgumentException e) {
            throw new Problem(400, e.getMessage());
        } catch (IOException e) {
            throw new Problem(409, e.getMessage());
        }
        Answers.json(
                exchange,
                200,
                present.roles().stream()
                        .filter(status -> status.role().equals(role))
                        .toList());
    }

    private Node node() throws Problem {
        return there(node, "The node is not running. Its log says why.");
    }

    private VirtualSwitch vswitch() throws Problem {
        return there(vswitch, "There is no switch: bundle tier6.vswitch is missing or not started.");
    }

    private static <T> T there(T service, String otherwise) throws Problem {
        if (service == null) {
            throw new Problem(503, otherwise);
        }
        return service;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try {
            resources.answer(exchange);
        } catch (Problem e) {
            Answers.problem(exchange, e.status(), e.getMessage());
        }
    }

    /** The newest event that who asks has seen: as a browser that comes back says it, or in the address. */
    private static long since(HttpExchange exchange) throws Problem {
        String id = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        String query = exchange.getRequestURI().getQuery();
        if (id == null && query != null && query.startsWith("since=")) {
            id = query.substring("since=".length());
        }
        if (id == null) {
            return 0;
        }
        if (!id.matches("\\d{1,18}")) {
            throw new Problem(400, "since is the number of an event.");
        }
        return Long.parseLong(id);
    }
}
