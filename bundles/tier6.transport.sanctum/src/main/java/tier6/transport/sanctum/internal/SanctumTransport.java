package tier6.transport.sanctum.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.ComponentContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tier6.api.config.Setting;
import tier6.api.event.Events;
import tier6.api.event.NodeEvent;
import tier6.api.node.RoleStatus;
import tier6.api.node.Swappable;
import tier6.api.peer.Peer;
import tier6.api.time.Clock;
import tier6.api.transport.Link;
import tier6.api.transport.LinkHandler;
import tier6.api.transport.Transport;
import tier6.api.underlay.Underlay;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.shroud.Shroud;
import tier6.swap.Backend;

/** Links over sanctum sessions. Gives a {@link TransportCore} its threads and whatever underlay is the best one now. */
@Component(
        name = SanctumTransport.NAME,
        service = {Transport.class, Swappable.class},
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "kind=sanctum")
public final class SanctumTransport implements Transport, Swappable {
    private static final Logger LOG = System.getLogger(SanctumTransport.class.getName());

    /** Where the route of last resort leads: an address for documentation (RFC 5737). Nothing is sent there. */
    private static final InetSocketAddress SOMEWHERE = new InetSocketAddress("192.0.2.1", 4500);

    /** PID {@code tier6.transport.sanctum}. */
    @interface Config {
        String flock() default "0";

        String kek_id() default "";

        String cs_id() default "";

        String cs_path() default "";

        String cosk_path() default "";

        String kek_path() default "";

        String local() default "";

        boolean shroud() default false;

        int nat_port() default 0;

        String underlay_target() default "";
    }

    static final String NAME = "tier6.transport.sanctum";

    private final NodeSettings settings;
    private final TransportCore core;
    private final Duties duties;
    private final UnderlayRole underlay;
    private final BundleContext context;
    private final List<Object> fixed;
    private final WarmUp warmUp = new WarmUp();
    private volatile Events events;
    private volatile InetSocketAddress towards = SOMEWHERE;

    @Activate
    public SanctumTransport(BundleContext context, Config config) throws IOException {
        this(parse(config), context, fixed(config));
        underlay.configure(config.underlay_target().strip());
    }

    SanctumTransport(NodeSettings settings) {
        this(settings, null, List.of());
    }

    private SanctumTransport(NodeSettings settings, BundleContext context, List<Object> fixed) {
        this.settings = settings;
        this.context = context;
        this.fixed = fixed;
        core = new TransportCore(settings, Clock.system(), RandomSource.secure(), this::publish);
        underlay = new UnderlayRole(this::underlay, this::publish);
        core.onUnderlayFailure(underlay::fails);
        duties = new Duties(core, underlay::review);
        warmUp.start();
    }

    private static NodeSettings parse(Config c) throws IOException {
        long flock = setting("flock", c.flock()).hex(16);
        int kekId = (int) setting("kek.id", c.kek_id()).hex(2);
        Identity identity = null;
        if (!c.cs_path().isBlank()) {
            identity = Identity.load(
                    flock,
                    kekId,
                    (int) setting("cs.id", c.cs_id()).hex(8),
                    Path.of(c.cs_path().strip()),
                    Path.of(setting("cosk.path", c.cosk_path()).required().value()),
                    c.kek_path().isBlank() ? null : Path.of(c.kek_path().strip()));
        }
        return new NodeSettings(
                flock, kekId, identity, setting("local", c.local()).local(), c.shroud(), c.nat_port());
    }

    private static Setting setting(String name, String value) {
        return new Setting(NAME, name, value);
    }

    /** What cannot change without ending all sessions. */
    private static List<Object> fixed(Config c) {
        return List.of(
                c.flock(),
                c.kek_id(),
                c.cs_id(),
                c.cs_path(),
                c.cosk_path(),
                c.kek_path(),
                c.local(),
                c.shroud(),
                c.nat_port());
    }

    /** Another underlay is no reason to end sessions; everything else begins anew. */
    @Modified
    void modified(ComponentContext component, Config config) {
        if (fixed(config).equals(fixed)) {
            underlay.configure(config.underlay_target().strip());
        } else {
            component.disableComponent(NAME);
            component.enableComponent(NAME);
        }
    }

    @Deactivate
    void deactivate() {
        warmUp.close();
        duties.close();
        core.close();
        if (settings.identity() != null) {
            settings.identity().close();
        }
    }

    @Reference(
            name = "underlays",
            service = Underlay.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addUnderlay(ServiceReference<Underlay> reference) {
        underlay.add(Backend.of(context, reference));
    }

    void removeUnderlay(ServiceReference<Underlay> reference) {
        underlay.remove(Backend.of(context, reference));
    }

    /** Moves to another underlay while sessions go on; null leaves none. */
    void underlay(Underlay next) throws IOException {
        duties.underlay(next);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindEvents(Events newEvents) {
        events = newEvents;
    }

    void unbindEvents(Events oldEvents) {
        if (events == oldEvents) {
            events = null;
        }
    }

    private void publish(NodeEvent event) {
        Events to = events;
        if (to != null) {
            to.publish(event);
        }
    }

    @Override
    public RoleStatus status() {
        return underlay.status();
    }

    @Override
    public void swap(String backend) throws IOException {
        underlay.swap(backend);
    }

    @Override
    public String kind() {
        return "sanctum";
    }

    @Override
    public Link connect(Peer peer, LinkHandler handler) {
        Link link = core.connect(peer, handler);
        // The first of these leaves the least room, and it does as long as any peer has it.
        Optional<InetSocketAddress> address = peer.address().filter(PathMtu::isIpv6);
        if (address.isPresent() || !PathMtu.isIpv6(towards)) {
            towards = address.or(peer::cathedral).or(peer::address).orElse(towards);
        }
        return link;
    }

    @Override
    public int mtu() {
        int mtu = PathMtu.towards(settings.local(), towards);
        return settings.shroud() ? mtu - Shroud.OVERHEAD : mtu;
    }

    @Override
    public Map<String, Long> counters() {
        return core.counters();
    }
}
