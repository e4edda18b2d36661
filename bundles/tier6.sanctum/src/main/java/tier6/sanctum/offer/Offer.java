package tier6.sanctum.offer;

import java.util.Arrays;
import tier6.sanctum.crypto.Ed25519;

/**
 * An opened offer. The arrays are the offer's own: treat them as immutable.
 *
 * @param header what stood in clear
 * @param timestamp unix seconds by the sender's clock, checked against ours
 * @param body what it says
 * @param data the 451 bytes that type, timestamp and body were read from, and that a signature covers
 * @param extra 64 bytes: a signature, or the random of an exchange and filler
 */
public record Offer(OfferHeader header, long timestamp, OfferBody body, byte[] data, byte[] extra) {

    /** Bytes of every offer. A datagram may be longer; what follows is padding. */
    public static final int SIZE = 623;

    /** Seconds by which the clocks of sender and receiver may differ. */
    public static final int VALIDITY_SECONDS = 10;

    /** Bytes of {@link #data}. */
    public static final int DATA_SIZE = 451;

    /** Bytes of {@link #extra}. */
    public static final int EXTRA_SIZE = 64;

    /** Whether the extra bytes are the signature of the holder of this public key (specification section 6.1). */
    public boolean signedBy(byte[] publicKey) {
        return Ed25519.verify(publicKey, data, extra);
    }

    /** As the other, with a key that was decoded before. */
    public boolean signedBy(Ed25519.Verifier verifier) {
        return verifier.verify(data, extra);
    }

    /** The 16 random bytes that come with an {@link ExchangeBody}. */
    public byte[] exchangeRandom() {
        return Arrays.copyOf(extra, ExchangeBody.RANDOM_SIZE);
    }
}
