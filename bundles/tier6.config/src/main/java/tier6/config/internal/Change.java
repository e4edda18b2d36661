package tier6.config.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a new configuration file changes for one component.
 *
 * @param pid of the component
 * @param before its properties until now; null if it had none
 * @param after its properties from now on; null if it shall have none
 */
record Change(String pid, Map<String, Object> before, Map<String, Object> after) {

    /** What changes from some configurations to others, in the order of their PIDs. */
    static List<Change> between(Map<String, Map<String, Object>> before, Map<String, Map<String, Object>> after) {
        TreeSet<String> pids = new TreeSet<>(before.keySet());
        pids.addAll(after.keySet());
        List<Change> changes = new ArrayList<>();
        for (String pid : pids) {
            if (!isSame(before.get(pid), after.get(pid))) {
                changes.add(new Change(pid, before.get(pid), after.get(pid)));
            }
        }
        return changes;
    }

    static boolean isSame(Map<String, Object> one, Map<String, Object> other) {
        return one == null || other == null ? one == other : words(one).equals(words(other));
    }

    private static Map<String, String> words(Map<String, Object> properties) {
        Map<String, String> words = new TreeMap<>();
        properties.forEach((name, value) ->
                words.put(name, value instanceof Object[] many ? Arrays.toString(many) : String.valueOf(value)));
        return words;
    }

    /** A property that changes; absent where there was none or shall be none. */
    record Property(String name, Optional<String> before, Optional<String> after) {}

    /** The properties that change, in the order of their names. */
    List<Property> properties() {
        Map<String, String> old = words(before == null ? Map.of() : before);
        Map<String, String> fresh = words(after == null ? Map.of() : after);
        TreeSet<String> names = new TreeSet<>(old.keySet());
        names.addAll(fresh.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(old.get(name), fresh.get(name)))
                .map(name ->
                        new Property(name, Optional.ofNullable(old.get(name)), Optional.ofNullable(fresh.get(name))))
                .toList();
    }

    /** For people: what changes, and what that interrupts. */
    String text() {
        return pid + ": "
                + properties().stream()
                        .map(p -> p.name() + " " + p.before().orElse("-") + " -> "
                                + p.after().orElse("-"))
                        .collect(Collectors.joining(", "))
                + " (" + effect() + ")";
    }

    /** What changing it interrupts. */
    String effect() {
        int tilde = pid.indexOf('~');
        return switch (tilde < 0 ? pid : pid.substring(0, tilde)) {
            case "tier6.vswitch" -> "at once, interrupts nothing";
            case "tier6.mesh" -> "the interface is opened anew, tunnels stay";
            case "tier6.transport.sanctum" -> "all tunnels are made anew, which takes a few seconds";
            case "tier6.admission" -> "the door for new devices opens anew, tunnels stay";
            case "tier6.cathedral" -> "the cathedral starts anew; nodes announce themselves again, direct tunnels stay";
            case "tier6.names" -> "names are learned anew, tunnels stay";
            case "tier6.http" -> "the HTTP server starts anew, tunnels stay";
            default -> "peers are looked for anew, tunnels of peers that stay known stay up";
        };
    }
}
