package tier6.itest.net;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tier6.control.Client;

/** The shell of a running node, by its control socket: the commands of tier6 and those of Felix. */
public final class NodeShell {
    private static final int COLUMNS = 200;

    private final Path socket;

    public NodeShell(Path socket) {
        this.socket = socket;
    }

    /** Runs a command of scope {@code tier6}; its output must not be an error. */
    public String tier6(String... words) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Client client = new Client(socket, COLUMNS)) {
            if (client.run(List.of(words), out, out) != 0) {
                throw new IOException(String.join(" ", words) + ": " + out.toString(StandardCharsets.UTF_8));
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Runs a line in the whole shell; returns its output, errors too. */
    public String line(String line) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Client client = new Client(socket, COLUMNS)) {
            client.shell(line, InputStream.nullInputStream(), out, out);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** The number of the bundle of that name, the newest if there are several. */
    public long bundle(String name) throws IOException {
        Matcher matcher = Pattern.compile("(\\d+)\\|[^|]*\\|[^|]*\\|" + Pattern.quote(name) + " ")
                .matcher(line("felix:lb -s"));
        long id = -1;
        while (matcher.find()) {
            id = Math.max(id, Long.parseLong(matcher.group(1)));
        }
        if (id < 0) {
            throw new IOException("no bundle " + name);
        }
        return id;
    }

    /** What {@code tier6:swap} says about a role. */
    public JsonObject role(String name) throws IOException {
        JsonArray roles = JsonParser.parseString(tier6("swap", "--json"))
                .getAsJsonObject()
                .getAsJsonArray("roles");
        for (JsonElement role : roles) {
            if (role.getAsJsonObject().get("role").getAsString().equals(name)) {
                return role.getAsJsonObject();
            }
        }
        throw new IOException("no role " + name + " in " + roles);
    }

    /** Name and bundle of who has a role, or {@code none}. */
    public String serving(String role) throws IOException {
        JsonElement serving = role(role).get("serving");
        return serving.isJsonNull()
                ? "none"
                : serving.getAsJsonObject().get("name").getAsString() + " of "
                        + serving.getAsJsonObject().get("bundle").getAsString();
    }
}
