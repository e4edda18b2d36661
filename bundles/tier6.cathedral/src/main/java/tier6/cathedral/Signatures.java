package tier6.cathedral;

import java.util.Arrays;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.offer.Offer;

/**
 * Verifies signatures, most of what an offer costs, and remembers the last good ones. A client signs an announcement and the
 * NAT probe that follows it; where it makes both in the same second they are the same bytes with the same signature, and
 * verifying them again can only give the same answer. One thread.
 */
class Signatures {
    /** A power of two: what may come between an announcement and its probe. */
    private static final int REMEMBERED = 1 << 12;

    private record Verified(Ed25519.Verifier key, Offer offer) {}

    private final Verified[] verified = new Verified[REMEMBERED];

    /**
     * Whether the offer is signed by the holder of a public key.
     *
     * @param key to be the same object as long as the device has this key
     */
    boolean isGood(Offer offer, Ed25519.Verifier key) {
        int slot = LongMap.hash(Bytes.getLong(offer.extra(), 0)) & REMEMBERED - 1;
        Verified before = verified[slot];
        if (before != null
                && before.key == key
                && Arrays.equals(before.offer.extra(), offer.extra())
                && Arrays.equals(before.offer.data(), offer.data())) {
            return true;
        }
        boolean good = offer.signedBy(key);
        if (good) {
            verified[slot] = new Verified(key, offer);
        }
        return good;
    }
}
