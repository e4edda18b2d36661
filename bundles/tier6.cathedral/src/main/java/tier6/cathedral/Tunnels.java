package tier6.cathedral;

import java.util.function.Predicate;

/**
 * All tunnels by flock, peer's flock and tunnel id: a hash table with one look-up for a relayed datagram, in which the
 * tunnels are their own keys. One thread.
 */
final class Tunnels {
    private Tunnel[] slots = new Tunnel[64];
    private int size;

    int size() {
        return size;
    }

    /** The tunnel that the device of {@code id >> 8} in flock {@code src} keeps to {@code id & 255} in {@code dst}. */
    Tunnel get(long src, long dst, int id) {
        return slots[find(src, dst, id)];
    }

    /** The same tunnel as the other end announces it. */
    Tunnel peerOf(Tunnel tunnel) {
        return get(tunnel.dst, tunnel.src, swap(tunnel.id));
    }

    static int swap(int id) {
        return id >>> 8 | (id & 0xff) << 8;
    }

    void add(Tunnel tunnel) {
        if (++size * 2 > slots.length) {
            rebuild(slots.length * 2);
        }
        slots[find(tunnel.src, tunnel.dst, tunnel.id)] = tunnel;
    }

    int count(Predicate<Tunnel> which) {
        int n = 0;
        for (Tunnel t : slots) {
            if (t != null && which.test(t)) {
                n++;
            }
        }
        return n;
    }

    /** Takes out what the predicate tells to. */
    void removeIf(Predicate<Tunnel> gone) {
        int removed = 0;
        for (int i = 0; i < slots.length; i++) {
            if (slots[i] != null && gone.test(slots[i])) {
                slots[i] = null;
                removed++;
            }
        }
        if (removed > 0) {
            size -= removed;
            rebuild(slots.length);
        }
    }

    private int find(long src, long dst, int id) {
        int mask = slots.length - 1;
        int i = hash(src, dst, id) & mask;
        for (Tunnel t = slots[i]; t != null && !(t.id == id && t.src == src && t.dst == dst); t = slots[i]) {
            i = i + 1 & mask;
        }
        return i;
    }

    private static int hash(long src, long dst, int id) {
        return LongMap.hash((src * 31 + dst) * 0x10001 + id);
    }

    private void rebuild(int capacity) {
        Tunnel[] old = slots;
        slots = new Tunnel[capacity];
        for (Tunnel t : old) {
            if (t != null) {
                slots[find(t.src, t.dst, t.id)] = t;
            }
        }
    }
}
