package tier6.transport.sanctum.internal;

import static java.util.concurrent.TimeUnit.SECONDS;

import tier6.api.frame.Batch;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.shroud.Shroud;
import tier6.sanctum.shroud.ShroudIdentity;

/**
 * What this node wears on its way to cathedrals (specification section 11): the same for all links to one flock, because every
 * new identity makes a cathedral look through all its devices.
 */
final class CathedralShroud implements AutoCloseable {
    /** How long an identity is worn. */
    static final long WORN = SECONDS.toNanos(300);

    private final Identity device;
    private final long peerFlock;
    private final byte[] base;
    private final RandomSource random;
    private volatile ShroudIdentity identity;
    private long renewAt;

    // Each element belongs to the thread of that lane.
    private final Shroud[] lanes = new Shroud[Batch.MAX_LANES];

    CathedralShroud(Identity device, long peerFlock, RandomSource random, long now) {
        this.device = device;
        this.peerFlock = peerFlock;
        this.random = random;
        base = ShroudIdentity.base(device.flock(), peerFlock, device.csId());
        renew(now);
    }

    /** Takes another identity when it is time. The control thread. */
    void tick(long now) {
        if (now - renewAt >= 0) {
            renew(now);
        }
    }

    private void renew(long now) {
        identity = ShroudIdentity.fresh(base, random);
        renewAt = now + WORN;
    }

    /** Who we are now. */
    ShroudIdentity identity() {
        return identity;
    }

    /** For the thread of that lane. */
    Shroud lane(int lane) {
        if (lanes[lane] == null) {
            lanes[lane] = Shroud.cathedral(device.cs(), device.flock(), peerFlock);
        }
        return lanes[lane];
    }

    /** Forgets keys, when no data path thread is left. */
    @Override
    public void close() {
        for (Shroud shroud : lanes) {
            if (shroud != null) {
                shroud.close();
            }
        }
    }
}
