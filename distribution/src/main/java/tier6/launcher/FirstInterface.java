package tier6.launcher;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Notices that a node cannot open its interface when it starts. Once one was open, the node looks after it: then the driver
 * may be one that is just being replaced. The API's classes are those of the node's framework and cannot be named out here.
 */
final class FirstInterface {
    private static final Logger LOG = System.getLogger("tier6.launcher");
    private static final String LISTENER = "tier6.api.event.NodeListener";

    private final Consumer<String> onFailure;
    private final AtomicBoolean decided = new AtomicBoolean();

    private FirstInterface(Consumer<String> onFailure) {
        this.onFailure = onFailure;
    }

    /**
     * Watches a node that has its bundles but has not started them.
     *
     * @param onFailure takes the reason, once, on a thread of the node
     */
    static void watch(BundleContext context, Consumer<String> onFailure) {
        Optional<Bundle> api = Arrays.stream(context.getBundles())
                .filter(bundle -> "tier6.api".equals(bundle.getSymbolicName()))
                .findFirst();
        if (api.isEmpty()) {
            return;
        }
        FirstInterface watching = new FirstInterface(onFailure);
        try {
            Class<?> type = api.get().loadClass(LISTENER);
            Object listener = Proxy.newProxyInstance(
                    type.getClassLoader(),
                    new Class<?>[] {type},
                    (proxy, method, arguments) -> watching.call(proxy, method, arguments));
            context.registerService(LISTENER, listener, new Hashtable<>());
        } catch (ClassNotFoundException e) {
            LOG.log(Level.WARNING, "a node that cannot open its interface will not be noticed", e);
        }
    }

    private Object call(Object proxy, Method method, Object[] arguments) throws ReflectiveOperationException {
        switch (method.getName()) {
            case "event" -> hear(arguments[0]);
            case "hashCode" -> {
                return System.identityHashCode(proxy);
            }
            case "equals" -> {
                return proxy == arguments[0];
            }
            case "toString" -> {
                return "the first interface";
            }
            default -> LOG.log(Level.DEBUG, "not heard: " + method);
        }
        return null;
    }

    private void hear(Object event) throws ReflectiveOperationException {
        String what = event.getClass().getSimpleName();
        boolean failed = what.equals("TapFailed");
        if ((failed || what.equals("TapOpened")) && decided.compareAndSet(false, true) && failed) {
            onFailure.accept((String) event.getClass().getMethod("reason").invoke(event));
        }
    }
}
