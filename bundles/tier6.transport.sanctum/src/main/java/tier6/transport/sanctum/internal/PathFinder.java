package tier6.transport.sanctum.internal;

import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.net.InetSocketAddress;
import java.util.Set;
import tier6.api.transport.LinkStatus.Path;

/**
 * Decides where datagrams to one peer go: to the cathedral, which relays them, or straight to the peer (specification
 * section 8). Pure computation, called by the control thread; times are monotonic nanoseconds.
 *
 * <p>A direct path is tried as soon as the cathedral disclosed the peer's address, but frames stay on the relay until
 * something authentic was heard on the direct path: a change of path loses nothing. It is left again when the peer is
 * not heard on it any more, or is heard through the relay although it should have followed, and then not tried again
 * for a time that doubles, so that a path that works one way only does not make the link flap.
 */
final class PathFinder {
    /** Silence on the direct path after which it counts as lost. */
    static final long DIRECT_SILENCE = SECONDS.toNanos(20);

    /** Time that both peers have for changing to the direct path (specification section 7.10: 10 s). */
    static final long CHANGE_TIME = SECONDS.toNanos(10);

    /** The same for key offers, which are few and tell of a restart: longer than one may be on its way. */
    static final long OFFER_CHANGE_TIME = SECONDS.toNanos(2);

    /** How long the direct path is left alone after it failed for the first time, and at most. */
    static final long FIRST_HOLD = MINUTES.toNanos(1), LONGEST_HOLD = MINUTES.toNanos(30);

    /** A direct path that lived as long as this was a good one. */
    private static final long PROVEN = MINUTES.toNanos(10);

    /** How often a new address is knocked at, and for how long; and how often later (specification section 17.1). */
    static final long KNOCK_FAST = SECONDS.toNanos(1), KNOCK_FAST_TIME = SECONDS.toNanos(15);

    static final long KNOCK_SLOW = SECONDS.toNanos(5);

    /** A peer that changes its address is followed once in this time, so that stragglers do not matter. */
    private static final long FOLLOW_INTERVAL = SECONDS.toNanos(1);

    private final RecentCathedrals cathedrals = new RecentCathedrals();
    private InetSocketAddress cathedral;
    private InetSocketAddress configured;
    private InetSocketAddress disclosed;
    private InetSocketAddress remote;
    private Path path = Path.NONE;
    private long changedAt;
    private long directHeardAt;
    private long followedAt;
    private long holdUntil;
    private long hold;
    private long knockFastUntil;
    private long knockAt;

    /** Where datagrams go; null if nowhere. */
    InetSocketAddress remote() {
        return remote;
    }

    /** How they get to the peer. */
    Path path() {
        return path;
    }

    /** The cathedrals that relay or relayed for this link; an immutable snapshot. */
    Set<InetSocketAddress> relays() {
        return cathedrals.addresses();
    }

    /** Says through which cathedral and at which address the peer may be reached; either may be null. */
    void configure(InetSocketAddress newCathedral, InetSocketAddress newConfigured, long now) {
        boolean moved = newConfigured != null && !newConfigured.equals(configured);
        cathedral = newCathedral;
        configured = newConfigured;
        if (cathedral != null) {
            cathedrals.add(cathedral);
            if (path != Path.DIRECT) {
                relay(now);
            }
            if (moved) {
                tryDirect(now);
            }
        } else if (moved || path != Path.DIRECT) {
            direct(configured, now);
        }
    }

    /** Says what the cathedral told about the peer's address: its own if it wants to relay. */
    void told(InetSocketAddress address, long now) {
        if (cathedrals.addresses().contains(address)) {
            disclosed = null;
            holdUntil = now;
            hold = 0;
        } else if (!address.equals(disclosed)) {
            disclosed = address;
            tryDirect(now);
        }
    }

    private void tryDirect(long now) {
        holdUntil = now;
        knockFastUntil = now + KNOCK_FAST_TIME;
        knockAt = now;
    }

    /** Says that a packet came from {@code source}, and that it was authentic. */
    void heard(InetSocketAddress source, long now) {
        heard(source, now, CHANGE_TIME);
    }

    /** Says that a key offer came from {@code source}, and that it was authentic. */
    void heardOffer(InetSocketAddress source, long now) {
        heard(source, now, OFFER_CHANGE_TIME);
    }

    private void heard(InetSocketAddress source, long now, long changeTime) {
        if (cathedral == null) {
            directHeardAt = now;
            follow(source, now);
        } else if (cathedrals.addresses().contains(source)) {
            if (path == Path.DIRECT && now - changedAt >= changeTime) {
                leaveDirect(now);
            }
        } else {
            directHeardAt = now;
            if (path == Path.DIRECT) {
                follow(source, now);
            } else if (candidate() != null && now - holdUntil >= 0) {
                direct(source, now);
            }
        }
    }

    private void follow(InetSocketAddress source, long now) {
        if (!source.equals(remote) && now - followedAt >= FOLLOW_INTERVAL) {
            followedAt = now;
            remote = source;
            path = Path.DIRECT;
        }
    }

    /** Lets time pass. */
    void tick(long now) {
        if (path != Path.DIRECT || now - directHeardAt < DIRECT_SILENCE) {
            return;
        }
        if (cathedral != null) {
            leaveDirect(now);
        } else if (configured != null && !configured.equals(remote)) {
            direct(configured, now); // where it was followed to, it is no more
        }
    }

    /** Says that the peer is dead: back to where it may be found. */
    void reset(long now) {
        if (cathedral != null) {
            relay(now);
        } else {
            direct(configured, now);
        }
    }

    private InetSocketAddress candidate() {
        return configured != null ? configured : disclosed;
    }

    private void direct(InetSocketAddress to, long now) {
        remote = to;
        path = Path.DIRECT;
        changedAt = now;
        directHeardAt = now;
        followedAt = now;
    }

    private void relay(long now) {
        remote = cathedral;
        path = Path.RELAY;
        changedAt = now;
    }

    private void leaveDirect(long now) {
        if (candidate() != null) {
            hold = now - changedAt >= PROVEN ? FIRST_HOLD : Math.max(FIRST_HOLD, Math.min(LONGEST_HOLD, 2 * hold));
            holdUntil = now + hold;
            knockAt = holdUntil;
            knockFastUntil = holdUntil + KNOCK_FAST_TIME;
        }
        relay(now);
    }

    /**
     * Where to send an extra sign of life now, so that NAT boxes open and the peer hears that there is a direct path;
     * null if nowhere or not yet.
     */
    InetSocketAddress knock(long now) {
        InetSocketAddress candidate = candidate();
        if (cathedral == null || candidate == null || candidate.equals(remote) || now - knockAt < 0) {
            return null;
        }
        boolean fast = now - knockFastUntil < 0;
        if (path == Path.DIRECT && !fast) {
            return null;
        }
        knockAt = now + (fast ? KNOCK_FAST : KNOCK_SLOW);
        return candidate;
    }
}
