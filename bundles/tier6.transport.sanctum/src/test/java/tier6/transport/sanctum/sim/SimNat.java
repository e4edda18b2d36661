package tier6.transport.sanctum.sim;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A NAT box (RFC 4787). It filters by address and port: what was not written to may not write back. A mapping that
 * nothing went out of for a minute is forgotten.
 */
public final class SimNat {
    private static final long IDLE = Duration.ofSeconds(60).toNanos();

    /** How public ports are chosen. */
    public enum Mapping {
        /** One public port for each private one, whoever is written to. */
        ENDPOINT_INDEPENDENT,
        /** Another public port for each destination: what people call symmetric. */
        SYMMETRIC
    }

    private record Inside(InetSocketAddress host, InetSocketAddress remoteIfSymmetric) {}

    private static final class Entry {
        final Inside inside;
        final int port;
        final Set<InetSocketAddress> writtenTo = new HashSet<>();
        long used;

        Entry(Inside inside, int port) {
            this.inside = inside;
            this.port = port;
        }
    }

    private final SimNetwork network;
    private final InetAddress address;
    private final Mapping mapping;
    private final Map<Inside, Entry> byInside = new HashMap<>();
    private final Map<Integer, Entry> byPort = new HashMap<>();
    private int nextPort = 20000;

    SimNat(SimNetwork network, InetAddress address, Mapping mapping) {
        this.network = network;
        this.address = address;
        this.mapping = mapping;
    }

    /** Its public address. */
    public InetAddress address() {
        return address;
    }

    /** Forgets all mappings, as after a power cut. */
    public void forget() {
        byInside.clear();
        byPort.clear();
    }

    InetSocketAddress outbound(InetSocketAddress host, InetSocketAddress remote) {
        Inside inside = new Inside(host, mapping == Mapping.SYMMETRIC ? remote : null);
        Entry entry = byInside.get(inside);
        if (entry == null || network.nanos() - entry.used > IDLE) {
            if (entry != null) {
                byPort.remove(entry.port);
            }
            entry = new Entry(inside, nextPort++);
            byInside.put(inside, entry);
            byPort.put(entry.port, entry);
        }
        entry.used = network.nanos();
        entry.writtenTo.add(remote);
        return new InetSocketAddress(address, entry.port);
    }

    /** Where behind the box a datagram goes; null if nowhere. */
    InetSocketAddress inbound(InetSocketAddress from, int port) {
        Entry entry = byPort.get(port);
        return entry == null || network.nanos() - entry.used > IDLE || !entry.writtenTo.contains(from)
                ? null
                : entry.inside.host;
    }
}
