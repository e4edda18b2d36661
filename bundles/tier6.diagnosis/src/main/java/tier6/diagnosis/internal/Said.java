package tier6.diagnosis.internal;

import java.time.Duration;
import java.util.Locale;

/** Values as people read them. */
final class Said {
    private Said() {}

    /** {@code 250 ms}, {@code 3.2 s}, {@code 12 min}, {@code 5.3 h}. */
    static String duration(Duration duration) {
        double seconds = Math.max(0, duration.toMillis()) / 1000.0;
        if (seconds < 1) {
            return Math.round(seconds * 1000) + " ms";
        }
        if (seconds < 120) {
            return number(seconds) + " s";
        }
        return seconds < 7200 ? Math.round(seconds / 60) + " min" : number(seconds / 3600) + " h";
    }

    /** A time on the wire, in milliseconds. */
    static String millis(double millis) {
        return String.format(Locale.ROOT, millis < 10 ? "%.2f" : "%.1f", millis);
    }

    private static String number(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }
}
