package tier6.discovery.cathedral.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tier6.api.discovery.CathedralDirectory;
import tier6.api.discovery.CathedralStatus;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.api.event.Events;
import tier6.api.event.NodeEvent;
import tier6.api.time.Clock;
import tier6.api.underlay.Underlay;
import tier6.api.underlay.UnderlayLoop;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;

/** Announces the peers that a cathedral names. A thread of its own turns a {@link CathedralSearch}. */
@Component(configurationPid = "tier6.discovery.cathedral", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class CathedralSource implements PeerSource, CathedralDirectory {
    private static final Logger LOG = System.getLogger(CathedralSource.class.getName());
    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long RETRY_MILLIS = TimeUnit.SECONDS.toMillis(5);
    private static final long JOIN_MILLIS = 900;

    /** Factory PID {@code tier6.discovery.cathedral}. */
    @interface Config {
        String flock() default "0";

        String kek_id() default "";

        String cs_id() default "";

        String cs_path() default "";

        String cosk_path() default "";

        String cathedral() default "";

        String remembrance() default "";

        String local() default "";

        int group() default Wishes.USUAL_GROUP;

        boolean hidden() default false;

        boolean shroud() default false;

        String[] tunnels() default {};
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Events events;

    private final Underlay underlay;
    private final Settings settings;
    private volatile String problem = "not started";
    private volatile CathedralSearch search;
    private volatile UnderlayLoop loop;
    private volatile boolean stopped;
    private Thread thread;

    @Activate
    public CathedralSource(
            @Reference(name = "underlay", policyOption = ReferencePolicyOption.GREEDY) Underlay underlay,
            Config config) {
        this(underlay, Settings.parse(config));
    }

    CathedralSource(Underlay underlay, Settings settings) {
        this.underlay = underlay;
        this.settings = settings;
    }

    @Deactivate
    void deactivate() {
        stop();
    }

    @Override
    public String name() {
        return "cathedral";
    }

    @Override
    public synchronized void start(PeerSink sink) {
        stopped = false;
        thread = new Thread(() -> run(sink), "tier6-discovery-cathedral");
        thread.setDaemon(true);
        thread.start();
    }

    /** Tries for as long as it takes: files, names and networks may come later. */
    private void run(PeerSink sink) {
        while (!stopped) {
            try (Identity identity = settings.identity();
                    UnderlayLoop opened = underlay.open()) {
                InetSocketAddress cathedral = settings.resolveCathedral();
                loop = opened;
                search(identity, cathedral, opened, sink);
            } catch (IOException e) {
                tell(e.getMessage());
                rest();
            } catch (RuntimeException | Error e) { // of the underlay, which is a plug-in, among others
                LOG.log(Level.ERROR, "discovery failed, tries again", e);
                rest();
            } finally {
                loop = null;
                search = null; // this object may be held for the grace period; the loop's memory shall not
            }
        }
        problem = "stopped";
    }

    private void search(Identity identity, InetSocketAddress cathedral, UnderlayLoop opened, PeerSink sink)
            throws IOException {
        Memory memory = settings.remembrance() == null ? null : new Memory(settings.remembrance());
        Clock clock = Clock.system();
        try (CathedralSearch mine = new CathedralSearch(
                identity,
                settings.wishes(),
                cathedral,
                memory == null ? CathedralSearch.NOTHING_REMEMBERED : memory.read(),
                settings.local(),
                opened,
                clock,
                RandomSource.secure(),
                sink,
                this::publish,
                memory == null ? null : memory::write)) {
            search = mine;
            problem = null;
            long due = clock.nanos();
            Naming naming = settings.isNamed() ? new Naming(settings::resolveCathedral, names(), due) : null;
            while (!stopped) {
                due = turn(mine, Math.max(0, Math.min(LONGEST_WAIT, due - clock.nanos())), due);
                if (naming != null) {
                    naming.attend(mine, clock.nanos());
                }
            }
        }
    }

    /** A thread for each question: there are few, and each may hang for as long as the name service wants. */
    private static Executor names() {
        return question -> {
            Thread asking = new Thread(question, "tier6-discovery-name");
            asking.setDaemon(true);
            asking.start();
        };
    }

    /** A turn that survives whatever a sink throws. */
    private static long turn(CathedralSearch search, long wait, long due) throws IOException {
        try {
            return search.run(wait);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "discovery failed, goes on", e);
            return due + LONGEST_WAIT;
        }
    }

    private void publish(NodeEvent event) {
        Events to = events;
        if (to != null) {
            to.publish(event);
        }
    }

    private void tell(String trouble) {
        if (!trouble.equals(problem)) {
            LOG.log(Level.WARNING, trouble);
        }
        problem = trouble;
    }

    private void rest() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            // Stopped: the loop sees it.
        }
    }

    @Override
    public synchronized void stop() {
        stopped = true;
        UnderlayLoop waiting = loop;
        if (waiting != null) {
            waiting.wakeup();
        }
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            thread = null;
        }
    }

    @Override
    public String status() {
        String trouble = problem;
        CathedralSearch now = search;
        if (trouble != null) {
            return trouble;
        }
        return now == null ? "starting" : now.status();
    }

    @Override
    public List<CathedralStatus> cathedrals() {
        CathedralSearch now = search;
        return now == null ? List.of() : now.cathedrals();
    }
}
