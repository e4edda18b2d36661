package tier6.sanctum;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** The recorded test vectors, among the test resources. */
public final class Vectors {

    private Vectors() {}

    /** The file {@code vectors/<name>.json}. */
    public static JsonObject load(String name) {
        try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + name + ".json")) {
            return JsonParser.parseReader(
                            new InputStreamReader(Objects.requireNonNull(in, name), StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The objects in the array {@code cases} of that file; there is at least one. */
    public static List<JsonObject> cases(String name) {
        return objects(load(name), "cases");
    }

    /** The objects in an array; there is at least one. */
    public static List<JsonObject> objects(JsonObject holder, String field) {
        List<JsonObject> objects = new ArrayList<>();
        for (JsonElement element : holder.getAsJsonArray(field)) {
            objects.add(element.getAsJsonObject());
        }
        if (objects.isEmpty()) {
            throw new IllegalStateException(field + " is empty");
        }
        return objects;
    }

    /** A field of hex digits as bytes. */
    public static byte[] hex(JsonObject holder, String field) {
        return HexFormat.of().parseHex(text(holder, field));
    }

    /** A field of hex digits as a number, up to 16 digits. */
    public static long id(JsonObject holder, String field) {
        return Long.parseUnsignedLong(text(holder, field), 16);
    }

    /** A field of hex digits as a number, up to 8 digits. */
    public static int id32(JsonObject holder, String field) {
        return Integer.parseUnsignedInt(text(holder, field), 16);
    }

    /** Bytes as such a field has them, for people to compare. */
    public static String digits(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** A field as text. */
    public static String text(JsonObject holder, String field) {
        return holder.get(field).getAsString();
    }
}
