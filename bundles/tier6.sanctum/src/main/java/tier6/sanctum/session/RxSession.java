package tier6.sanctum.session;

import java.lang.invoke.VarHandle;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;

/**
 * Opens what comes from one peer under one key (specification section 5). {@link #open} is for one thread; the other
 * methods are for any.
 */
public final class RxSession implements AutoCloseable {

    private final AesKey key;
    private final int spi;
    private final long flockSrc;
    private final long flockDst;
    private final ReplayWindow window;
    private final PacketCipher cipher;
    private int lastNext;

    /** Written by the receiving thread only, hence without a fence. */
    private final AtomicLong packets = new AtomicLong();

    private volatile boolean closed;

    /**
     * Expects packet 1.
     *
     * @param key is copied
     * @param flockSrc the peer's flock with its domain, 0 without a cathedral
     * @param flockDst our flock with its domain, 0 without a cathedral
     * @param windowBits width of the {@link ReplayWindow}
     */
    public RxSession(SessionKey key, long flockSrc, long flockDst, int windowBits) {
        this.key = new AesKey(key.key());
        this.spi = key.spi();
        this.flockSrc = flockSrc;
        this.flockDst = flockDst;
        this.window = new ReplayWindow(windowBits);
        this.cipher = new PacketCipher(this.key, key.salt());
    }

    /** Our name for this key. */
    public int spi() {
        return spi;
    }

    /** Packets that proved authentic and meant something. */
    public long packets() {
        return packets.get();
    }

    /**
     * Opens a datagram.
     *
     * @param datagram holds it
     * @param at where it begins
     * @param length its length
     * @param out another array, with {@code length - 48} bytes of room: the payload, and two bytes to work with
     * @param outAt where the payload shall begin
     * @return length of the payload, or the code of a {@link DropReason}
     */
    public int open(byte[] datagram, int at, int length, byte[] out, int outAt) {
        if (closed) {
            return DropReason.CLOSED.code();
        }
        if (length < DataHeader.OVERHEAD) {
            return DropReason.TOO_SHORT.code();
        }
        if (DataHeader.getLong(datagram, at + DataHeader.FLOCK_SRC) != flockSrc
                || DataHeader.getLong(datagram, at + DataHeader.FLOCK_DST) != flockDst) {
            return DropReason.FLOCK.code();
        }
        if (DataHeader.spi(datagram, at) != spi) {
            return DropReason.UNKNOWN_SPI.code();
        }
        long pn = DataHeader.getLong(datagram, at + DataHeader.PACKET_NUMBER);
        if (DataHeader.getInt(datagram, at + DataHeader.SEQUENCE) != (int) pn) {
            return DropReason.SEQUENCE.code();
        }
        if (!window.check(pn)) {
            return DropReason.REPLAYED.code();
        }
        int sealed = length - DataHeader.SIZE;
        int payload = length - DataHeader.OVERHEAD;
        if (out.length - outAt < payload + DataHeader.TAIL) {
            return DropReason.NO_ROOM.code();
        }
        try {
            cipher.process(Cipher.DECRYPT_MODE, pn, datagram, at, datagram, at + DataHeader.SIZE, sealed, out, outAt);
        } catch (GeneralSecurityException e) {
            return DropReason.NOT_AUTHENTIC.code();
        }
        // close() says so before it erases the key: if it has not said so yet, no forger could guess the key.
        VarHandle.acquireFence();
        if (closed) {
            return DropReason.CLOSED.code();
        }
        window.update(pn);
        int next = out[outAt + payload + 1] & 0xff;
        if (out[outAt + payload] != 0 || next != DataHeader.NEXT_FRAME && next != DataHeader.NEXT_GRACE) {
            return DropReason.TAIL.code();
        }
        lastNext = next;
        packets.lazySet(packets.getPlain() + 1);
        return payload;
    }

    /** What the payload opened last is: {@link DataHeader#NEXT_FRAME} or {@link DataHeader#NEXT_GRACE}. */
    public int lastNext() {
        return lastNext;
    }

    /** Erases the key. A thread that still uses it is refused from now on. Can be called from any thread, and again. */
    @Override
    public void close() {
        closed = true;
        VarHandle.storeStoreFence();
        key.erase();
    }

    ReplayWindow window() {
        return window;
    }
}
