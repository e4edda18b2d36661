package tier6.sanctum.session;

/**
 * Why a packet was not sealed or not opened. On the data path a reason travels as a negative {@link #code()}, where a
 * length would be.
 */
public enum DropReason {
    /** Fewer bytes than the overhead of a packet. */
    TOO_SHORT,
    /** The flocks in the header are not those of this peer and of this node. */
    FLOCK,
    /** No key of that SPI. */
    UNKNOWN_SPI,
    /** The short sequence number is not the low half of the packet number. */
    SEQUENCE,
    /** The packet number was seen before, or lies behind the window, or is 0. */
    REPLAYED,
    /** The tag is wrong. */
    NOT_AUTHENTIC,
    /** Authentic, but with a tail that means nothing. */
    TAIL,
    /** The output array has too little room. */
    NO_ROOM,
    /** The key is gone. */
    CLOSED;

    private static final DropReason[] VALUES = values();

    /** A number below 0. */
    public int code() {
        return -1 - ordinal();
    }

    /** The reason with that {@link #code()}. */
    public static DropReason of(int code) {
        return VALUES[-1 - code];
    }
}
