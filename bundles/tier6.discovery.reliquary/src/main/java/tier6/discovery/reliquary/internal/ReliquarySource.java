package tier6.discovery.reliquary.internal;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.api.underlay.Underlay;
import tier6.discovery.reliquary.Cathedral;
import tier6.discovery.reliquary.Hex;
import tier6.discovery.reliquary.Membership;
import tier6.discovery.reliquary.ReliquaryClient;
import tier6.discovery.reliquary.ReliquaryException;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.Remembrance;
import tier6.sanctum.file.RemembranceFile;
import tier6.sanctum.offer.RemembranceBody;

/**
 * Finds out who this device is and which cathedral is nearest, and has others do the rest: it configures the discovery of
 * cathedrals ({@code tier6.discovery.cathedral}) and the transport. So it announces no peer itself.
 *
 * <p>It goes on until a cathedral has answered, because files, networks and approvals may come later. Then the discovery
 * of cathedrals looks for another one by itself if that one falls silent, in the order of distance.
 */
@Component(configurationPid = "tier6.discovery.reliquary", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class ReliquarySource implements PeerSource {
    static final String TRANSPORT = "tier6.transport.sanctum";
    static final String DISCOVERY = "tier6.discovery.cathedral~reliquary-";

    private static final Logger LOG = System.getLogger(ReliquarySource.class.getName());
    private static final long RETRY_FILES_MILLIS = SECONDS.toMillis(5);
    private static final long RETRY_CATHEDRALS_MILLIS = SECONDS.toMillis(30);
    private static final long JOIN_MILLIS = 900;

    /** Factory PID {@code tier6.discovery.reliquary}. */
    @interface Config {
        String flock() default "";

        String directory() default "";

        String local() default "";

        String remembrance() default "";
    }

    private final Underlay underlay;
    private final Configurations configurations;
    private final Settings settings;
    private final String discovery;
    private volatile String status = "not started";
    private volatile boolean stopped;
    private Thread thread;

    @Activate
    public ReliquarySource(
            @Reference(name = "underlay", policyOption = ReferencePolicyOption.GREEDY) Underlay underlay,
            @Reference ConfigurationAdmin admin,
            Config config,
            Map<String, Object> properties) {
        this(underlay, Configurations.of(admin), Settings.parse(config, properties));
    }

    ReliquarySource(Underlay underlay, Configurations configurations, Settings settings) {
        this.underlay = underlay;
        this.configurations = configurations;
        this.settings = settings;
        this.discovery = DISCOVERY + Hex.flock(settings.flock());
    }

    @Deactivate
    void deactivate() {
        stop();
    }

    @Override
    public String name() {
        return "reliquary";
    }

    @Override
    public synchronized void start(PeerSink sink) {
        stopped = false;
        thread = new Thread(this::run, "tier6-discovery-reliquary");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!stopped) {
            try {
                if (attend()) {
                    return;
                }
                rest(RETRY_CATHEDRALS_MILLIS);
            } catch (IOException | RuntimeException e) {
                if (!stopped) {
                    tell(String.valueOf(e.getMessage()));
                    rest(RETRY_FILES_MILLIS);
                }
            }
        }
    }

    /** Measures and configures once; whether a cathedral answered. */
    private boolean attend() throws IOException {
        Membership membership = settings.directory().membership(settings.flock());
        int csId = membership.csId().orElseThrow(() -> missing("'tier6 reliquary flock join " + flock() + "'"));
        int kekId = membership
                .kekId()
                .orElseThrow(() -> missing("'tier6 reliquary kek install " + flock()
                        + " ID FILE' with the KEK that the owner of the flock hands over"));
        List<Choice> choices;
        try (Identity identity = Identity.load(
                settings.flock(), kekId, csId, membership.cs(csId), membership.cosk(csId), membership.kek(kekId))) {
            choices = Choice.among(cathedrals(), identity, settings.local(), underlay);
        }
        Choice nearest = choices.get(0);
        configure(membership, csId, kekId, choices);
        say(nearest, choices.size());
        return nearest.answer().isPresent();
    }

    private ReliquaryException missing(String command) {
        return new ReliquaryException("this device is not ready for flock " + flock() + " in "
                + settings.directory().path() + ": run " + command);
    }

    private String flock() {
        return Hex.flock(settings.flock());
    }

    /** Those that the API names; if it cannot be asked, the one in the directory. */
    private List<Cathedral> cathedrals() throws IOException {
        Optional<URI> api = settings.directory().api();
        String token = settings.directory().token();
        if (api.isPresent() && !token.isEmpty()) {
            try (ReliquaryClient client = new ReliquaryClient(api.get(), token)) {
                List<Cathedral> all = client.cathedrals();
                if (!all.isEmpty()) {
                    return all;
                }
            } catch (ReliquaryException e) {
                LOG.log(Level.INFO, e.getMessage() + "; going on with the cathedral of the directory");
            }
        }
        return List.of(new Cathedral(
                "",
                settings.directory()
                        .cathedral()
                        .orElseThrow(() -> new ReliquaryException("there is no cathedral in "
                                + settings.directory().path() + ": run 'tier6 reliquary init API'"))));
    }

    private void configure(Membership membership, int csId, int kekId, List<Choice> choices) throws IOException {
        Map<String, Object> identity = new HashMap<>(Map.of(
                "flock", "%016x".formatted(settings.flock()),
                "kek.id", Hex.kekId(kekId),
                "cs.id", Hex.device(csId),
                "cs.path", membership.cs(csId).toString(),
                "cosk.path", membership.cosk(csId).toString(),
                "kek.path", membership.kek(kekId).toString()));
        if (!settings.local().isAnyLocalAddress()) {
            identity.put("local", settings.local().getHostAddress());
        }
        Map<String, Object> transport = configurations.get(TRANSPORT);
        choices.get(0).answer().ifPresent(answer -> {
            if (answer.shrouded()) {
                identity.put("shroud", true);
            } else {
                transport.remove("shroud");
            }
        });
        Object other = transport.getOrDefault("flock", identity.get("flock"));
        if (!other.equals(identity.get("flock"))) {
            throw new ReliquaryException("the transport of this node is in flock " + other + " and cannot be in flock "
                    + flock() + " too: remove one of the two configurations");
        }
        transport.putAll(identity);
        natPort().ifPresent(port -> transport.put("nat.port", port));
        Map<String, Object> search = new HashMap<>(settings.wishes());
        search.putAll(identity);
        search.put("cathedral", choices.get(0).endpoint());
        if (remember(choices)) {
            search.put("remembrance", settings.remembrance().toString());
        }
        synchronized (this) {
            if (!stopped) {
                configurations.put(TRANSPORT, transport);
                configurations.put(discovery, search);
            }
        }
    }

    private Optional<Integer> natPort() throws IOException {
        return settings.directory()
                .natPort()
                .filter(port -> port.matches("[1-9]\\d{0,4}"))
                .map(Integer::valueOf);
    }

    /** Leaves the others behind, the nearest first, for when this one falls silent. */
    private boolean remember(List<Choice> choices) {
        try {
            RemembranceFile.write(
                    settings.remembrance(),
                    new Remembrance(choices.stream()
                            .map(Choice::address)
                            .limit(RemembranceBody.SLOTS)
                            .toList()),
                    RemembranceFile.Format.TIER6);
            // The node may be root yet, and soon be the user whose directory this is.
            UserPrincipal owner =
                    Files.getOwner(settings.remembrance().toAbsolutePath().getParent());
            if (!Files.getOwner(settings.remembrance()).equals(owner)) {
                Files.setOwner(settings.remembrance(), owner);
            }
            return true;
        } catch (IOException e) {
            LOG.log(Level.INFO, "other cathedrals are not remembered: " + e.getMessage());
            return false;
        }
    }

    private void say(Choice nearest, int all) {
        String name = nearest.cathedral().description().isEmpty()
                ? nearest.endpoint()
                : nearest.cathedral().description() + " (" + nearest.endpoint() + ")";
        status = nearest.answer()
                .map(answer -> "cathedral " + name + ", " + NANOSECONDS.toMillis(answer.nanos()) + " ms away"
                        + (answer.shrouded() ? ", shrouded" : "") + (all > 1 ? ", the nearest of " + all : ""))
                .orElse("no answer from " + (all > 1 ? "any of " + all + " cathedrals" : "cathedral " + name)
                        + "; was this device approved and an ambry uploaded? Tries again");
        LOG.log(nearest.answer().isPresent() ? Level.INFO : Level.WARNING, "flock " + flock() + ": " + status);
    }

    private void tell(String trouble) {
        if (!trouble.equals(status)) {
            LOG.log(Level.WARNING, trouble);
        }
        status = trouble;
    }

    private static void rest(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            // Stopped: the loop sees it.
        }
    }

    /** Ends the discovery too. The transport keeps its identity: links of other sources may need it. */
    @Override
    public void stop() {
        Thread running;
        synchronized (this) {
            stopped = true;
            running = thread;
            thread = null;
        }
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            running.join(JOIN_MILLIS);
            configurations.remove(discovery);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalStateException e) {
            LOG.log(Level.DEBUG, "the configuration " + discovery + " is gone already", e);
        }
    }

    @Override
    public String status() {
        return status;
    }
}
