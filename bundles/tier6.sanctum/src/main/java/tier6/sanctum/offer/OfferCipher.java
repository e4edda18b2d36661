package tier6.sanctum.offer;

import java.nio.ByteBuffer;
import java.util.Arrays;
import tier6.sanctum.crypto.AesGcm;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.Kmac256;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.kdf.BaseKey;
import tier6.sanctum.kdf.Purpose;

/**
 * Seals and opens the offers of one relation: between two peers, between a client and its cathedral, and so on
 * (specification sections 3.3 and 6.1).
 *
 * <p>Making one costs a key derivation; afterwards an offer costs one KMAC and one AES-GCM, some microseconds. Keep it as long
 * as the secret lasts. It reuses its cipher objects and therefore belongs to one thread at a time.
 *
 * <p>Every offer is sealed with a fresh 64-byte seed under a fixed nonce. That is safe only because the seed is never used
 * twice, so no method here takes one.
 */
public final class OfferCipher implements AutoCloseable {

    private static final int SEED_SIZE = 64;
    private static final int SEED_AT = OfferHeader.SIZE;
    private static final int DATA_AT = SEED_AT + SEED_SIZE;
    private static final int EXTRA_AT = DATA_AT + Offer.DATA_SIZE;
    private static final int TAG_AT = EXTRA_AT + Offer.EXTRA_SIZE;
    private static final int PLAIN_SIZE = TAG_AT - DATA_AT;

    /** A pilgrim repeats one key for almost an hour (specification section 13). */
    private static final int PILGRIMAGE_VALIDITY_SECONDS = 1750;

    private final int validitySeconds;
    private final Kmac256 kdf;
    private final AesGcm aes = new AesGcm();
    private final byte[] nonce = AesGcm.nonceOfSingleUse();
    private final byte[] key = new byte[AesGcm.KEY_SIZE];
    private final byte[] seed = new byte[1 + SEED_SIZE];

    private OfferCipher(byte[] secret, Purpose purpose, long flockA, long flockB, String label, int validitySeconds) {
        this.validitySeconds = validitySeconds;
        byte[] base = BaseKey.derive(secret, purpose, flockA, flockB);
        kdf = new Kmac256(base, label);
        Secrets.clear(base);
        seed[0] = SEED_SIZE;
    }

    /** Key offers between two peers. Flocks with their domains, or 0 and 0 without a cathedral. */
    public static OfferCipher peer(byte[] sharedSecret, long flockA, long flockB) {
        return new OfferCipher(
                sharedSecret, Purpose.PEER_OFFER, flockA, flockB, "SANCTUM.SACRAMENT.KDF", Offer.VALIDITY_SECONDS);
    }

    /** Between a client and the cathedral, both directions. The client's flock with its domain. */
    public static OfferCipher cathedral(byte[] cathedralSecret, long flock) {
        return new OfferCipher(
                cathedralSecret, Purpose.CATHEDRAL_OFFER, flock, 0, "SANCTUM.CATHEDRAL.KDF", Offer.VALIDITY_SECONDS);
    }

    /** Between two cathedrals, about a client. The client's flock with its domain. */
    public static OfferCipher catacomb(byte[] syncSecret, long flock) {
        return new OfferCipher(
                syncSecret, Purpose.PEER_OFFER, flock, 0, "SANCTUM.CATHEDRAL.CATACOMB", Offer.VALIDITY_SECONDS);
    }

    /** From pilgrim to shrine. */
    public static OfferCipher pilgrimage(byte[] sharedSecret) {
        return new OfferCipher(
                sharedSecret, Purpose.PEER_OFFER, 0, 0, "SANCTUM.PILGRIMAGE.KDF", PILGRIMAGE_VALIDITY_SECONDS);
    }

