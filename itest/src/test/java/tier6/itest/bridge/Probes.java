package tier6.itest.bridge;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Where a probe bundle leaves its context for the test outside the framework to find. */
public final class Probes {
    /** Manifest header of a probe: the key under which its context is left. */
    public static final String KEY = "Tier6-Probe";

    private static final Map<String, BundleContext> CONTEXTS = new ConcurrentHashMap<>();

    private Probes() {}

    /** The context of the probe that was started with {@code key}; null before its start and after its stop. */
    public static BundleContext context(String key) {
        return CONTEXTS.get(key);
    }

    /** The activator of every probe bundle. */
    public static final class Activator implements BundleActivator {
        @Override
        public void start(BundleContext context) {
            CONTEXTS.put(key(context), context);
        }

        @Override
        public void stop(BundleContext context) {
            CONTEXTS.remove(key(context));
        }

        private static String key(BundleContext context) {
            return context.getBundle().getHeaders().get(KEY);
        }
    }
}
