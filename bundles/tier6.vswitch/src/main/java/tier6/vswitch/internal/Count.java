package tier6.vswitch.internal;

/** What is counted, for each port and for the whole switch. The switch's numbers include ports that are gone. */
enum Count {
    FRAMES_IN,
    BYTES_IN,
    FRAMES_OUT,
    BYTES_OUT,
    /** Frames that came in and went to every port that they may go to. */
    FRAMES_FLOODED,
    /** Reminders of local addresses that went out: see {@link Refresher}. */
    FRAMES_REFRESH,
    /** Shorter than an Ethernet header. */
    DROP_SHORT,
    /** The filter does not let this EtherType pass. */
    DROP_ETHERTYPE,
    /** To the address zero, which nobody has. */
    DROP_NOBODY,
    /** To an address that was learned on the port where the frame came from. */
    DROP_SAME_PORT,
    /** From one peer to an address of another. */
    DROP_TUNNEL_TO_TUNNEL,
    /** To an address that is not known, and such frames are not to be flooded. */
    DROP_UNKNOWN_UNICAST,
    /** To be flooded, but there is no port to flood to. */
    DROP_NO_PORT,
    /** Came in after the port was closed. */
    DROP_CLOSED,
    /** The egress of the port that it should leave by threw an exception. */
    DROP_EGRESS_FAILED,
    /** Addresses seen for the first time on any port. */
    MACS_LEARNED,
    /** Addresses that came from another port. */
    MACS_MOVED,
    /** Addresses forgotten because they were idle for too long. */
    MACS_AGED,
    /** Addresses forgotten because others needed their place. */
    MACS_EVICTED;

    static final Count[] ALL = values();
}
