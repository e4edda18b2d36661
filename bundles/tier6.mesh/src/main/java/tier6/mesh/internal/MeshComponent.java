package tier6.mesh.internal;

import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import tier6.api.discovery.PeerSource;
import tier6.api.event.Events;
import tier6.api.node.Node;
import tier6.api.node.Swappable;
import tier6.api.tap.Privileges;
import tier6.api.tap.TapDriver;
import tier6.api.transport.Transport;
import tier6.api.vswitch.VirtualSwitch;
import tier6.swap.Backend;

/** Brings the services that come and go to the {@link Mesh}. */
@Component(
        service = {},
        immediate = true,
        configurationPid = "tier6.mesh",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class MeshComponent {
    /** PID {@code tier6.mesh}. */
    @interface Config {
        String tap_name() default "tier6";

        String tap_mac();

        String tap_mtu() default "auto";

        String[] tap_addresses() default {};

        String runas() default "";

        int grace() default 60;

        String driver_target() default "";

        String transport_target() default "";

        String switch_target() default "";
    }

    private final Mesh mesh;
    private final BundleContext context;
    private final ServiceRegistration<Node> registration;

    @Activate
    public MeshComponent(BundleContext context, @Reference Events events, Config config) {
        this.context = context;
        MeshConfig parsed = parse(config);
        mesh = new Mesh(events);
        mesh.configure(parsed);
        registration = context.registerService(Node.class, mesh, null);
    }

    @Modified
    void modified(Config config) {
        mesh.configure(parse(config));
    }

    @Deactivate
    void deactivate() {
        registration.unregister();
        mesh.close();
    }

    private static MeshConfig parse(Config c) {
        return MeshConfig.of(
                c.tap_name(),
                c.tap_mac(),
                c.tap_mtu(),
                c.tap_addresses(),
                c.runas(),
                c.grace(),
                new MeshConfig.Targets(
                        filter(c.driver_target()), filter(c.transport_target()), filter(c.switch_target())));
    }

    private static String filter(String text) {
        try {
            return text.isBlank()
                    ? ""
                    : FrameworkUtil.createFilter(text.strip()).toString();
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(
                    "tier6.mesh: " + text + " is not a filter such as (kind=linux): " + e.getMessage(), e);
        }
    }

    @Reference(
            name = "drivers",
            service = TapDriver.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addDriver(ServiceReference<TapDriver> reference) {
        mesh.addDriver(Backend.of(context, reference));
    }

    void removeDriver(ServiceReference<TapDriver> reference) {
        mesh.removeDriver(Backend.of(context, reference));
    }

    @Reference(
            name = "transports",
            service = Transport.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addTransport(ServiceReference<Transport> reference) {
        mesh.addTransport(Backend.of(context, reference));
    }

    void removeTransport(ServiceReference<Transport> reference) {
        mesh.removeTransport(Backend.of(context, reference));
    }

    @Reference(
            name = "switches",
            service = VirtualSwitch.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addSwitch(ServiceReference<VirtualSwitch> reference) {
        mesh.addSwitch(Backend.of(context, reference));
    }

    void removeSwitch(ServiceReference<VirtualSwitch> reference) {
        mesh.removeSwitch(Backend.of(context, reference));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSwappable(Swappable swappable) {
        mesh.addSwappable(swappable);
    }

    void removeSwappable(Swappable swappable) {
        mesh.removeSwappable(swappable);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindPrivileges(Privileges privileges) {
        mesh.privileges(privileges);
    }

    void unbindPrivileges(Privileges privileges) {
        mesh.privileges(null);
    }

    @Reference(
            name = "sources",
            service = PeerSource.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addSource(ServiceReference<PeerSource> reference) {
        mesh.addSource(Backend.of(context, reference));
    }

    void removeSource(ServiceReference<PeerSource> reference) {
        mesh.removeSource(Backend.of(context, reference));
    }
}
