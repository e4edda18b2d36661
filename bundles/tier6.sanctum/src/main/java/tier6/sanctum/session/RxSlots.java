package tier6.sanctum.session;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The receive keys of one peer, and how one replaces another without losing a packet (specification section 5.2).
 *
 * <p>A new key waits beside the active one until the peer uses it; its first packet makes it the active key. The key that it
 * replaces is retired: it still opens what was overtaken on the way, and is erased a moment later. Each key keeps its
 * replay window in every role, so the packet that promotes a key cannot be replayed, which the C daemon forgets.
 *
 * <p>One receiving thread calls {@link #open} and {@link #lastNext}, one control thread {@link #install}, {@link #sweep} and
 * {@link #clear}; the rest is for any thread. Nobody waits for anybody.
 */
public final class RxSlots {

    /** How long a retired key should linger: longer than datagrams overtake each other. */
    public static final long DEFAULT_LINGER_MILLIS = 3000;

    private record Slots(RxSession active, RxSession pending, RxSession retired) {
        static final Slots EMPTY = new Slots(null, null, null);
    }

    private final long flockSrc;
    private final long flockDst;
    private final int windowBits;
    private final long lingerMillis;
    private final AtomicReference<Slots> slots = new AtomicReference<>(Slots.EMPTY);
    private final AtomicLong packets = new AtomicLong();
    private volatile RxSession newest;

    private int lastNext;

    private RxSession sweeping;
    private long sweepingSince;

    /** Slots with the width and the lingering that suit a fast link. Flocks as in {@link RxSession}. */
    public RxSlots(long flockSrc, long flockDst) {
        this(flockSrc, flockDst, ReplayWindow.DEFAULT_BITS, DEFAULT_LINGER_MILLIS);
    }

    /**
     * Slots without a key.
     *
     * @param flockSrc the peer's flock with its domain, 0 without a cathedral
     * @param flockDst our flock with its domain, 0 without a cathedral
     * @param windowBits width of each {@link ReplayWindow}
     * @param lingerMillis how long a retired key lives; 0 erases it at once, as the C daemon does
     */
    public RxSlots(long flockSrc, long flockDst, int windowBits, long lingerMillis) {
        this.flockSrc = flockSrc;
        this.flockDst = flockDst;
        this.windowBits = windowBits;
        this.lingerMillis = lingerMillis;
    }

    /**
     * Adds a key: active if there is none, else pending, in the place of another pending key.
     *
     * @param key is copied
     */
    public void install(SessionKey key) {
        RxSession fresh = new RxSession(key, flockSrc, flockDst, windowBits);
        Slots was;
        Slots next;
        do {
            was = slots.get();
            next = was.active == null ? new Slots(fresh, null, was.retired) : new Slots(was.active, fresh, was.retired);
        } while (!slots.compareAndSet(was, next));
        newest = fresh;
        close(was.pending);
    }

    /**
     * Opens a datagram under the key that its SPI names. Parameters and result as in {@link RxSession#open}.
     */
    public int open(byte[] datagram, int at, int length, byte[] out, int outAt) {
        if (length < DataHeader.OVERHEAD) {
            return DropReason.TOO_SHORT.code();
        }
        int spi = DataHeader.spi(datagram, at);
        Slots now = slots.get();
        int result = DropReason.UNKNOWN_SPI.code();
        // An exchange that starts over may give two keys the same SPI, so a refusal by one is not the last word.
        if (now.active != null && now.active.spi() == spi) {
            result = open(now.active, datagram, at, length, out, outAt);
        }
        if (result < 0 && now.pending != null && now.pending.spi() == spi) {
            result = open(now.pending, datagram, at, length, out, outAt);
            if (result >= 0) {
                promote(now.pending);
            }
        }
        if (result < 0 && now.retired != null && now.retired.spi() == spi) {
            result = open(now.retired, datagram, at, length, out, outAt);
        }
        return result;
    }

    /** What the payload opened last is: {@link DataHeader#NEXT_FRAME} or {@link DataHeader#NEXT_GRACE}. */
    public int lastNext() {
        return lastNext;
    }

    /** Erases a retired key whose time has come. Call it every second or so. */
    public void sweep(long nowMillis) {
        Slots was = slots.get();
        if (was.retired == null || was.retired != sweeping) {
            sweeping = was.retired;
            sweepingSince = nowMillis;
        } else if (nowMillis - sweepingSince >= lingerMillis
                && slots.compareAndSet(was, new Slots(was.active, was.pending, null))) {
            close(was.retired);
        }
    }

    /** Erases all keys. */
    public void clear() {
        Slots was = slots.getAndSet(Slots.EMPTY);
        newest = null;
        close(was.active);
        close(was.pending);
        close(was.retired);
    }

    /** SPI of the key in use, 0 if none. A relay must know it (INFO, rx_active). */
    public int activeSpi() {
        return spi(slots.get().active);
    }

    /** SPI of the key that waits for its first packet, 0 if none. */
    public int pendingSpi() {
        return spi(slots.get().pending);
    }

    /**
     * The other SPI under which packets may arrive: that of the pending key, else of the retired key, else 0. A relay must
     * know it too (INFO, rx_pending).
     */
    public int otherSpi() {
        Slots now = slots.get();
        return spi(now.pending != null ? now.pending : now.retired);
    }

    /** Packets opened under any key so far. */
    public long packets() {
        return packets.get();
    }

    /** Packets opened under the key installed last. More than 0: the peer has it. */
    public long packetsUnderNewest() {
        RxSession session = newest;
        return session == null ? 0 : session.packets();
    }

    ReplayWindow activeWindow() {
        return slots.get().active.window();
    }

    private int open(RxSession session, byte[] datagram, int at, int length, byte[] out, int outAt) {
        int result = session.open(datagram, at, length, out, outAt);
        if (result >= 0) {
            lastNext = session.lastNext();
            packets.lazySet(packets.getPlain() + 1);
        }
        return result;
    }

    private void promote(RxSession session) {
        Slots was = slots.get();
        // A key that was replaced while its first packet was being opened stays replaced.
        while (was.pending == session) {
            RxSession retired = lingerMillis > 0 ? was.active : null;
            if (slots.compareAndSet(was, new Slots(session, null, retired))) {
                close(was.retired);
                if (retired == null) {
                    close(was.active);
                }
                return;
            }
            was = slots.get();
        }
    }

    private static int spi(RxSession session) {
        return session == null ? 0 : session.spi();
    }

    private static void close(RxSession session) {
        if (session != null) {
            session.close();
        }
    }
}
