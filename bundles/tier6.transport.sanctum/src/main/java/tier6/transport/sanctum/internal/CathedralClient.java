package tier6.transport.sanctum.internal;

import tier6.sanctum.ambry.Ambry;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.offer.AmbryBody;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferBody;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.offer.OfferHeader;

/** Speaks to cathedrals about tunnels: the client side of specification section 8. The control thread's own. */
final class CathedralClient implements AutoCloseable {
    private final Identity identity;
    private final OfferCipher cipher;
    private final RandomSource random;

    CathedralClient(Identity identity, RandomSource random) {
        this.identity = identity;
        this.random = random;
        this.cipher = OfferCipher.cathedral(identity.cs(), identity.flock());
    }

    /** Whether secrets can be had from ambries. */
    boolean hasKek() {
        return identity.hasKek();
    }

    /**
     * Makes an offer about a tunnel.
     *
     * @param magic KATEDRAL for an INFO, CIBORIUM for a NAT probe with the same body
     */
    byte[] announce(long magic, long peerFlock, InfoBody info, long unixSeconds) {
        OfferHeader header = new OfferHeader(magic, identity.flock(), peerFlock, identity.csId());
        return cipher.sealSigned(header, unixSeconds, info, identity.cosk(), random);
    }

    /** Opens what a cathedral sent; null if it is for another device. */
    OfferBody open(byte[] datagram, long unixSeconds) throws OfferException {
        Offer offer = cipher.open(datagram, 0, datagram.length, unixSeconds);
        return offer.header().spi() == identity.csId() ? offer.body() : null;
    }

    /** The secret in an ambry, 32 bytes for the caller to clear; null if it is not for us. */
    byte[] unwrap(long peerFlock, AmbryBody ambry) {
        return Ambry.unwrap(identity.kek(), identity.flock(), peerFlock, ambry);
    }

    /** Forgets keys; the identity is its owner's. */
    @Override
    public void close() {
        cipher.close();
    }
}