    /**
     * An unsigned offer, 623 bytes. Draws 64 bytes for the extra field, then 64 for the seed.
     *
     * @param extra what the extra field shall begin with (the random of an exchange, 16 bytes), or null
     */
    public byte[] seal(OfferHeader header, long unixSeconds, OfferBody body, byte[] extra, RandomSource random) {
        byte[] filled = random.bytes(Offer.EXTRA_SIZE);
        if (extra != null) {
            System.arraycopy(extra, 0, filled, 0, extra.length);
        }
        return seal(header, encode(unixSeconds, body), filled, random);
    }

    /** An offer that is signed by its sender, from client to cathedral. Draws 64 bytes for the seed. */
    public byte[] sealSigned(
            OfferHeader header, long unixSeconds, OfferBody body, byte[] signingKey, RandomSource random) {
        byte[] data = encode(unixSeconds, body);
        return seal(header, data, Ed25519.sign(signingKey, data), random);
    }

    /**
     * A client's offer for another cathedral: data and signature as they came, under a new magic and a fresh seed
     * (specification section 9.7). Draws 64 bytes for the seed.
     */
    public byte[] reseal(Offer offer, long magic, RandomSource random) {
        return seal(offer.header().withMagic(magic), offer.data(), offer.extra(), random);
    }

    /**
     * Opens an offer. Bytes after the 623rd are ignored.
     *
     * @param nowSeconds our clock, unix seconds
     * @throws OfferException if it is too short, not authentic, too old or too new, or of an unknown type
     */
    public Offer open(byte[] datagram, int offset, int length, long nowSeconds) throws OfferException {
        if (length < Offer.SIZE) {
            throw new OfferException(OfferException.Reason.TOO_SHORT);
        }
        byte[] aad = Arrays.copyOfRange(datagram, offset, offset + DATA_AT);
        byte[] plain = new byte[PLAIN_SIZE];
        deriveKey(aad);
        if (!aes.open(key, nonce, aad, DATA_AT, datagram, offset + DATA_AT, PLAIN_SIZE + AesGcm.TAG_SIZE, plain, 0)) {
            throw new OfferException(OfferException.Reason.NOT_AUTHENTIC);
        }
        byte[] data = Arrays.copyOf(plain, Offer.DATA_SIZE);
        byte[] extra = Arrays.copyOfRange(plain, Offer.DATA_SIZE, PLAIN_SIZE);
        Secrets.clear(plain);

        ByteBuffer in = ByteBuffer.wrap(data);
        int type = Wire.u8(in);
        long timestamp = in.getLong();
        long skew = timestamp - nowSeconds;
        if (skew < -validitySeconds || skew > validitySeconds) {
            throw new OfferException(OfferException.Reason.CLOCK, skew);
        }
        OfferBody body = OfferBody.read(type, in);
        if (body == null) {
            throw new OfferException(OfferException.Reason.MALFORMED);
        }
        return new Offer(OfferHeader.read(aad, 0), timestamp, body, data, extra);
    }

    /** Forgets the keys. The object must not be used any more. */
    @Override
    public void close() {
        kdf.close();
        Secrets.clear(key);
    }

    private static byte[] encode(long unixSeconds, OfferBody body) {
        byte[] data = new byte[Offer.DATA_SIZE];
        ByteBuffer out = ByteBuffer.wrap(data).put((byte) body.type()).putLong(unixSeconds);
        body.write(out);
        return data;
    }

    private byte[] seal(OfferHeader header, byte[] data, byte[] extra, RandomSource random) {
        byte[] datagram = new byte[Offer.SIZE];
        ByteBuffer out = ByteBuffer.wrap(datagram);
        header.write(out);
        out.put(random.bytes(SEED_SIZE)).put(data).put(extra);
        deriveKey(datagram);
        aes.seal(key, nonce, datagram, DATA_AT, datagram, DATA_AT, PLAIN_SIZE, datagram, DATA_AT);
        return datagram;
    }

    private void deriveKey(byte[] offer) {
        System.arraycopy(offer, SEED_AT, seed, 1, SEED_SIZE);
        kdf.derive(key, 0, key.length, seed);
    }
}
