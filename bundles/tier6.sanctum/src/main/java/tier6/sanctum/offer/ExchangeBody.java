package tier6.sanctum.offer;

import java.nio.ByteBuffer;
import tier6.sanctum.crypto.Secrets;

/**
 * A quarter of a key exchange (specification sections 6.2 and 7.1). The sender's 16-byte random travels in the extra bytes of
 * the offer, see {@link Offer#exchangeRandom}.
 *
 * @param id the sender's local id
 * @param spi the SPI that the set belongs to
 * @param salt the salt that belongs to it
 * @param state {@link #PK} or {@link #CT}; whatever a peer sent
 * @param fragment which quarter, 0..3; check it before use, the peer chose it
 * @param ecdh X25519 public key, 32 bytes
 * @param kem a quarter of the encapsulation key or of the ciphertext, 392 bytes
 */
public record ExchangeBody(long id, int spi, int salt, int state, int fragment, byte[] ecdh, byte[] kem)
        implements OfferBody {

    /** State of a fragment of the encapsulation key. */
    public static final int PK = 1;

    /** State of a fragment of the ciphertext. */
    public static final int CT = 2;

    /** Fragments in a set. */
    public static final int FRAGMENTS = 4;

    /** Bytes of the key or ciphertext in a fragment. */
    public static final int KEM_SIZE = 392;

    /** Bytes of the random in the extra bytes of the offer. */
    public static final int RANDOM_SIZE = 16;

    static final int TYPE = 6;

    private static final int ECDH_SIZE = 32;

    public ExchangeBody {
        Secrets.ofSize(ecdh, ECDH_SIZE, "an X25519 point");
        Secrets.ofSize(kem, KEM_SIZE, "a fragment");
    }

    static ExchangeBody read(ByteBuffer in) {
        return new ExchangeBody(
                in.getLong(),
                in.getInt(),
                in.getInt(),
                Wire.u8(in),
                Wire.u8(in),
                Wire.bytes(in, ECDH_SIZE),
                Wire.bytes(in, KEM_SIZE));
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public void write(ByteBuffer out) {
        out.putLong(id).putInt(spi).putInt(salt).put((byte) state).put((byte) fragment);
        out.put(ecdh).put(kem);
    }
}
