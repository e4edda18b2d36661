package tier6.swap;

import java.io.IOException;
import java.util.Collection;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleWiring;

/** A service that can have a role. */
final class ServiceBackend<S> implements Backend<S> {
    private final BundleContext context;
    private final ServiceReference<S> reference;
    private final Bundle bundle; // the reference forgets it when the service goes
    private final String version;
    private final long modified;

    ServiceBackend(BundleContext context, ServiceReference<S> reference) {
        this.context = context;
        this.reference = reference;
        bundle = reference.getBundle();
        version = bundle.getVersion().toString(); // the bundle's own changes when it is updated
        modified = bundle.getLastModified();
    }

    @Override
    public String kind() {
        Object kind = reference.getProperty("kind");
        return kind == null ? bundle() : kind.toString();
    }

    @Override
    public String bundle() {
        return bundle.getSymbolicName();
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public long bundleId() {
        return bundle.getBundleId();
    }

    @Override
    public String instance() {
        Object pid = reference.getProperty(Constants.SERVICE_PID);
        Object component = reference.getProperty("component.name");
        return String.valueOf(pid != null ? pid : component != null ? component : "");
    }

    @Override
    public int ranking() {
        return reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
    }

    @Override
    public long order() {
        return (Long) reference.getProperty(Constants.SERVICE_ID);
    }

    @Override
    public boolean matches(String filter) {
        try {
            return FrameworkUtil.createFilter(filter).match(reference);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(filter + " is not a filter such as (kind=linux): " + e.getMessage(), e);
        }
    }

    @Override
    public S get(boolean lasting) throws IOException {
        S service = context.getService(reference);
        if (service == null) {
            throw new IOException("its component does not start; the log says why, and so does scr:list");
        }
        if (lasting) {
            loadAll();
        }
        return service;
    }

    /** An update takes the old jar away: a class that is first needed after that could not be had any more. */
    private void loadAll() {
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring == null) {
            return;
        }
        Collection<String> files = wiring.listResources(
                "/", "*.class", BundleWiring.LISTRESOURCES_LOCAL | BundleWiring.LISTRESOURCES_RECURSE);
        for (String file : files) {
            try {
                String name = file.substring(0, file.length() - ".class".length());
                wiring.getClassLoader().loadClass(name.replace('/', '.'));
            } catch (ClassNotFoundException | LinkageError e) {
                // One that needs what is not there is not needed.
            }
        }
    }

    @Override
    public void release() {
        try {
            context.ungetService(reference);
        } catch (IllegalStateException e) {
            // The one who had it is going, too.
        }
    }

    @Override
    public boolean isUpdated() {
        return bundle.getState() != Bundle.UNINSTALLED
                && bundle.getLastModified() != modified
                && bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ServiceBackend<?> that && that.reference.equals(reference);
    }

    @Override
    public int hashCode() {
        return reference.hashCode();
    }

    @Override
    public String toString() {
        return kind() + " of " + bundle() + " " + version;
    }
}
