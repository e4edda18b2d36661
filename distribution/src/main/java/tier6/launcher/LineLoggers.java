package tier6.launcher;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.ResourceBundle;

/**
 * The loggers of this process, for whoever asks {@link System#getLogger}: one line an event, {@code HH:MM:SS level
 * component message}, to standard error unless told otherwise. They do without {@code java.util.logging}, whose shutdown
 * hook would silence a node just when it says how it stops.
 */
public final class LineLoggers extends System.LoggerFinder {

    /** Where lines go. Called from any thread. */
    @FunctionalInterface
    public interface Sink {
        /**
         * @param component what speaks, such as {@code mesh}
         * @param message one line, without its time and level
         */
        void line(Level level, String component, String message);
    }

    private static final Level THRESHOLD = threshold(System.getenv("TIER6_LOG"));
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    /** As it was at first: the shell of each node puts streams of its own in its place, and closes them. */
    private static final PrintStream STANDARD_ERROR = System.err;

    private static final boolean JSON = "json".equalsIgnoreCase(System.getenv("TIER6_LOG_FORMAT"));

    private static final Repetitions REPETITIONS = new Repetitions(System::nanoTime);

    private static volatile Sink sink = LineLoggers::toStandardError;

    /** Sends all lines of this process elsewhere from now on. */
    public static void to(Sink other) {
        sink = other;
    }

    /** The sink of the beginning: a line for people, or with {@code TIER6_LOG_FORMAT=json} an object for programs. */
    public static void toStandardError(Level level, String component, String message) {
        if (JSON) {
            STANDARD_ERROR.println(json(level, component, message));
            return;
        }
        STANDARD_ERROR.println(LocalTime.now().format(TIME) + " "
                + level.getName().toLowerCase(Locale.ROOT) + " " + component + " " + message);
    }

    static String json(Level level, String component, String message) {
        return "{\"time\":\"" + Instant.now() + "\",\"level\":\""
                + level.getName().toLowerCase(Locale.ROOT) + "\",\"component\":\"" + escaped(component)
                + "\",\"message\":\"" + escaped(message) + "\"}";
    }

    /** There are no control characters in a line (RFC 8259, section 7, knows only these besides). */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }

    /** A stream whose lines go where those of the loggers go. */
    static PrintStream stream(Level level) {
        OutputStream lines = new OutputStream() {
            private final ByteArrayOutputStream line = new ByteArrayOutputStream();

            @Override
            public void write(int b) {
                if (b != '\n') {
                    line.write(b);
                } else if (line.size() > 0) {
                    sink.line(level, "output", oneLine(line.toString(StandardCharsets.UTF_8)));
                    line.reset();
                }
            }
        };
        return new PrintStream(lines, false, StandardCharsets.UTF_8);
    }

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new LineLogger(name);
    }

    private static Level threshold(String name) {
        for (Level level : Level.values()) {
            if (level.name().equalsIgnoreCase(name)) {
                return level;
            }
        }
        return Level.INFO;
    }

    private static final class LineLogger implements System.Logger {
        private final String name;
        private final String component;

        LineLogger(String name) {
            this.name = name;
            this.component = name.replaceFirst("^tier6\\.", "").replace(".internal", "");
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            // The JDK speaks through the same loggers; its chatter is not ours to show.
            int wanted = name.startsWith("tier6") ? THRESHOLD.getSeverity() : Level.WARNING.getSeverity();
            return level != Level.OFF && level.getSeverity() >= wanted;
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
            if (isLoggable(level)) {
                say(level, component, oneLine(thrown == null ? message : message + because(thrown)));
            }
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... params) {
            if (isLoggable(level)) {
                boolean plain = format == null || params == null || params.length == 0;
                say(level, component, oneLine(plain ? format : MessageFormat.format(format, params)));
            }
        }
    }

    private static void say(Level level, String component, String message) {
        String limited = REPETITIONS.limit(component, message);
        if (limited != null) {
            sink.line(level, component, limited);
        }
    }

    /** The chain of causes in words; the stack only for who asked for detail. */
    private static String because(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        for (Throwable t = thrown; t != null && t != t.getCause(); t = t.getCause()) {
            text.append(": ").append(t.getMessage() == null ? t.getClass().getName() : t.getMessage());
            if (THRESHOLD.getSeverity() <= Level.DEBUG.getSeverity()) {
                for (StackTraceElement element : t.getStackTrace()) {
                    text.append(" < ").append(element);
                }
            }
        }
        return text.toString();
    }

    /** What a peer sends may end up in a message: it must not write lines or steer a terminal. */
    private static String oneLine(String message) {
        return message == null ? "" : message.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ");
    }
}
