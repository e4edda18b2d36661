package tier6.discovery.example;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;

/**
 * Looks again and again who is there, and tells the node what changed. {@link #look} takes it from the configuration;
 * that is the place to ask a database, a web service or whatever knows your hosts.
 *
 * <p>There is one of these for each file {@code etc/tier6.discovery.example-ANYTHING.cfg}.
 */
@Component(configurationPid = "tier6.discovery.example", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ExampleSource implements PeerSource {
    /** What such a file may say. A method {@code a_b} stands for the property {@code a.b}. */
    public @interface Config {
        /** The flock of all peers, as in tier6.conf; 0 if that has none. */
        String flock() default "0";

        /** Each {@code KEK-ID ADDRESS PORT SECRET-FILE OWN-PORT}. */
        String[] peers() default {};

        /** Seconds between two looks. */
        int interval() default 10;
    }

    private final Config config;
    private final Map<PeerId, Peer> known = new HashMap<>();
    private ScheduledExecutorService clock;
    private volatile String status = "has not looked yet";

    @Activate
    public ExampleSource(Config config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "example";
    }

    /** Must not block, so all looking is done by a thread of our own. */
    @Override
    public synchronized void start(PeerSink sink) {
        clock = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "tier6.discovery.example"));
        clock.scheduleWithFixedDelay(() -> update(sink), 0, config.interval(), TimeUnit.SECONDS);
    }

    /** Must end every thread that start began. */
    @Override
    public synchronized void stop() {
        if (clock != null) {
            clock.shutdownNow();
        }
    }

    @Override
    public String status() {
        return status;
    }

    private void update(PeerSink sink) {
        try {
            Map<PeerId, Peer> now = look();
            for (PeerId gone : Set.copyOf(known.keySet())) {
                if (!now.containsKey(gone)) {
                    known.remove(gone);
                    sink.withdraw(gone);
                }
            }
            now.forEach((id, peer) -> {
                if (!peer.equals(known.put(id, peer))) {
                    sink.announce(peer);
                }
            });
            status = "knows " + known.size() + " peers";
        } catch (UnknownHostException | RuntimeException e) {
            // Whom we know stays known: a moment without an answer is no reason to tear tunnels down.
            status = "cannot look, tries again: " + e.getMessage();
        }
    }

    /** Who is there now. */
    private Map<PeerId, Peer> look() throws UnknownHostException {
        Map<PeerId, Peer> peers = new HashMap<>();
        for (String line : config.peers()) {
            String[] words = line.trim().split("\\s+");
            PeerId id = new PeerId(Long.parseUnsignedLong(config.flock(), 16), Integer.parseInt(words[0], 16));
            var address = new InetSocketAddress(InetAddress.getByName(words[1]), Integer.parseInt(words[2]));
            peers.put(id, Peer.at(id, address, Path.of(words[3]), Integer.parseInt(words[4])));
        }
        return peers;
    }
}
