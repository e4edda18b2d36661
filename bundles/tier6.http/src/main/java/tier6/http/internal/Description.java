package tier6.http.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** The description of the API (OpenAPI 3.1), for everybody: it tells nothing about this node. */
@Component(
        configurationPid = HttpServerComponent.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {HttpServerComponent.PATH + "=" + Description.PATH, HttpServerComponent.OPEN + "=true"})
public final class Description implements HttpHandler {
    static final String PATH = "/api/openapi.json";

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (InputStream in = Description.class.getResourceAsStream("openapi.json")) {
            Answers.text(exchange, 200, "application/json", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
