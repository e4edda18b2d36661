package tier6.itest.felix;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * A plug-in that wants a role more than who has it, and does its work well, by way of that one, until it is told to do harm
 * by {@link #HARM}. Its manifest names the interface and the kind of backend that works for it.
 */
public final class HostileLater implements BundleActivator {
    static final String WORKER = "Hostile-Worker";

    /** System property: {@link Hostile.Kind} and names of methods, such as {@code THROWS read write}. */
    static final String HARM = "tier6.itest.hostile.harm";

    private static final int RANKING = 1_000;

    @Override
    public void start(BundleContext context) throws Exception {
        Dictionary<String, String> headers = context.getBundle().getHeaders();
        String type = headers.get(HostileBackend.INTERFACE);
        ServiceReference<?> worker = context.getServiceReferences(type, "(kind=" + headers.get(WORKER) + ")")[0];
        context.registerService(
                type,
                wrap(Class.forName(type), context.getService(worker)),
                new Hashtable<>(Map.of("kind", "hostile", Constants.SERVICE_RANKING, RANKING)));
    }

    @Override
    public void stop(BundleContext context) {}

    private Object wrap(Class<?> type, Object worker) {
        return Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> switch (method.getName()) {
                    case "kind", "toString" -> "hostile";
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> self == arguments[0];
                    default -> call(worker, method, arguments);
                });
    }

    private Object call(Object worker, Method method, Object[] arguments) throws Throwable {
        List<String> harm = List.of(System.getProperty(HARM, "").split(" "));
        if (harm.contains(method.getName())) {
            if (harm.get(0).equals(Hostile.Kind.THROWS.name())) {
                throw new AssertionError("no more");
            }
            Hostile.resist();
        }
        try {
            Object result = method.invoke(worker, arguments);
            Class<?> type = method.getReturnType();
            return type.isInterface() && AutoCloseable.class.isAssignableFrom(type) ? wrap(type, result) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
