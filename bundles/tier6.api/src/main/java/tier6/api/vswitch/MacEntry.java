package tier6.api.vswitch;

import java.time.Duration;

/**
 * An address that the switch has learned.
 *
 * @param mac the address, see {@link tier6.api.frame.Ethernet}
 * @param port name of the port that it lives behind
 * @param idle how long ago a frame from it was last seen
 */
public record MacEntry(long mac, String port, Duration idle) {}
