package tier6.diagnosis.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was typed after a command, read by the line that its help shows, so that the help cannot lie: words in capitals,
 * options with or without a value, brackets around what may be left out, and {@code ...} behind a word that takes all.
 */
final class Line {
    private static final Pattern PART =
            Pattern.compile("(\\[?)(?:(--?[a-zA-Z]+)(?: ([A-Z]+))?|([A-Z]+)(\\.\\.\\.)?)\\]?");

    private final Map<String, String> values = new LinkedHashMap<>();

    private Line() {}

    /**
     * Reads what was typed.
     *
     * @param command its name
     * @param syntax such as {@code PEER [-c COUNT] [--json]}
     * @throws IllegalArgumentException if that cannot be meant
     */
    static Line read(String command, String syntax, String... typed) {
        Map<String, Boolean> options = new LinkedHashMap<>();
        Map<String, Boolean> words = new LinkedHashMap<>();
        String all = null;
        for (Matcher part = PART.matcher(syntax); part.find(); ) {
            if (part.group(2) != null) {
                options.put(part.group(2), part.group(3) != null);
            } else {
                words.put(part.group(4), part.group(1).isEmpty());
                all = part.group(5) == null ? all : part.group(4);
            }
        }
        Line line = new Line();
        List<String> names = List.copyOf(words.keySet());
        int next = 0;
        for (int i = 0; i < typed.length; i++) {
            String text = typed[i];
            if (text.equals("-h") || text.equals("--help")) {
                line.values.put("--help", "");
                return line;
            } else if (text.startsWith("-") && text.length() > 1) {
                if (!options.containsKey(text)) {
                    throw bad(command, "there is no option \"" + text + "\"");
                }
                boolean takesValue = options.get(text);
                if (takesValue && i + 1 == typed.length) {
                    throw bad(command, text + " needs a value");
                }
                line.values.put(text, takesValue ? typed[++i] : "");
            } else if (next < names.size()) {
                line.values.put(names.get(next++), text);
            } else if (all != null) {
                line.values.merge(all, text, (before, more) -> before + " " + more);
            } else {
                throw bad(command, "\"" + text + "\" is one word too many");
            }
        }
        words.forEach((name, needed) -> {
            if (needed && !line.values.containsKey(name)) {
                throw bad(command, name + " is missing");
            }
        });
        return line;
    }

    private static IllegalArgumentException bad(String command, String what) {
        return new IllegalArgumentException(what + "; see tier6 " + command + " --help");
    }

    /** The help of a command. */
    static String help(String command, String syntax, String text) {
        return "tier6:" + command + " " + syntax + "\n\n" + text;
    }

    boolean help() {
        return has("--help");
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** A word, or the value of an option; {@code fallback} if it is not there. */
    String text(String name, String fallback) {
        return values.getOrDefault(name, fallback);
    }

    /** A number; {@code fallback} if it is not there. */
    double number(String name, double least, double most, double fallback) {
        String text = values.get(name);
        if (text == null) {
            return fallback;
        }
        double number = text.matches("\\d{1,9}(\\.\\d{1,6})?") ? Double.parseDouble(text) : -1;
        if (number < least || number > most) {
            throw new IllegalArgumentException(
                    "%s takes a number from %s to %s, not \"%s\"".formatted(name, plain(least), plain(most), text));
        }
        return number;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
