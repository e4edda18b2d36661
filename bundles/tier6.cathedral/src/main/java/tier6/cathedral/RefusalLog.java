package tier6.cathedral;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Says why offers are refused, without letting strangers fill the log: the first of its kind, then one line each 5 s. */
final class RefusalLog {
    private static final long INTERVAL_MILLIS = 5_000;
    private static final Logger LOG = System.getLogger(CathedralCore.class.getName());

    private final Map<CathedralCounter, Entry> entries = new EnumMap<>(CathedralCounter.class);

    private static final class Entry {
        long quietUntil;
        long more;
    }

    void refused(CathedralCounter why, InetSocketAddress from, long flock, int csId, long now) {
        if (opens(why, now)) {
            LOG.log(
                    Level.INFO,
                    "refused an offer from {0} for device {1} of flock {2}: {3}",
                    Address.name(from),
                    Device.name(csId),
                    Long.toHexString(flock),
                    reason(why));
        }
    }

    /** Whether it was told, and so may be told the device too. */
    boolean clock(int csId, long flock, long skewSeconds, long now) {
        boolean told = opens(CathedralCounter.DROP_CLOCK, now);
        if (told) {
            LOG.log(
                    Level.WARNING,
                    "the clock of device {0} of flock {1} is {2} s {3} ours: one of the two must be set",
                    Device.name(csId),
                    Long.toHexString(flock),
                    Math.abs(skewSeconds),
                    skewSeconds > 0 ? "ahead of" : "behind");
        }
        return told;
    }

    /** Says how many more there were. */
    void flush(long now) {
        entries.forEach((why, entry) -> {
            if (entry.more > 0 && now >= entry.quietUntil) {
                LOG.log(Level.INFO, "refused {0} more offers: {1}", entry.more, reason(why));
                entry.more = 0;
                entry.quietUntil = now + INTERVAL_MILLIS;
            }
        });
    }

    private boolean opens(CathedralCounter why, long now) {
        Entry entry = entries.computeIfAbsent(why, w -> new Entry());
        if (now < entry.quietUntil) {
            entry.more++;
            return false;
        }
        entry.quietUntil = now + INTERVAL_MILLIS;
        return true;
    }

    private static String reason(CathedralCounter why) {
        return why.name().replace("DROP_", "").replace('_', ' ').toLowerCase(Locale.ROOT);
    }
}
