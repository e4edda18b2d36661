package tier6.vswitch.internal;

import java.time.Duration;
import java.util.Map;

/**
 * How the switch behaves.
 *
 * @param ageing how long an address is remembered that sends nothing
 * @param capacity the most addresses a port
 * @param floodUnknown whether frames to unknown addresses go to every port instead of nowhere
 * @param etherTypes which frames may pass
 * @param refresh whether peers are reminded of local addresses: see {@link Refresher}
 */
record SwitchConfig(Duration ageing, int capacity, boolean floodUnknown, EtherTypes etherTypes, boolean refresh) {
    static final SwitchConfig DEFAULT = new SwitchConfig(Duration.ofSeconds(300), 4096, true, EtherTypes.ALL, true);

    private static final int MIN_AGEING = 10;
    private static final int MAX_AGEING = 1_000_000;
    private static final int MAX_CAPACITY = 1 << 16;

    /**
     * Reads a configuration; what it does not mention is as in {@link #DEFAULT}.
     *
     * @throws IllegalArgumentException with a sentence for people that names the property
     */
    static SwitchConfig from(Map<String, ?> properties) {
        return new SwitchConfig(
                Duration.ofSeconds(number(properties, "ageing", 300, MIN_AGEING, MAX_AGEING)),
                number(properties, "capacity", DEFAULT.capacity, 1, MAX_CAPACITY),
                choice(properties, "unknown.unicast", "flood", "drop"),
                etherTypes(properties),
                choice(properties, "refresh", "on", "off"));
    }

    private static int number(Map<String, ?> properties, String name, int otherwise, int min, int max) {
        String text = text(properties, name, Integer.toString(otherwise));
        try {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(name + " is not a number from " + min + " to " + max + ": " + text);
    }

    /** Whether the first of two words is there; it is the default. */
    private static boolean choice(Map<String, ?> properties, String name, String first, String second) {
        String text = text(properties, name, first);
        if (!text.equals(first) && !text.equals(second)) {
            throw new IllegalArgumentException(name + " is neither " + first + " nor " + second + ": " + text);
        }
        return text.equals(first);
    }

    private static EtherTypes etherTypes(Map<String, ?> properties) {
        try {
            return EtherTypes.parse(text(properties, "ethertypes", "all"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("ethertypes " + e.getMessage(), e);
        }
    }

    private static String text(Map<String, ?> properties, String name, String otherwise) {
        Object value = properties.get(name);
        return value == null ? otherwise : value.toString().strip();
    }
}
