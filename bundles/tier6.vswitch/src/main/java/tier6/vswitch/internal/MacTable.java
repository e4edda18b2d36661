package tier6.vswitch.internal;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The forwarding database: which port an address lives behind. Looking up costs the same for ten addresses and for a
 * hundred thousand, takes no lock and allocates nothing.
 *
 * <p>An entry is one {@code long}, the address above the number of its port, in an open-addressing table: whoever
 * finds an address has, in the same atomic read, its port. Entries never change their slot while readers look, a
 * removed one leaves a grave that probing passes over; when graves and entries fill half of the slots, a new table
 * takes the place of the old one.
 *
 * <p>Several lanes learn at once. New, moved and forgotten addresses, which are rare, change the table under a lock.
 * A frame from an address that is where it was only renews the entry's time, and that only if it is older than {@link
 * #RENEWAL}, and not if somebody else holds the lock: the next frame will do. So the path of a frame does not wait.
 *
 * <p>The entries of a port form a list in the order of their times, so that the oldest is at hand when the port is
 * full or when addresses age. All times are nanoseconds of one clock.
 */
final class MacTable {
    /** Ports have numbers below this bound. */
    static final int MAX_PORTS = 1024;

    static final int NONE = -1;

    /** The age from which an entry's time is renewed; addresses are remembered by so much longer than asked for. */
    static final long RENEWAL = 1_000_000_000L;

    private static final int MIN_SLOTS = 1024;
    private static final long EMPTY = 0;
    private static final long GRAVE = 0xffff;

    /** What readers see: everything in it but the links is atomic. */
    private static final class Slots {
        final int shift;
        final AtomicLongArray entries;
        final AtomicLongArray times;
        final int[] older;
        final int[] newer;
        int used;

        Slots(int size) {
            shift = Long.SIZE - Integer.numberOfTrailingZeros(size);
            entries = new AtomicLongArray(size);
            times = new AtomicLongArray(size);
            older = new int[size];
            newer = new int[size];
        }

        int size() {
            return older.length;
        }
    }

    /** Hears of evictions. Called with the lock held: counts and returns. */
    @FunctionalInterface
    interface Evictions {
        void evicted(int port);
    }

    /** Is shown entries. */
    @FunctionalInterface
    interface Visitor {
        void visit(long mac, int port, long time);
    }

    /** Odd and secret: peers cannot choose addresses that fall into the same place. */
    private final long multiplier;

    private final Evictions evictions;
    private volatile Slots slots = new Slots(MIN_SLOTS);
    private volatile int capacity = Integer.MAX_VALUE;
    private volatile long lifetime = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by the lock.
    private final int[] oldest = new int[MAX_PORTS];
    private final int[] newest = new int[MAX_PORTS];
    private final int[] sizes = new int[MAX_PORTS];
    private int size;

    MacTable(long multiplier, Evictions evictions) {
        this.multiplier = multiplier | 1;
        this.evictions = evictions;
        Arrays.fill(sizes, NONE);
    }

    /** Sets the bounds; entries beyond the new capacity go when their port learns the next address. */
    void configure(int newCapacity, long ageing) {
        capacity = newCapacity;
        lifetime = ageing + RENEWAL;
    }

    /** The port behind which {@code mac} lives, or {@link #NONE}. Any thread, wait-free. */
    int find(long mac, long now) {
        Slots s = slots;
        int slot = slot(s, mac);
        if (slot < 0) {
            return NONE;
        }
        long entry = s.entries.get(slot);
        return macOf(entry) == mac && now - s.times.get(slot) <= lifetime ? portOf(entry) : NONE;
    }

    /**
     * Notes that a frame from {@code mac} came in by {@code port}.
     *
     * @return the port behind which it lived until now, {@code port} itself as a rule; {@link #NONE} if it is new
     */
    int learn(long mac, int port, long now) {
        Slots s = slots;
        int slot = slot(s, mac);
        if (slot >= 0 && s.entries.get(slot) == entry(mac, port)) {
            if (now - s.times.get(slot) >= RENEWAL && lock.tryLock()) {
                try {
                    return put(mac, port, now);
                } finally {
                    lock.unlock();
                }
            }
            return port;
        }
        lock.lock();
        try {
            return put(mac, port, now);
        } finally {
            lock.unlock();
        }
    }

