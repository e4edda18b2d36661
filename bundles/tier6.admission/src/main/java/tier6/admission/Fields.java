package tier6.admission;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tier6.sanctum.file.KeyFiles;

/** A small file of lines, each a name, a blank and a value: what is remembered between two runs. */
public final class Fields {
    private static final int MOST_BYTES = 64 * 1024;

    private final Map<String, String> values = new LinkedHashMap<>();

    /** Sets a value. */
    public Fields put(String name, Object value) {
        values.put(name, String.valueOf(value).replaceAll("\\R", " "));
        return this;
    }

    /** A value, or "" if there is none. */
    public String text(String name) {
        return values.getOrDefault(name, "");
    }

    /** A decimal number, or 0 if there is none. */
    public long number(String name) {
        String text = text(name);
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    /** A hexadecimal number, or 0 if there is none. */
    public long hex(String name) {
        String text = text(name);
        return text.matches("[0-9a-f]{1,16}") ? Long.parseUnsignedLong(text, 16) : 0;
    }

    /** Whether a value is {@code yes}. */
    public boolean yes(String name) {
        return text(name).equals("yes");
    }

    /** Reads a file. */
    public static Fields read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file + " is too large for what it should be");
        }
        Fields fields = new Fields();
        Files.readString(file, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.strip().split(" ", 2))
                .forEach(words -> fields.values.put(words[0], words.length > 1 ? words[1] : ""));
        return fields;
    }

    /** Writes a file that only its owner can read, in one step. */
    public void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        values.forEach(
                (name, value) -> text.append(name).append(' ').append(value).append('\n'));
        KeyFiles.writeSecret(file, text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
