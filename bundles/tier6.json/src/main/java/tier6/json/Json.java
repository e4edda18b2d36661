package tier6.json;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tier6.api.event.NodeEvent;
import tier6.api.frame.Ethernet;
import tier6.api.peer.PeerId;

/**
 * Values of {@code tier6.api} as JSON (RFC 8259): a record is an object of its components, a duration is a number of
 * seconds, a constant is in small letters, what is absent is {@code null}. An event has its kind as {@code event}, such as
 * {@code peer-found}.
 */
public final class Json {
    private static final Gson LINE =
            new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    private static final Gson PRETTY = LINE.newBuilder().setPrettyPrinting().create();

    private Json() {}

    /** {@code value} as text, indented. */
    public static String write(Object value) {
        return PRETTY.toJson(element(value));
    }

    /** {@code value} as one line of text. */
    public static String line(Object value) {
        return LINE.toJson(element(value));
    }

    private static JsonElement element(Object value) {
        if (value == null) {
            return JsonNull.INSTANCE;
        } else if (value instanceof Optional<?> optional) {
            return element(optional.orElse(null));
        } else if (value instanceof Duration duration) {
            return new JsonPrimitive(duration.toNanos() / 1e9);
        } else if (value instanceof Number number) {
            return new JsonPrimitive(number);
        } else if (value instanceof Boolean bool) {
            return new JsonPrimitive(bool);
        } else if (value instanceof Enum<?> constant) {
            return new JsonPrimitive(Text.of(constant));
        } else if (value instanceof InetSocketAddress address) {
            return new JsonPrimitive(Text.of(address));
        } else if (value instanceof InetAddress address) {
            return new JsonPrimitive(address.getHostAddress());
        } else if (value instanceof Map<?, ?> map) {
            JsonObject object = new JsonObject();
            map.forEach((name, member) -> object.add(name.toString(), element(member)));
            return object;
        } else if (value instanceof Collection<?> collection) {
            JsonArray array = new JsonArray();
            collection.forEach(member -> array.add(element(member)));
            return array;
        } else if (value instanceof Record record && !(value instanceof PeerId)) {
            return object(record);
        }
        return new JsonPrimitive(value.toString());
    }

    private static JsonObject object(Record record) {
        JsonObject object = new JsonObject();
        if (record instanceof NodeEvent) {
            object.addProperty("event", kind(record.getClass().getSimpleName()));
        }
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            Object value;
            try {
                Method accessor = component.getAccessor();
                // It is public, but a record that is a bundle's own may not be.
                accessor.setAccessible(true);
                value = accessor.invoke(record);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(component + " of a record cannot be read", e);
            }
            boolean mac = component.getName().equals("mac") && value instanceof Long;
            object.add(component.getName(), element(mac ? Ethernet.format((Long) value) : value));
        }
        return object;
    }

    /** {@code PeerFound} as {@code peer-found}. */
    private static String kind(String name) {
        return name.replaceAll("(?<=.)(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
