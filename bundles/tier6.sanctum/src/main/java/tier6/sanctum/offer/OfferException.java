package tier6.sanctum.offer;

/**
 * An offer was refused. It carries no stack trace: whoever can send a datagram can cause one, so it has to be cheap.
 */
public final class OfferException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why an offer was refused. */
    public enum Reason {
        /** Fewer than 623 bytes. */
        TOO_SHORT,
        /** Sealed with another key, or damaged. */
        NOT_AUTHENTIC,
        /** Authentic, but the sender's clock is too far from ours. */
        CLOCK,
        /** Authentic, but of a type that does not exist, or with a field out of bounds. */
        MALFORMED
    }

    private final Reason reason;
    private final long skewSeconds;

    public OfferException(Reason reason) {
        this(reason, 0);
    }

    OfferException(Reason reason, long skewSeconds) {
        super(reason.name(), null, false, false);
        this.reason = reason;
        this.skewSeconds = skewSeconds;
    }

    public Reason reason() {
        return reason;
    }

    /** With {@link Reason#CLOCK}: the sender's clock minus ours. 0 otherwise. */
    public long skewSeconds() {
        return skewSeconds;
    }
}
