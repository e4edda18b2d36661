package tier6.http.internal;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tier6.api.admission.Admissions;
import tier6.json.Json;

/** The flock that this node keeps, if it keeps one: who was invited, who waits, who is in. */
final class Desk {
    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofDays(365);

    /** Everything at once; without a flock there is nothing of it. */
    private record Overview(
            Optional<String> flock,
            List<Admissions.Invitation> invitations,
            List<Admissions.Waiting> waiting,
            List<Admissions.Device> devices) {}

    /** Does something; what goes wrong is a sentence for people. */
    @FunctionalInterface
    private interface Deed {
        void doWith(Admissions admissions, String word) throws IOException;
    }

    private final Supplier<Admissions> admissions;

    /** @param admissions gives null while there is none */
    Desk(Supplier<Admissions> admissions) {
        this.admissions = admissions;
    }

    void addTo(Resources resources) {
        resources.get("admission", this::overview);
        resources.add("POST", "admission/invitations", (exchange, words) -> invite(exchange));
        add(resources, "DELETE", "admission/invitations/*", Admissions::revokeInvitation);
        add(resources, "POST", "admission/waiting/*/approve", Admissions::approve);
        add(resources, "POST", "admission/waiting/*/refuse", Admissions::refuse);
        add(resources, "DELETE", "admission/devices/*", Admissions::revoke);
    }

    private Overview overview() throws IOException {
        Admissions present = admissions.get();
        return present == null
                ? new Overview(Optional.empty(), List.of(), List.of(), List.of())
                : new Overview(
                        Optional.of(present.flock()), present.invitations(), present.waiting(), present.devices());
    }

    private void add(Resources resources, String method, String path, Deed deed) {
        resources.add(method, path, (exchange, words) -> {
            Admissions present = present();
            try {
                deed.doWith(present, words.get(0));
            } catch (IOException | IllegalArgumentException e) {
                throw new Problem(409, e.getMessage());
            }
            Answers.empty(exchange);
        });
    }

    private Admissions present() throws Problem {
        Admissions present = admissions.get();
        if (present == null) {
            throw new Problem(503, "This node keeps no flock. Ask the one where 'tier6 up' was given first.");
        }
        return present;
    }

    /** The text of an invitation is a secret, so it goes out as the bytes that it comes in. */
    private void invite(HttpExchange exchange) throws IOException, Problem {
        Body body = Body.of(exchange);
        int devices = (int) body.number("devices", 1, Admissions.MOST_DEVICES);
        Duration lifetime = Duration.ofSeconds(body.number("lifetime", LEAST.toSeconds(), MOST.toSeconds()));
        boolean approve = body.flag("approve");
        Admissions.NewInvitation made;
        try {
            made = present().invite(devices, lifetime, approve);
        } catch (IOException | IllegalArgumentException e) {
            throw new Problem(409, e.getMessage());
        }
        byte[] before =
                ("{\"invitation\":" + Json.line(made.invitation()) + ",\"text\":\"").getBytes(StandardCharsets.UTF_8);
        byte[] after = "\"}".getBytes(StandardCharsets.UTF_8);
        try {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(201, before.length + made.text().length + after.length);
            OutputStream out = exchange.getResponseBody();
            out.write(before);
            out.write(made.text());
            out.write(after);
        } finally {
            Arrays.fill(made.text(), (byte) 0);
        }
    }
}
