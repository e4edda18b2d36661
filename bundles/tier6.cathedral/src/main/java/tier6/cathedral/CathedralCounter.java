package tier6.cathedral;

/** What a cathedral counts. */
public enum CathedralCounter {
    /** Announcements of tunnels that were accepted. */
    INFOS,
    /** NAT probes that were accepted. */
    PROBES,
    /** Liturgies that were accepted. */
    LITURGIES,
    /** Offers of other cathedrals that were accepted. */
    CATACOMBS,
    /** Offers sent to clients. */
    ANSWERS,
    /** Offers sent to other cathedrals. */
    FEDERATED,
    /** Key offers passed on. */
    RELAYED_OFFERS,
    /** Data packets passed on. */
    RELAYED_DATAGRAMS,
    /** Bytes of the data packets passed on. */
    RELAYED_BYTES,
    /** Shorter than anything that could be meant for us. */
    DROP_SHORT,
    /** Datagrams in a shroud that nobody wears. */
    DROP_UNKNOWN_SHROUD,
    /** Offers whose flock is not in the settings. */
    DROP_UNKNOWN_FLOCK,
    /** Offers whose cs-id is not in its flock, or has no keys. */
    DROP_UNKNOWN_DEVICE,
    /** Offers of cathedrals that we do not federate with. */
    DROP_UNKNOWN_CATHEDRAL,
    /** Offers that were seen before. */
    DROP_REPLAYED,
    /** Offers not looked at, because their source sent too many bad ones. */
    DROP_LIMITED,
    /** Offers that were not sealed with the device's secret. */
    DROP_NOT_AUTHENTIC,
    /** Offers of a device whose clock differs too much. */
    DROP_CLOCK,
    /** Offers of a kind that has no business here. */
    DROP_MALFORMED,
    /** Offers that the device's signing key did not sign. */
    DROP_SIGNATURE,
    /** Authentic, but not permitted by the settings. */
    DROP_NOT_ALLOWED,
    /** A device that holds too many tunnels or liturgies. */
    DROP_TOO_MANY,
    /** Traffic from or to a tunnel that is not there. */
    DROP_NO_TUNNEL,
    /** Traffic under an SPI that the receiver did not announce. */
    DROP_WRONG_SPI,
    /** Traffic above the receiver's bandwidth. */
    DROP_BANDWIDTH,
    /** Traffic from one cathedral for another one. */
    DROP_TRANSIT,
    /** Answers held back because the source has not sent as much as it would get. */
    POSTPONED
}
