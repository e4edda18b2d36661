package tier6.tap.memory;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Echo requests of ours that wait for a reply. */
final class Echoes {
    /** A request: the reply must come from {@code target} and bring {@code payload}, which cannot be guessed. */
    record Echo(InetAddress target, int sequence, byte[] payload, CompletableFuture<Long> arrival) {}

    private static final int PAYLOAD = 32;

    private final SecureRandom random = new SecureRandom();
    private final int identifier = random.nextInt(1 << 16);
    private final AtomicInteger sequences = new AtomicInteger();
    private final Map<Integer, Echo> waiting = new ConcurrentHashMap<>();

    int identifier() {
        return identifier;
    }

    Echo begin(InetAddress target) {
        byte[] payload = new byte[PAYLOAD];
        random.nextBytes(payload);
        Echo echo = new Echo(target, sequences.getAndIncrement() & 0xffff, payload, new CompletableFuture<>());
        waiting.put(echo.sequence(), echo);
        return echo;
    }

    void end(Echo echo) {
        waiting.remove(echo.sequence(), echo);
    }

    /** Takes an echo reply whose ICMP part is between {@code icmp} and {@code end}; returns whether it was waited for. */
    boolean reply(byte[] data, int icmp, int end, int source, int addressSize) {
        if (Words.u16(data, icmp + 4) != identifier) {
            return false;
        }
        Echo echo = waiting.get(Words.u16(data, icmp + 6));
        return echo != null
                && Arrays.equals(echo.payload(), 0, PAYLOAD, data, icmp + Stack.ECHO, end)
                && echo.target().equals(Stack.address(data, source, addressSize))
                && echo.arrival().complete(System.nanoTime());
    }
}
