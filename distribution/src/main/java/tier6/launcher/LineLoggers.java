package tier6.launcher;

import java.lang.System.Logger.Level;
import java.text.MessageFormat;
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
    private static volatile Sink sink = LineLoggers::toStandardError;

    /** Sends all lines of this process elsewhere from now on. */
    public static void to(Sink other) {
        sink = other;
    }

    /** The sink of the beginning. */
    public static void toStandardError(Level level, String component, String message) {
        System.err.println(LocalTime.now().format(TIME) + " " + level.getName().toLowerCase(Locale.ROOT) + " "
                + component + " " + message);
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
                sink.line(level, component, oneLine(thrown == null ? message : message + because(thrown)));
            }
        }

        @Override
        public void log(Level level, ResourceBundle bundle, String format, Object... params) {
            if (isLoggable(level)) {
                boolean plain = format == null || params == null || params.length == 0;
                sink.line(level, component, oneLine(plain ? format : MessageFormat.format(format, params)));
            }
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
