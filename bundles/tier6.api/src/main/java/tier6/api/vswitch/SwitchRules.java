package tier6.api.vswitch;

import java.time.Duration;

/**
 * What a switch does with frames.
 *
 * @param floodUnknown whether a frame to an address that is not known goes to every port, or is dropped
 * @param etherTypes which EtherTypes pass: {@code all}, or hexadecimal numbers with commas between them
 * @param ageing after which time an idle address is forgotten
 */
public record SwitchRules(boolean floodUnknown, String etherTypes, Duration ageing) {}