    private int put(long mac, int port, long now) {
        if (sizes[port] == NONE) {
            return port; // Closed while the frame was on its way: nothing is learned, nothing is told.
        }
        int slot = slot(slots, mac);
        int was = NONE;
        if (slot >= 0) {
            was = portOf(slots.entries.get(slot));
            unlink(slot, was);
        }
        if (was != port) {
            while (sizes[port] >= capacity) {
                remove(oldest[port], port);
                evictions.evicted(port);
            }
            if (slot < 0) {
                slot = claim(mac);
            }
        }
        Slots s = slots;
        s.times.set(slot, now);
        s.entries.set(slot, entry(mac, port));
        link(s, slot, port);
        return was;
    }

    /** Lets {@code port} learn. */
    void open(int port) {
        lock.lock();
        try {
            sizes[port] = 0;
            oldest[port] = NONE;
            newest[port] = NONE;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what was learned on {@code port}, and learns no more there. */
    void close(int port) {
        lock.lock();
        try {
            while (sizes[port] > 0) {
                remove(oldest[port], port);
            }
            sizes[port] = NONE;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what is idle for too long on {@code port}; {@link #find} does not wait for this. Returns how many. */
    int age(int port, long now) {
        lock.lock();
        try {
            int aged = 0;
            while (sizes[port] > 0 && now - slots.times.get(oldest[port]) > lifetime) {
                remove(oldest[port], port);
                aged++;
            }
            return aged;
        } finally {
            lock.unlock();
        }
    }

    /** How many addresses are learned on {@code port}. */
    int size(int port) {
        lock.lock();
        try {
            return Math.max(0, sizes[port]);
        } finally {
            lock.unlock();
        }
    }

    /** Shows the entries of {@code port}, the one heard of last first, at most {@code limit} of them. */
    void visit(int port, int limit, Visitor visitor) {
        lock.lock();
        try {
            int slot = sizes[port] > 0 ? newest[port] : NONE;
            for (int i = 0; slot != NONE && i < limit; i++) {
                visitor.visit(macOf(slots.entries.get(slot)), port, slots.times.get(slot));
                slot = slots.older[slot];
            }
        } finally {
            lock.unlock();
        }
    }

    /** The slot of {@code mac}, negative if it has none. */
    private int slot(Slots s, long mac) {
        int mask = s.size() - 1;
        for (int slot = home(s, mac); ; slot = slot + 1 & mask) {
            long entry = s.entries.get(slot);
            if (entry == EMPTY) {
                return NONE;
            }
            if (macOf(entry) == mac && entry != GRAVE) {
                return slot;
            }
        }
    }

    /** A slot for an address that has none. */
    private int claim(long mac) {
        if (2 * (slots.used + 1) > slots.size()) {
            rebuild();
        }
        size++;
        return free(slots, mac);
    }

    private int free(Slots s, long mac) {
        int mask = s.size() - 1;
        int slot = home(s, mac);
        while (s.entries.get(slot) != EMPTY) {
            slot = slot + 1 & mask;
        }
        s.used++;
        return slot;
    }

    /** Moves all entries to a table of four to eight times their number, in which there is no grave. */
    private void rebuild() {
        Slots from = slots;
        Slots to = new Slots(Math.max(MIN_SLOTS, Integer.highestOneBit(size + 1) * 8));
        for (int port = 0; port < MAX_PORTS; port++) {
            if (sizes[port] <= 0) {
                continue;
            }
            int next = oldest[port];
            sizes[port] = 0;
            oldest[port] = NONE;
            newest[port] = NONE;
            for (; next != NONE; next = from.newer[next]) {
                long entry = from.entries.get(next);
                int slot = free(to, macOf(entry));
                to.times.set(slot, from.times.get(next));
                to.entries.set(slot, entry);
                link(to, slot, port);
            }
        }
        slots = to;
    }

    private void remove(int slot, int port) {
        unlink(slot, port);
        slots.entries.set(slot, GRAVE);
        size--;
    }

    private void link(Slots s, int slot, int port) {
        s.older[slot] = newest[port];
        s.newer[slot] = NONE;
        if (newest[port] == NONE) {
            oldest[port] = slot;
        } else {
            s.newer[newest[port]] = slot;
        }
        newest[port] = slot;
        sizes[port]++;
    }

    private void unlink(int slot, int port) {
        int before = slots.older[slot];
        int after = slots.newer[slot];
        if (before == NONE) {
            oldest[port] = after;
        } else {
            slots.newer[before] = after;
        }
        if (after == NONE) {
            newest[port] = before;
        } else {
            slots.older[after] = before;
        }
        sizes[port]--;
    }

    private int home(Slots s, long mac) {
        return (int) (mac * multiplier >>> s.shift);
    }

    private static long entry(long mac, int port) {
        return mac << 16 | port;
    }

    private static long macOf(long entry) {
        return entry >>> 16;
    }

    private static int portOf(long entry) {
        return (int) entry & 0xffff;
    }
}
