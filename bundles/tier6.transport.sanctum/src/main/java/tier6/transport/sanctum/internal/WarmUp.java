package tier6.transport.sanctum.internal;

import java.util.concurrent.locks.LockSupport;
import tier6.api.frame.Batch;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.session.DataHeader;
import tier6.sanctum.session.RxSlots;
import tier6.sanctum.session.SessionKey;
import tier6.sanctum.session.TxSession;

/**
 * Seals and opens packets that go nowhere until the JVM has compiled the way of a packet. Java's AES-GCM uses the
 * processor's instructions only in compiled code; without this, a node that has little to do spends half a millisecond on
 * every ping for its first thousands of packets.
 */
final class WarmUp implements AutoCloseable {
    private static final int ROUNDS = 300;
    private static final int PACKETS = 64;
    private static final int[] SIZES = {64, 98, 600, 1418};

    /** Before the first round: starting comes first, and no session has keys yet. */
    private static final long DELAY_NANOS = 1_500_000_000;

    /** Between rounds, so that a node that starts has the processor for itself most of the time. */
    private static final long PAUSE_NANOS = 3_000_000;

    private final Thread thread = new Thread(this::run, "tier6-transport-warm-up");
    private volatile boolean stopped;

    void start() {
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
    }

    private void run() {
        long begin = System.nanoTime() + DELAY_NANOS;
        for (long left = DELAY_NANOS; left > 0 && !stopped; left = begin - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        SessionKey key = new SessionKey(RandomSource.secure().bytes(32), 1, 1);
        RxSlots rx = new RxSlots(0, 0);
        rx.install(key);
        try (TxSession tx = new TxSession(key, 0, 0, 0)) {
            byte[] frame = new byte[SIZES[SIZES.length - 1] + Batch.TAILROOM];
            byte[] sealed = new byte[frame.length + DataHeader.OVERHEAD];
            byte[] opened = new byte[frame.length];
            for (int round = 0; round < ROUNDS && !stopped; round++) {
                long pn = tx.reserve(PACKETS);
                for (int i = 0; i < PACKETS; i++) {
                    int size = SIZES[i % SIZES.length];
                    int length = tx.seal(Batch.CONTROL_LANE, pn + i, frame, 0, size, DataHeader.NEXT_FRAME, sealed, 0);
                    if (rx.open(sealed, 0, length, opened, 0) != size) {
                        throw new IllegalStateException("this Java does not open what it has sealed");
                    }
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } finally {
            rx.clear();
            key.clear();
        }
    }

    @Override
    public void close() {
        stopped = true;
        LockSupport.unpark(thread);
    }
}
