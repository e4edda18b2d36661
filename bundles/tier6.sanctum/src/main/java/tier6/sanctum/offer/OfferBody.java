package tier6.sanctum.offer;

import java.nio.ByteBuffer;

/**
 * What an offer says (specification section 6.2). Addresses are ints and ports are 0..65535, both read big-endian; so are
 * salts. The arrays in the records are not copied: treat them as immutable.
 */
public sealed interface OfferBody
        permits KeyBody, AmbryBody, InfoBody, LiturgyBody, RemembranceBody, ExchangeBody, P2pInfoBody {

    /** Bytes that every body fills, the unused ones with zero. */
    int SIZE = 442;

    /** The type byte. */
    int type();

    /** Writes the fields at the position of {@code out}; bytes that are not written stay as they are. */
    void write(ByteBuffer out);

    /** Reads the body of the given type, or returns null if there is no such type. */
    static OfferBody read(int type, ByteBuffer in) {
        return switch (type) {
            case KeyBody.TYPE -> KeyBody.read(in);
            case AmbryBody.TYPE -> AmbryBody.read(in);
            case InfoBody.TYPE -> InfoBody.read(in);
            case LiturgyBody.TYPE -> LiturgyBody.read(in);
            case RemembranceBody.TYPE -> RemembranceBody.read(in);
            case ExchangeBody.TYPE -> ExchangeBody.read(in);
            case P2pInfoBody.TYPE -> P2pInfoBody.read(in);
            default -> null;
        };
    }
}
