package tier6.sanctum.session;

import java.lang.invoke.VarHandle;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;

/**
 * Seals what goes to one peer under one key (specification section 5).
 *
 * <p>Any number of data threads use it at once, each with a lane number of its own and with packet numbers that it
 * reserved. Times are milliseconds of a clock that does not go backwards; {@code System.nanoTime() / 1_000_000} will do.
 */
public final class TxSession implements AutoCloseable {

    /** Lanes are numbers below this. */
    public static final int MAX_LANES = 16;

    /** Packets after which a new key is due. */
    public static final long SOFT_PACKETS = 1L << 33;

    /** Packets that a key is good for. */
    public static final long HARD_PACKETS = 1L << 34;

    /** Age at which a new key is due. */
    public static final long SOFT_MILLIS = 3_500_000;

    /** Age that no key reaches. */
    public static final long HARD_MILLIS = 3_600_000;

    private final AesKey key;
    private final int spi;
    private final int salt;
    private final long flockSrc;
    private final long flockDst;
    private final long createdMillis;
    private final AtomicLong nextPacket = new AtomicLong(1);

    /** Each element belongs to the thread of that lane. */
    private final PacketCipher[] lanes = new PacketCipher[MAX_LANES];

    private volatile boolean closed;

    /**
     * Starts to count from packet 1.
     *
     * @param key is copied
     * @param flockSrc our flock with its domain, 0 without a cathedral
     * @param flockDst the peer's flock with its domain, 0 without a cathedral
     * @param nowMillis see above
     */
    public TxSession(SessionKey key, long flockSrc, long flockDst, long nowMillis) {
        this.key = new AesKey(key.key());
        this.spi = key.spi();
        this.salt = key.salt();
        this.flockSrc = flockSrc;
        this.flockDst = flockDst;
        this.createdMillis = nowMillis;
    }

    /** The peer's name for this key. */
    public int spi() {
        return spi;
    }

    /** Packet numbers given out so far. */
    public long packets() {
        return nextPacket.get() - 1;
    }

    /**
     * Sets aside {@code n} packet numbers, each for one packet: one call for a batch. Numbers that stay unused are lost,
     * which harms nothing.
     *
     * @return the first of them, or -1 if the key is used up or closed
     */
    public long reserve(int n) {
        // Asked first, so that a caller who does not listen cannot count until the numbers wrap.
        if (closed || nextPacket.get() >= HARD_PACKETS) {
            return -1;
        }
        long first = nextPacket.getAndAdd(n);
        return first <= HARD_PACKETS - n ? first : -1;
    }

    /**
     * Makes a datagram.
     *
     * @param lane the caller's lane
     * @param pn a reserved packet number that was not used before
     * @param frames the payload is in here; the two bytes behind it are overwritten
     * @param at where the payload begins
     * @param length its length
     * @param next what it is: {@link DataHeader#NEXT_FRAME} or {@link DataHeader#NEXT_GRACE}
     * @param out another array, with {@code length + }{@value DataHeader#OVERHEAD} bytes of room
     * @param outAt where the datagram shall begin
     * @return length of the datagram, or the code of {@link DropReason#CLOSED} or {@link DropReason#NO_ROOM}
     */
    public int seal(int lane, long pn, byte[] frames, int at, int length, int next, byte[] out, int outAt) {
        if (closed) {
            return DropReason.CLOSED.code();
        }
        if (length < 0 || out.length - outAt < length + DataHeader.OVERHEAD) {
            return DropReason.NO_ROOM.code();
        }
        DataHeader.putInt(out, outAt + DataHeader.SPI, spi);
        DataHeader.putInt(out, outAt + DataHeader.SEQUENCE, (int) pn);
        DataHeader.putLong(out, outAt + DataHeader.PACKET_NUMBER, pn);
        DataHeader.putLong(out, outAt + DataHeader.FLOCK_SRC, flockSrc);
        DataHeader.putLong(out, outAt + DataHeader.FLOCK_DST, flockDst);
        frames[at + length] = 0;
        frames[at + length + 1] = (byte) next;
        int sealed;
        try {
            sealed = lane(lane)
                    .process(
                            Cipher.ENCRYPT_MODE,
                            pn,
                            out,
                            outAt,
                            frames,
                            at,
                            length + DataHeader.TAIL,
                            out,
                            outAt + DataHeader.SIZE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal packet " + pn, e);
        }
        // close() says so before it erases the key: if it has not said so yet, the key was whole.
        VarHandle.acquireFence();
        return closed ? DropReason.CLOSED.code() : DataHeader.SIZE + sealed;
    }

    /** Whether a new key is due, by age or by packets: start an exchange. */
    public boolean renewalDue(long nowMillis) {
        return packets() > SOFT_PACKETS || nowMillis - createdMillis > SOFT_MILLIS;
    }

    /** Whether the key must not be used any more, by age or by packets: close it. */
    public boolean expired(long nowMillis) {
        return packets() >= HARD_PACKETS - 1 || nowMillis - createdMillis >= HARD_MILLIS;
    }

    /** Erases the key. Threads that still use it are refused from now on. Can be called from any thread, and again. */
    @Override
    public void close() {
        closed = true;
        VarHandle.storeStoreFence();
        key.erase();
    }

    private PacketCipher lane(int lane) {
        PacketCipher cipher = lanes[lane];
        if (cipher == null) {
            cipher = new PacketCipher(key, salt);
            lanes[lane] = cipher;
        }
        return cipher;
    }
}
