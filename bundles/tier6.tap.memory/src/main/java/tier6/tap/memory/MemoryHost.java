package tier6.tap.memory;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tier6.api.counter.Counters;
import tier6.api.frame.Ethernet;

/**
 * A host with little to say: it answers ARP, neighbour discovery and pings, over IPv4 and IPv6, and can ping others.
 * All other hosts are on its link; there are no routes. Its hardware address is that of its TAP, and like every host
 * it has a link-local IPv6 address.
 *
 * <p>It has no thread: it answers on the thread that writes to the TAP. What it does not understand it counts and
 * ignores; nothing that arrives makes it throw, wait, or keep more than a bounded amount.
 */
public final class MemoryHost implements Station {
    /** How long to wait for a hardware address before asking again (RFC 4861: RETRANS_TIMER). */
    private static final long ASK_AGAIN = TimeUnit.SECONDS.toNanos(1);

    private final MemoryTap tap;
    private final Counters<HostCount> counters = new Counters<>(HostCount.class);
    private final Echoes echoes = new Echoes();
    private final Neighbours neighbours = new Neighbours();
    private final Ipv4Stack ipv4;
    private final Ipv6Stack ipv6;

    /** Makes a host and plugs it into {@code tap}. */
    public MemoryHost(MemoryTap tap) {
        this.tap = tap;
        ipv4 = new Ipv4Stack(tap, echoes, neighbours, counters);
        ipv6 = new Ipv6Stack(tap, echoes, neighbours, counters);
        addresses(List.of());
        tap.connect(this);
    }

    /**
     * Gives the host these addresses instead of those that it has, beside its link-local one, and announces them.
     *
     * @throws IllegalArgumentException if a host cannot have one of them
     */
    public void addresses(List<InetAddress> addresses) {
        List<InetAddress> four = new ArrayList<>();
        List<InetAddress> six = new ArrayList<>();
        six.add(Stack.address(Ipv6Stack.linkLocal(tap.mac()), 0, 16));
        for (InetAddress address : addresses) {
            (checked(address) instanceof Inet4Address ? four : six).add(address);
        }
        ipv4.addresses(four);
        ipv6.addresses(six);
        for (InetAddress address : addresses()) {
            stack(address).announce(address.getAddress());
        }
    }

    /** Throws if a host cannot have this address. */
    static InetAddress checked(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress() || address.isLoopbackAddress()) {
            throw new IllegalArgumentException("not the address of a host: " + address.getHostAddress());
        }
        return address;
    }

    /** The addresses of the host, its link-local one among them. */
    public List<InetAddress> addresses() {
        List<InetAddress> all = new ArrayList<>();
        for (Stack stack : List.of(ipv4, ipv6)) {
            for (byte[] address : stack.addresses()) {
                all.add(Stack.address(address, 0, address.length));
            }
        }
        return all;
    }

    /** The hardware address. */
    public long mac() {
        return tap.mac();
    }

    /** Numbers for people, by name. */
    public Map<String, Long> counters() {
        return counters.snapshot();
    }

    /**
     * Sends one echo request and waits for its reply. Any thread, several at once.
     *
     * @param timeout how long to wait altogether, for the hardware address of the target and for its reply
     * @return the time from request to reply, without what it took to find the hardware address; empty if no reply came
     * @throws IllegalArgumentException if this host has no address of the target's kind
     */
    public Optional<Duration> ping(InetAddress target, Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        Stack stack = stack(target);
        byte[] to = target.getAddress();
        byte[] from = stack.source(to);
        if (stack.own(to, 0) != null) {
            return Optional.of(Duration.ZERO);
        }
        if (from == null) {
            throw new IllegalArgumentException("this host has no address to ping " + target.getHostAddress() + " from");
        }
        OptionalLong mac = resolve(stack, target, from, end);
        if (mac.isEmpty()) {
            return Optional.empty();
        }
        Echoes.Echo echo = echoes.begin(target);
        try {
            long start = System.nanoTime();
            stack.echo(from, to, mac.getAsLong(), echoes.identifier(), echo.sequence(), echo.payload());
            long arrival = echo.arrival().get(Math.max(0, end - start), TimeUnit.NANOSECONDS);
            return Optional.of(Duration.ofNanos(arrival - start));
        } catch (TimeoutException e) {
            neighbours.forget(target); // it may have another hardware address by now
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            echoes.end(echo);
        }
    }

    private OptionalLong resolve(Stack stack, InetAddress target, byte[] from, long end) throws InterruptedException {
        OptionalLong mac = neighbours.await(target, 0);
        if (mac.isPresent()) {
            return mac;
        }
        neighbours.want(target);
        try {
            for (long left = end - System.nanoTime(); mac.isEmpty() && left > 0; left = end - System.nanoTime()) {
                stack.solicit(from, target.getAddress());
                mac = neighbours.await(target, Math.min(left, ASK_AGAIN));
            }
            return mac;
        } finally {
            neighbours.giveUp(target);
        }
    }

    private Stack stack(InetAddress address) {
        return address instanceof Inet4Address ? ipv4 : ipv6;
    }

    @Override
    public void receive(byte[] data, int offset, int length) {
        if (length < Ethernet.HEADER) {
            counters.add(HostCount.DROP_MALFORMED, 1);
            return;
        }
        long destination = Ethernet.mac(data, offset);
        boolean concerns = destination == mac() || Ethernet.isGroup(destination);
        int packet = offset + Ethernet.HEADER;
        int end = offset + length;
        switch (concerns ? Ethernet.etherType(data, offset) : 0) {
            case Ethernet.ARP -> ipv4.receiveArp(data, packet, end);
            case Ethernet.IPV4 -> ipv4.receive(data, offset, packet, end);
            case Ethernet.IPV6 -> ipv6.receive(data, offset, packet, end);
            default -> counters.add(HostCount.DROP_IGNORED, 1);
        }
    }
}
