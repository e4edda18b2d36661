package tier6.api.discovery;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A cathedral as a node sees it.
 *
 * @param address where it is
 * @param current whether it is the one in use
 * @param heard how long ago its last authentic answer came, if any ever did
 * @param roundTrip time from question to answer, last measured
 */
public record CathedralStatus(
        InetSocketAddress address, boolean current, Optional<Duration> heard, Optional<Duration> roundTrip) {}
