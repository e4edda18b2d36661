package tier6.discovery.reliquary;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A JSON object of an answer; every field is looked at before it is believed. Secrets in it become strings for a moment. */
final class Json {
    private static final TypeAdapter<JsonElement> READER = new Gson().getAdapter(JsonElement.class);

    private final JsonObject object;

    private Json(JsonObject object) {
        this.object = object;
    }

    /** Reads a body. */
    static Json read(String body) throws Unexpected {
        try {
            if (READER.fromJson(body) instanceof JsonObject object) {
                return new Json(object);
            }
        } catch (JsonParseException | IOException e) {
            // says less than we do
        }
        throw new Unexpected("no JSON object");
    }

    /** The answer is not what a Reliquary answers. */
    static final class Unexpected extends Exception {
        private static final long serialVersionUID = 1;

        Unexpected(String what) {
            super(what, null, false, false);
        }
    }

    boolean has(String name) {
        return object.has(name);
    }

    /** A text, or a number as text, that matches a pattern. */
    String text(String name, String pattern) throws Unexpected {
        JsonElement value = object.get(name);
        if (value == null || !value.isJsonPrimitive() || !value.getAsString().matches(pattern)) {
            throw new Unexpected("no usable '" + name + "'");
        }
        return value.getAsString();
    }

    int number(String name, int least, int most) throws Unexpected {
        long number = Long.parseLong(text(name, "\\d{1,9}"));
        if (number < least || number > most) {
            throw new Unexpected("no usable '" + name + "'");
        }
        return (int) number;
    }

    List<Json> list(String name) throws Unexpected {
        JsonElement value = object.get(name);
        if (value == null || !value.isJsonArray()) {
            throw new Unexpected("no list '" + name + "'");
        }
        List<Json> all = new ArrayList<>();
        for (JsonElement element : value.getAsJsonArray()) {
            if (!element.isJsonObject()) {
                throw new Unexpected("something else in list '" + name + "'");
            }
            all.add(new Json(element.getAsJsonObject()));
        }
        return all;
    }
}
