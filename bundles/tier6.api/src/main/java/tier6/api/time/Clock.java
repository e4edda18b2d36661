package tier6.api.time;

import org.osgi.annotation.versioning.ConsumerType;

/** The two clocks of a computer, so that tests can turn the hands. Any thread. */
@ConsumerType
public interface Clock {
    /** Nanoseconds from anywhere; never goes back, never jumps. For timers. */
    long nanos();

    /** Milliseconds since 1970, as people set it. For what others compare with their own. */
    long unixMillis();

    /** The computer's own. */
    static Clock system() {
        return new Clock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public long unixMillis() {
                return System.currentTimeMillis();
            }
        };
    }
}
