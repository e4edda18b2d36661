package tier6.shell.internal;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import tier6.json.Text;

/** Values as people read them. */
final class Words {
    /** Stands for what is not there. */
    static final String NONE = "-";

    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB", "EB"};

    private Words() {}

    /** {@code 12ms}, {@code 3.2s}, {@code 3m12s}, {@code 5h07m}, {@code 2d04h}: two units at most. */
    static String duration(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        long seconds = millis / 1000;
        if (seconds == 0) {
            return millis + "ms";
        }
        if (seconds < 10) {
            return seconds + "." + millis % 1000 / 100 + "s";
        }
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return pair(seconds / 60, "m", seconds % 60, "s");
        }
        if (seconds < 86400) {
            return pair(seconds / 3600, "h", seconds / 60 % 60, "m");
        }
        return pair(seconds / 86400, "d", seconds / 3600 % 24, "h");
    }

    private static String pair(long high, String highUnit, long low, String lowUnit) {
        return String.format(Locale.ROOT, "%d%s%02d%s", high, highUnit, low, lowUnit);
    }

    /** The same, or {@link #NONE}. */
    static String duration(Optional<Duration> duration) {
        return duration.map(Words::duration).orElse(NONE);
    }

    /** A time on the wire: {@code 0.35ms}, {@code 12.3ms}. */
    static String roundTrip(Optional<Duration> time) {
        return time.map(t -> {
                    double millis = t.toNanos() / 1e6;
                    return String.format(Locale.ROOT, millis < 10 ? "%.2fms" : "%.1fms", millis);
                })
                .orElse(NONE);
    }

    /** {@code 999 B}, {@code 1.4 kB}, {@code 12.3 MB}: powers of 1000, as networks count. */
    static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        do {
            value /= 1000;
            unit++;
        } while (value >= 999.95 && unit < UNITS.length - 1);
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /** {@code 198.51.100.7:4500}, {@code [2001:db8::7]:4500}. */
    static String address(InetSocketAddress address) {
        return Text.of(address);
    }

    /** The same, or {@link #NONE}. */
    static String address(Optional<InetSocketAddress> address) {
        return address.map(Words::address).orElse(NONE);
    }

    /** {@code NO_SECRET} as {@code no secret}. */
    static String constant(Enum<?> constant) {
        return Text.of(constant);
    }

    /** {@code 1 peer}, {@code 2 peers}. */
    static String count(long count, String one) {
        return count + " " + one + (count == 1 ? "" : "s");
    }
}
