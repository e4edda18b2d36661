package tier6.discovery.reliquary.internal;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tier6.api.underlay.Underlay;
import tier6.api.underlay.UnderlayLoop;
import tier6.discovery.reliquary.Cathedral;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;

/**
 * A cathedral and how far away it is.
 *
 * @param cathedral as its operator names it
 * @param address where it is
 * @param answer what was measured; nothing if it did not answer
 */
record Choice(Cathedral cathedral, InetSocketAddress address, Optional<RoundTrips.Answer> answer) {
    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(500);
    private static final Comparator<Choice> NEAREST = Comparator.comparingLong(
            choice -> choice.answer.map(RoundTrips.Answer::nanos).orElse(Long.MAX_VALUE));

    /**
     * Measures them all, the nearest first; those that do not answer come last, in their order. Blocks some seconds at most.
     *
     * @throws IOException if there is no socket to measure with, or no address at all
     */
    static List<Choice> among(List<Cathedral> cathedrals, Identity device, InetAddress local, Underlay underlay)
            throws IOException {
        List<Choice> all = new ArrayList<>();
        IOException unknown = null;
        for (Cathedral cathedral : cathedrals) {
            try {
                InetSocketAddress address = resolve(cathedral.address());
                if (all.stream().noneMatch(other -> other.address.equals(address))) {
                    all.add(new Choice(cathedral, address, Optional.empty()));
                }
            } catch (IOException e) {
                unknown = e;
            }
        }
        if (all.isEmpty() && unknown != null) {
            throw unknown;
        }
        List<InetSocketAddress> addresses = all.stream().map(Choice::address).toList();
        try (UnderlayLoop loop = underlay.open();
                RoundTrips trips = new RoundTrips(
                        device,
                        addresses,
                        local,
                        loop,
                        System::nanoTime,
                        System::currentTimeMillis,
                        RandomSource.secure())) {
            long due = System.nanoTime();
            while (!trips.isDone()) {
                if (Thread.interrupted()) {
                    throw new InterruptedIOException("stopped while measuring cathedrals");
                }
                due = trips.run(Math.max(0, Math.min(LONGEST_WAIT, due - System.nanoTime())));
            }
            for (int i = 0; i < all.size(); i++) {
                all.set(i, new Choice(all.get(i).cathedral, all.get(i).address, trips.answer(i)));
            }
        }
        all.sort(NEAREST);
        return all;
    }

    private static InetSocketAddress resolve(String endpoint) throws IOException {
        int colon = endpoint.lastIndexOf(':');
        int port = colon > 0 && endpoint.substring(colon + 1).matches("\\d{1,5}")
                ? Integer.parseInt(endpoint.substring(colon + 1))
                : 0;
        if (port < 1 || port > 0xffff) {
            throw new IOException("cathedral '" + endpoint + "' has no address and port such as 192.0.2.1:4500");
        }
        String host = endpoint.substring(0, colon);
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (address instanceof Inet4Address) {
                    return new InetSocketAddress(address, port);
                }
            }
        } catch (UnknownHostException e) {
            throw new IOException("no address for cathedral " + host + "; check the name and the name service", e);
        }
        throw new IOException("cathedral " + host + " has no IPv4 address, and the protocol knows no other");
    }

    /** {@code address:port}. */
    String endpoint() {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
