package tier6.admission.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tier6.admission.AddressQuery;
import tier6.admission.AdmissionServer;
import tier6.admission.FlockHome;
import tier6.api.admission.Admissions;
import tier6.api.lifecycle.Opening;
import tier6.cathedral.CathedralConf;
import tier6.sanctum.crypto.RandomSource;

/** The door of a flock and its desk, in the node that keeps it; and new secrets between devices now and then. */
@Component(
        service = {},
        immediate = true,
        configurationPid = "tier6.admission",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class AdmissionComponent {
    /** PID {@code tier6.admission}. */
    @interface Config {
        String directory();

        String local();
    }

    private static final Logger LOG = System.getLogger("tier6.admission");
    private static final Duration ROLL = Duration.ofDays(30), LOOK = Duration.ofHours(1);
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final FlockHome home;
    private final InetSocketAddress local;
    private final Opening<AdmissionServer> server;
    private final ServiceRegistration<Admissions> registration;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "tier6-admission-clock");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public AdmissionComponent(BundleContext context, Config config) throws IOException {
        local = CathedralConf.address("local", config.local());
        home = FlockHome.open(Path.of(config.directory()), RandomSource.secure());
        registration = context.registerService(Admissions.class, home, null);
        server = new Opening<>(
                "tier6-admission-again",
                AGAIN,
                this::open,
                e -> LOG.log(Level.ERROR, "nobody can join now: {0}; tried again until it works", e.getMessage()));
        clock.scheduleWithFixedDelay(this::roll, 0, LOOK.toMinutes(), TimeUnit.MINUTES);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindNetwork(AddressQuery network) {
        home.consult(network);
    }

    void unbindNetwork(AddressQuery network) {
        home.consult(address -> Optional.empty());
    }

    private AdmissionServer open() throws IOException {
        AdmissionServer opened = new AdmissionServer(home, local);
        LOG.log(
                Level.INFO,
                "flock {0} lets in who is invited, at TCP {1}:{2}",
                home.flock(),
                local.getAddress().getHostAddress(),
                Integer.toString(opened.local().getPort()));
        return opened;
    }

    private void roll() {
        try {
            if (home.rolled().plus(ROLL).isBefore(Instant.now())) {
                home.roll();
                LOG.log(Level.INFO, "made new secrets between the devices of flock {0}", home.flock());
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "no new secrets between devices: {0}", e.getMessage());
        }
    }

    @Deactivate
    void stop() throws IOException {
        registration.unregister();
        clock.shutdownNow();
        server.close();
    }
}
