package tier6.mesh.internal;

import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
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
import org.osgi.service.component.annotations.ReferencePolicyOption;
import tier6.api.discovery.PeerSource;
import tier6.api.event.Events;
import tier6.api.node.Node;
import tier6.api.tap.Privileges;
import tier6.api.tap.TapDriver;
import tier6.api.transport.Transport;
import tier6.api.vswitch.VirtualSwitch;

/**
 * Brings the services that come and go to the {@link Mesh}. Of a backend that is replaced, the runtime binds the new
 * one before it unbinds the old one; an unbind therefore only counts if nothing has taken the place already.
 */
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
    }

    private final Mesh mesh;
    private final ServiceRegistration<Node> registration;
    private Transport transport; // these two guarded by this
    private VirtualSwitch vswitch;

    @Activate
    public MeshComponent(BundleContext context, @Reference Events events, Config config) {
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
        return MeshConfig.of(c.tap_name(), c.tap_mac(), c.tap_mtu(), c.tap_addresses(), c.runas(), c.grace());
    }

    @Reference(
            name = "driver",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindDriver(TapDriver next) {
        mesh.driver(next);
    }

    void unbindDriver(TapDriver old) {
        mesh.driverGone(old);
    }

    @Reference(
            name = "transport",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindTransport(Transport next) {
        transport = next;
        mesh.transport(next);
    }

    synchronized void unbindTransport(Transport old) {
        if (transport == old) {
            transport = null;
            mesh.transport(null);
        }
    }

    @Reference(
            name = "switch",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindSwitch(VirtualSwitch next) {
        vswitch = next;
        mesh.vswitch(next);
    }

    synchronized void unbindSwitch(VirtualSwitch old) {
        if (vswitch == old) {
            vswitch = null;
            mesh.vswitch(null);
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bindPrivileges(Privileges privileges) {
        mesh.privileges(privileges);
    }

    void unbindPrivileges(Privileges privileges) {
        mesh.privileges(null);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSource(PeerSource source, ServiceReference<PeerSource> reference) {
        mesh.addSource(source, nameOf(reference));
    }

    void removeSource(PeerSource source) {
        mesh.removeSource(source);
    }

    private static String nameOf(ServiceReference<?> reference) {
        var bundle = reference.getBundle();
        return bundle == null
                ? "unknown"
                : bundle.getSymbolicName() + " " + bundle.getHeaders().get(Constants.BUNDLE_VERSION);
    }
}
