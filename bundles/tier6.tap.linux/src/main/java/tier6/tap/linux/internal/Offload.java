package tier6.tap.linux.internal;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a TAP of Linux can leave to us, and we to it. All but {@link #CSUM} need {@link #CSUM}. */
enum Offload {
    /** Frames whose checksum is not filled in. */
    CSUM(1),
    /** TCP over IPv4 in super-frames. */
    TSO4(2),
    /** TCP over IPv6 in super-frames. */
    TSO6(4),
    /** Super-frames of TCP that begin with a congestion window reduced flag. */
    ECN(8),
    /** UDP over IPv4 in super-frames (Linux 6.2). */
    USO4(0x20),
    /** UDP over IPv6 in super-frames. The kernel knows USO only as a pair. */
    USO6(0x40);

    private final int flag;

    Offload(int flag) {
        this.flag = flag;
    }

    /** The argument of TUNSETOFFLOAD that says {@code some}. */
    static int flags(Set<Offload> some) {
        int flags = 0;
        for (Offload one : some) {
            flags |= one.flag;
        }
        return flags;
    }

    /**
     * Reads a configuration: {@code auto}, {@code off}, or names with commas.
     *
     * @throws IllegalArgumentException with a sentence
     */
    static Set<Offload> parse(String text) {
        EnumSet<Offload> some = EnumSet.noneOf(Offload.class);
        for (String word : text.trim().toLowerCase(Locale.ROOT).split("[\\s,]+")) {
            switch (word) {
                case "auto" -> some.addAll(EnumSet.allOf(Offload.class));
                case "off", "" -> {}
                default -> some.add(named(word));
            }
        }
        if (!some.isEmpty()) {
            some.add(CSUM);
        }
        return some;
    }

    private static Offload named(String word) {
        for (Offload one : values()) {
            if (one.name().toLowerCase(Locale.ROOT).equals(word)) {
                return one;
            }
        }
        throw new IllegalArgumentException(
                "offload is auto, off, or some of csum, tso4, tso6, ecn, uso4, uso6 with commas, not " + word);
    }
}
