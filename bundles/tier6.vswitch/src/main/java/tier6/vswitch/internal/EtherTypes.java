package tier6.vswitch.internal;

import java.util.BitSet;
import java.util.Locale;
import java.util.stream.Collectors;
import tier6.api.frame.Ethernet;

/** Which EtherTypes may pass. Immutable. */
final class EtherTypes {
    static final EtherTypes ALL = new EtherTypes(null);

    /** Those that the C program lets pass (specification section 17.1). */
    static final EtherTypes COMPATIBLE = of(Ethernet.IPV4, Ethernet.ARP, Ethernet.VLAN, Ethernet.IPV6);

    private final BitSet passing;

    private EtherTypes(BitSet passing) {
        this.passing = passing;
    }

    private static EtherTypes of(int... types) {
        BitSet passing = new BitSet(1 << 16);
        for (int type : types) {
            passing.set(type);
        }
        return new EtherTypes(passing);
    }

    /**
     * Reads {@code all}, {@code compatible} or hexadecimal numbers with commas between them.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static EtherTypes parse(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "all" -> ALL;
            case "compatible" -> COMPATIBLE;
            default -> list(text);
        };
    }

    private static EtherTypes list(String text) {
        String[] words = text.split(",", -1);
        int[] types = new int[words.length];
        for (int i = 0; i < words.length; i++) {
            String word = words[i].strip();
            if (!word.matches("[0-9a-fA-F]{1,4}")) {
                throw new IllegalArgumentException(
                        "is neither all, nor compatible, nor hexadecimal numbers such as 0800,86dd: " + text);
            }
            types[i] = Integer.parseInt(word, 16);
        }
        return of(types);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return passing == null
                ? "all"
                : passing.stream().mapToObj("%04x"::formatted).collect(Collectors.joining(","));
    }

    boolean passes(int type) {
        return passing == null || passing.get(type);
    }
}
