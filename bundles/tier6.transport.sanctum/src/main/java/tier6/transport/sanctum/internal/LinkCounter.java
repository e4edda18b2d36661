package tier6.transport.sanctum.internal;

/** What a link counts. */
enum LinkCounter {
    FRAMES_IN,
    BYTES_IN,
    FRAMES_OUT,
    BYTES_OUT,
    HEARTBEATS_IN,
    HEARTBEATS_OUT,
    OFFERS_IN,
    OFFERS_OUT,
    EXCHANGES,
    /** Time in sealing, about. */
    NANOS_SEAL,
    /** Time in opening, about. */
    NANOS_OPEN,
    DROP_CLOSED,
    DROP_NO_KEY,
    DROP_NO_ADDRESS,
    DROP_KEY_SPENT,
    DROP_TOO_LONG,
    DROP_BY_SYSTEM,
    DROP_IN_SHROUD,
    DROP_IN_RUNT,
    DROP_IN_FLOCK,
    DROP_IN_SPI,
    DROP_IN_REPLAY,
    DROP_IN_NOT_AUTHENTIC,
    DROP_IN_MALFORMED,
    DROP_OFFER_RATE,
    DROP_OFFER_STRANGER,
    DROP_OFFER_NOT_AUTHENTIC,
    DROP_OFFER_CLOCK,
    DROP_OFFER_MALFORMED,
    DROP_AMBRY
}
