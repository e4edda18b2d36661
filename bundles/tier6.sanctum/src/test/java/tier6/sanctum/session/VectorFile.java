package tier6.sanctum.session;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Reads the recorded vectors. */
public final class VectorFile {

    private VectorFile() {}

    /** The whole of {@code vectors/NAME.json}. */
    public static JsonObject read(String name) {
        try (Reader in = new InputStreamReader(
                VectorFile.class.getResourceAsStream("/vectors/" + name + ".json"), StandardCharsets.UTF_8)) {
            return JsonParser.parseReader(in).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(JsonObject object, String field) {
        return object.get(field).getAsString();
    }

    public static byte[] bytes(JsonObject object, String field) {
        return HexFormat.of().parseHex(text(object, field));
    }

    /** A 32-bit value in big-endian hex. */
    public static int id32(JsonObject object, String field) {
        return (int) Long.parseLong(text(object, field), 16);
    }

    /** A 64-bit value in big-endian hex. */
    public static long id64(JsonObject object, String field) {
        return Long.parseUnsignedLong(text(object, field), 16);
    }

    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
