package tier6.transport.sanctum.internal;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Set;

/**
 * The cathedrals that a link used lately. After a change the peer may still send through the one before, and that must
 * not be taken for a direct path. One thread.
 */
final class RecentCathedrals {
    /** As many as a remembrance holds (specification section 1). */
    private static final int MOST = 32;

    private final ArrayDeque<InetSocketAddress> order = new ArrayDeque<>();
    private Set<InetSocketAddress> addresses = Set.of();

    void add(InetSocketAddress cathedral) {
        order.remove(cathedral);
        order.addLast(cathedral);
        if (order.size() > MOST) {
            order.removeFirst();
        }
        addresses = Set.copyOf(order);
    }

    /** An immutable snapshot. */
    Set<InetSocketAddress> addresses() {
        return addresses;
    }
}
