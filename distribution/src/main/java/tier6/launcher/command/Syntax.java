package tier6.launcher.command;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a command is written, read from the line that its help shows, so that the help cannot lie: words in capitals, options
 * with or without a value, brackets around what may be left out.
 */
final class Syntax {
    private static final Pattern PART = Pattern.compile("(\\[?)(?:(--[a-z-]+)(?: ([A-Z:-]+))?|([A-Z.-]+))\\]?");

    private static final Set<String> HELP = Set.of("-h", "--help");

    /** An option or word: what its value is called, or null if it has none, and whether it may be left out. */
    private record Part(String value, boolean optional) {}

    private final Map<String, Part> words = new LinkedHashMap<>();
    private final Map<String, Part> options = new LinkedHashMap<>();

    /** Reads a line such as {@code FLOCK [OTHER] --days N [--force]}. */
    Syntax(String line) {
        Matcher part = PART.matcher(line);
        while (part.find()) {
            boolean optional = !part.group(1).isEmpty();
            if (part.group(2) == null) {
                words.put(part.group(4), new Part(part.group(4), optional));
            } else {
                options.put(part.group(2), new Part(part.group(3), optional));
            }
        }
    }

    /**
     * Reads what was typed.
     *
     * @return empty if it asks for help
     * @throws Unusable if it cannot be understood
     */
    Optional<Arguments> parse(List<String> typed) throws Unusable {
        if (typed.stream().takeWhile(text -> !text.equals("--")).anyMatch(HELP::contains)) {
            return Optional.empty();
        }
        Map<String, String> values = new LinkedHashMap<>();
        List<String> names = List.copyOf(words.keySet());
        int word = 0;
        boolean onlyWords = false;
        for (int i = 0; i < typed.size(); i++) {
            String text = typed.get(i);
            if (!onlyWords && text.equals("--")) {
                onlyWords = true;
            } else if (!onlyWords && text.startsWith("-") && text.length() > 1) {
                i += option(text, i + 1 < typed.size() ? typed.get(i + 1) : null, values);
            } else if (word < names.size()) {
                values.put(names.get(word++), text);
            } else {
                throw new Unusable("'" + text + "' is one word too many");
            }
        }
        checkComplete(words, values);
        checkComplete(options, values);
        return Optional.of(new Arguments(values));
    }

    /** Takes an option; returns how many of the words after it belong to it. */
    private int option(String text, String next, Map<String, String> values) throws Unusable {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        Part part = options.get(name);
        if (part == null) {
            throw new Unusable("there is no option '" + name + "' here"
                    + (options.isEmpty() ? "" : ", only " + String.join(", ", options.keySet())));
        }
        String value = equals < 0 ? next : text.substring(equals + 1);
        if (part.value() == null) {
            if (equals >= 0) {
                throw new Unusable(name + " takes no value");
            }
            value = "";
        } else if (value == null) {
            throw new Unusable(name + " needs a value: " + name + " " + part.value());
        }
        if (values.put(name, value) != null) {
            throw new Unusable(name + " is there twice");
        }
        return part.value() != null && equals < 0 ? 1 : 0;
    }

    private static void checkComplete(Map<String, Part> parts, Map<String, String> values) throws Unusable {
        for (Map.Entry<String, Part> part : parts.entrySet()) {
            if (!part.getValue().optional() && !values.containsKey(part.getKey())) {
                boolean option = part.getKey().startsWith("-");
                throw new Unusable(
                        part.getKey() + (option ? " " + part.getValue().value() : "") + " is missing");
            }
        }
    }
}
