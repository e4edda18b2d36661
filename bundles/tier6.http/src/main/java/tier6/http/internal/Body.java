package tier6.http.internal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a request brings: an object of JSON, of bounded size. Every {@link Problem} is that of who asked. */
final class Body {
    private static final int MOST_BYTES = 1 << 16;

    private final JsonObject object;

    private Body(JsonObject object) {
        this.object = object;
    }

    static Body of(HttpExchange exchange) throws IOException, Problem {
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        if (type == null || !type.matches("(?i)application/json\\s*(;.*)?")) {
            throw new Problem(415, "Send JSON, and say so: Content-Type: application/json.");
        }
        byte[] bytes;
        try (InputStream in = exchange.getRequestBody()) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        }
        if (bytes.length > MOST_BYTES) {
            throw new Problem(413, "That is more than " + MOST_BYTES + " bytes.");
        }
        try {
            JsonElement body = JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8));
            if (body.isJsonObject()) {
                return new Body(body.getAsJsonObject());
            }
        } catch (JsonParseException e) {
            throw new Problem(400, "That is no JSON.");
        }
        throw new Problem(400, "That is no JSON object.");
    }

    String text(String name) throws Problem {
        return value(name)
                .filter(JsonPrimitive::isString)
                .map(JsonPrimitive::getAsString)
                .orElseThrow(() -> new Problem(400, "'" + name + "' is missing; it is a text."));
    }

    /** A number from {@code least} to {@code most}. */
    long number(String name, long least, long most) throws Problem {
        return value(name)
                .filter(JsonPrimitive::isNumber)
                .map(JsonPrimitive::getAsDouble)
                .filter(number -> number >= least && number <= most)
                .map(Double::longValue)
                .orElseThrow(() ->
                        new Problem(400, "'" + name + "' is missing; it is a number, " + least + " to " + most + "."));
    }

    boolean flag(String name) throws Problem {
        return value(name)
                .filter(JsonPrimitive::isBoolean)
                .map(JsonPrimitive::getAsBoolean)
                .orElseThrow(() -> new Problem(400, "'" + name + "' is missing; it is true or false."));
    }

    private Optional<JsonPrimitive> value(String name) {
        return Optional.ofNullable(object.get(name))
                .filter(JsonElement::isJsonPrimitive)
                .map(JsonElement::getAsJsonPrimitive);
    }
}
