package tier6.sanctum.offer;

import java.nio.ByteBuffer;
import tier6.sanctum.crypto.RandomSource;

/**
 * What stands in clear at the head of an offer, before the seed (specification section 6.1). Authenticated, but visible.
 *
 * @param magic one of {@link Magic}
 * @param flockSrc the sender's flock with its domain, or random
 * @param flockDst the receiver's flock with its domain, random, or 0
 * @param spi the sender's SPI between peers, the client's cs-id with a cathedral
 */
public record OfferHeader(long magic, long flockSrc, long flockDst, int spi) {

    /** Bytes before the seed. */
    public static final int SIZE = 28;

    /** Reads a header. The array must hold {@link #SIZE} bytes from {@code at}. */
    public static OfferHeader read(byte[] data, int at) {
        ByteBuffer in = ByteBuffer.wrap(data, at, SIZE);
        return new OfferHeader(in.getLong(), in.getLong(), in.getLong(), in.getInt());
    }

    /** A header that tells no flocks: two draws of 8 bytes, taken as they come. */
    public static OfferHeader withRandomFlocks(long magic, int spi, RandomSource random) {
        long src = ByteBuffer.wrap(random.bytes(Long.BYTES)).getLong();
        long dst = ByteBuffer.wrap(random.bytes(Long.BYTES)).getLong();
        return new OfferHeader(magic, src, dst, spi);
    }

    /** The same header under another magic. */
    public OfferHeader withMagic(long other) {
        return new OfferHeader(other, flockSrc, flockDst, spi);
    }

    void write(ByteBuffer out) {
        out.putLong(magic).putLong(flockSrc).putLong(flockDst).putInt(spi);
    }
}
