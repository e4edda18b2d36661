package tier6.discovery.lan.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.sanctum.crypto.RandomSource;

/** Announces the nodes on the same segment that have the same secret, and this one to them. */
@Component(configurationPid = "tier6.discovery.lan", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class LanSource implements PeerSource {
    private static final Logger LOG = System.getLogger("tier6.discovery.lan");

    private static final long TURN_MILLIS = 250;
    private static final long SAY_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long FLOODED_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long STOP_MILLIS = 900;
    private static final int MOST_WAITING = 1024;

    /** Factory PID {@code tier6.discovery.lan}. */
    @interface Config {
        String flock() default "0";

        String kek_id() default "";

        String secret() default "";

        int port() default 0x6800;

        String tap() default "";
    }

    private final Settings settings;
    private final BlockingQueue<String> heard = new ArrayBlockingQueue<>(MOST_WAITING);
    private volatile String status = "not started";
    private volatile Thread thread;

    @Activate
    public LanSource(BundleContext context, Config config) {
        this(Settings.of(config, context.getDataFile("").toPath()));
    }

    LanSource(Settings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "lan";
    }

    @Override
    public synchronized void start(PeerSink sink) {
        Thread looking = new Thread(() -> run(sink), "tier6-discovery-lan");
        looking.setDaemon(true);
        thread = looking;
        looking.start();
    }

    @Override
    public synchronized void stop() {
        Thread looking = thread;
        thread = null;
        if (looking != null) {
            looking.interrupt();
            try {
                // It may take longer until it has said goodbye on every segment; that does not matter to anybody.
                looking.join(STOP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String status() {
        return status;
    }

    private void run(PeerSink sink) {
        try {
            while (thread == Thread.currentThread()) {
                try (SegmentSecret secret = SegmentSecret.read(settings.secret(), RandomSource.secure())) {
                    Files.createDirectories(settings.directory());
                    Neighbours neighbours = new Neighbours(
                            settings.flock(), settings.device(), settings.port(), secret, settings.directory(), sink);
                    // The secret is read once: later this process may be a user who cannot read it.
                    while (thread == Thread.currentThread()) {
                        look(neighbours, secret);
                    }
                } catch (IOException e) {
                    tell(e.getMessage());
                    Thread.sleep(TimeUnit.NANOSECONDS.toMillis(LOOK_NANOS));
                }
            }
        } catch (InterruptedException e) {
            // stopped
        }
    }

    private void look(Neighbours neighbours, SegmentSecret secret) throws InterruptedException {
        List<Segment> segments = new ArrayList<>();
        Interfaces interfaces = new Interfaces(settings.tap());
        long lookAt = System.nanoTime();
        long sayAt = lookAt + SAY_NANOS;
        try {
            while (thread == Thread.currentThread()) {
                String text = heard.poll(TURN_MILLIS, TimeUnit.MILLISECONDS);
                long now = System.nanoTime();
                if (text != null) {
                    neighbours.heard(text, unixSeconds());
                }
                if (segments.stream().anyMatch(Segment::isFlooded)) {
                    close(segments);
                    heard.clear();
                    tell("somebody floods the segment with names; looks again in a minute");
                    lookAt = now + FLOODED_NANOS;
                }
                if (now - lookAt >= 0) {
                    lookAt = now + LOOK_NANOS;
                    join(segments, interfaces, secret);
                    neighbours.tick(unixSeconds());
                }
                if (now - sayAt >= 0) {
                    sayAt = now + SAY_NANOS;
                    segments.forEach(segment -> segment.say(secret.seal(ours(segment.address()))));
                }
                if (!segments.isEmpty()) {
                    status = neighbours.status() + " on " + segments.size()
                            + (segments.size() == 1 ? " segment" : " segments");
                }
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "begins again: " + e);
        } finally {
            close(segments);
        }
    }

    /** Follows interfaces and addresses as they come and go. */
    private void join(List<Segment> segments, Interfaces interfaces, SegmentSecret secret) {
        try {
            Set<InetAddress> addresses = interfaces.addresses();
            List<Segment> gone = segments.stream()
                    .filter(segment -> !addresses.remove(segment.address()))
                    .toList();
            segments.removeAll(gone);
            close(new ArrayList<>(gone));
            for (InetAddress address : addresses) {
                segments.add(new Segment(address, secret.seal(ours(address)), RandomSource.secure(), heard));
            }
            if (segments.isEmpty()) {
                tell("no interface with an IPv4 address and others behind it; looks again");
            }
        } catch (IOException e) {
            tell(e.getMessage());
        }
    }

    private Announcement ours(InetAddress address) {
        return new Announcement(settings.flock(), settings.device(), settings.port(), address, unixSeconds());
    }

    private static long unixSeconds() {
        return System.currentTimeMillis() / 1000;
    }

    /** Each says goodbye for two seconds, so all at once. */
    private static void close(List<Segment> segments) {
        List<Thread> closing = segments.stream()
                .map(segment -> new Thread(segment::close, "tier6-discovery-lan-close"))
                .toList();
        closing.forEach(Thread::start);
        segments.clear();
    }

    private void tell(String trouble) {
        if (!trouble.equals(status)) {
            LOG.log(Level.WARNING, trouble);
        }
        status = trouble;
    }
}
