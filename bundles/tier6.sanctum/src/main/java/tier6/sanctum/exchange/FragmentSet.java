package tier6.sanctum.exchange;

import java.util.Arrays;
import tier6.sanctum.crypto.MlKem1024;
import tier6.sanctum.offer.ExchangeBody;
import tier6.sanctum.offer.Offer;

/**
 * Puts four quarters together. All of a set have the same sender, SPI, salt, X25519 key and random; a fragment with others
 * belongs to a newer set and displaces what was collected (specification section 7.9, "mixed fragments").
 */
final class FragmentSet {

    private static final int ALL = (1 << ExchangeBody.FRAGMENTS) - 1;

    private final byte[] kem = new byte[MlKem1024.EK_SIZE];
    private ExchangeBody first;
    private byte[] random;
    private int have;
    private long oldest;
    private long newest;

    /**
     * Adds a fragment, if it is not older than what is here.
     *
     * @return whether this fragment completed the set
     */
    boolean add(Offer offer, ExchangeBody fragment) {
        if (first == null || !belongs(offer, fragment)) {
            if (first != null && !displacedBy(offer)) {
                return false;
            }
            first = fragment;
            random = offer.exchangeRandom();
            have = 0;
            oldest = offer.timestamp();
            newest = offer.timestamp();
        }
        newest = Math.max(newest, offer.timestamp());
        int bit = 1 << fragment.fragment();
        if ((have & bit) != 0) {
            return false;
        }
        System.arraycopy(fragment.kem(), 0, kem, fragment.fragment() * ExchangeBody.KEM_SIZE, ExchangeBody.KEM_SIZE);
        have |= bit;
        return have == ALL;
    }

    /** Whether the fragment agrees with those of this set. */
    boolean belongs(Offer offer, ExchangeBody fragment) {
        return first != null
                && first.id() == fragment.id()
                && first.spi() == fragment.spi()
                && first.salt() == fragment.salt()
                && Arrays.equals(first.ecdh(), fragment.ecdh())
                && Arrays.equals(random, offer.exchangeRandom());
    }

    /** Whether an offer that does not belong here is no older than what does, rather than a straggler. */
    boolean displacedBy(Offer offer) {
        return offer.timestamp() >= newest;
    }

    boolean complete() {
        return have == ALL;
    }

    /** Sender's time of the first fragment, unix seconds. */
    long oldest() {
        return oldest;
    }

    long id() {
        return first.id();
    }

    int spi() {
        return first.spi();
    }

    int salt() {
        return first.salt();
    }

    byte[] ecdh() {
        return first.ecdh();
    }

    byte[] random() {
        return random;
    }

    byte[] kem() {
        return kem;
    }
}
