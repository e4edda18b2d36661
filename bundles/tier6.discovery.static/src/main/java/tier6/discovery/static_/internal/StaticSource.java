package tier6.discovery.static_.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;

/** Announces the peers of its configuration. */
@Component(configurationPid = "tier6.discovery.static", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class StaticSource implements PeerSource {
    private static final Logger LOG = System.getLogger(StaticSource.class.getName());
    private static final long RESOLVE_INTERVAL_MILLIS = TimeUnit.SECONDS.toMillis(30);

    @interface Config {
        String flock() default "0";

        String[] peers() default {};
    }

    private final StaticPeers peers;
    private Thread resolver;

    @Activate
    public StaticSource(Config config) {
        this(parseFlock(config.flock()), config.peers());
    }

    StaticSource(long flock, String... entries) {
        peers = new StaticPeers(flock, entries);
        peers.problems().forEach(problem -> LOG.log(Level.WARNING, problem));
    }

    private static long parseFlock(String text) {
        try {
            return Long.parseUnsignedLong(text.strip(), 16);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "flock '" + text + "' of tier6.discovery.static: write 16 hexadecimal digits", e);
        }
    }

    @Override
    public String name() {
        return "static";
    }

    @Override
    public synchronized void start(PeerSink sink) {
        peers.announceLiterals(sink);
        if (peers.hasNames()) {
            resolver = new Thread(() -> resolve(sink), "tier6-discovery-static");
            resolver.setDaemon(true);
            resolver.start();
        }
    }

    private void resolve(PeerSink sink) {
        try {
            while (!Thread.interrupted()) {
                peers.announceNames(sink);
                Thread.sleep(RESOLVE_INTERVAL_MILLIS);
            }
        } catch (InterruptedException e) {
            // stopped
        }
    }

    @Override
    public synchronized void stop() {
        if (resolver != null) {
            // Not joined: the name service may not return for a long time, and the sink ignores what comes later.
            resolver.interrupt();
            resolver = null;
        }
    }

    @Override
    public String status() {
        return peers.status();
    }
}
