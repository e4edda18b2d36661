package tier6.vswitch.internal;

import java.lang.System.Logger;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tier6.api.event.Events;
import tier6.api.event.NodeEvent.MacLearned;
import tier6.api.vswitch.Egress;
import tier6.api.vswitch.MacEntry;
import tier6.api.vswitch.Mirror;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.PortStatus;
import tier6.api.vswitch.SwitchPort;
import tier6.api.vswitch.SwitchRules;
import tier6.api.vswitch.VirtualSwitch;

/** The switch as a service: configuration, events, and a thread that ticks once a second. */
@Component(configurationPid = "tier6.vswitch", property = "kind=learning")
public final class SwitchComponent implements VirtualSwitch {
    private static final Logger LOG = System.getLogger(SwitchComponent.class.getName());

    /** The most events in a second: a peer that makes up addresses shall not keep everybody busy. */
    private static final int EVENTS = 100;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Events events;

    private final AtomicInteger eventsLeft = new AtomicInteger(EVENTS);
    private final Switch fabric =
            new Switch(SwitchConfig.DEFAULT, System::nanoTime, new SecureRandom().nextLong(), this::learned);
    private final Refresher refresher = new Refresher(fabric);
    private ScheduledExecutorService timer;

    @Activate
    void activate(Map<String, Object> properties) {
        modified(properties);
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "tier6-switch");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    @Modified
    void modified(Map<String, Object> properties) {
        try {
            fabric.configure(SwitchConfig.from(properties));
        } catch (IllegalArgumentException e) {
            LOG.log(Logger.Level.ERROR, "tier6.vswitch: " + e.getMessage() + "; the switch stays as it was");
        }
    }

    @Deactivate
    void deactivate() throws InterruptedException {
        timer.shutdownNow();
        timer.awaitTermination(1, TimeUnit.SECONDS);
    }

    private void tick() {
        try {
            eventsLeft.set(EVENTS);
            fabric.age();
            if (fabric.config().refresh()) {
                refresher.tick();
            }
        } catch (RuntimeException e) {
            LOG.log(Logger.Level.ERROR, "the switch could not do what is due once a second", e);
        }
    }

    private void learned(long mac, String port, String from) {
        Events e = events;
        if (e != null && eventsLeft.getAndDecrement() > 0) {
            e.publish(new MacLearned(mac, port, from));
        }
    }

    @Override
    public SwitchPort attach(String name, PortKind kind, Egress egress) {
        return fabric.attach(name, kind, egress);
    }

    @Override
    public List<PortStatus> ports() {
        return fabric.ports();
    }

    @Override
    public List<MacEntry> macs() {
        return fabric.macs();
    }

    @Override
    public Optional<String> lookup(long mac) {
        return fabric.lookup(mac);
    }

    @Override
    public Optional<SwitchRules> rules() {
        return fabric.rules();
    }

    @Override
    public Runnable mirror(Mirror mirror) {
        return fabric.mirror(mirror);
    }

    @Override
    public Map<String, Long> counters() {
        return fabric.counters();
    }
}
