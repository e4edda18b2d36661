package tier6.api.vswitch;

import java.util.Map;

/**
 * A port at one moment.
 *
 * @param name its name
 * @param kind what is behind it
 * @param macs how many addresses are learned on it
 * @param counters numbers by name, among them {@code frames-in}, {@code frames-out}, {@code bytes-in}, {@code
 *     bytes-out} and one for each reason to drop
 */
public record PortStatus(String name, PortKind kind, int macs, Map<String, Long> counters) {}
