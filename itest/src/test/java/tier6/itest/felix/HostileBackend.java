package tier6.itest.felix;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * A plug-in that wants a role more than who has it, and does harm as soon as it gets it. Its manifest names the interface
 * and the harm. It ends when {@link Hostile#END} is set.
 */
public final class HostileBackend implements BundleActivator {
    static final String INTERFACE = "Hostile-Interface";
    private static final int RANKING = 1_000;

    private Hostile.Kind kind;

    @Override
    public void start(BundleContext context) throws ClassNotFoundException {
        Dictionary<String, String> headers = context.getBundle().getHeaders();
        kind = Hostile.Kind.valueOf(headers.get(Hostile.KIND));
        Class<?> type = Class.forName(headers.get(INTERFACE));
        Object service = Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {type}, this::call);
        context.registerService(
                type.getName(),
                service,
                new Hashtable<>(Map.of("kind", "hostile", Constants.SERVICE_RANKING, RANKING)));
    }

    @Override
    public void stop(BundleContext context) {}

    private Object call(Object self, Method method, Object[] arguments) {
        switch (method.getName()) {
            case "kind", "toString" -> {
                return "hostile";
            }
            case "hashCode" -> {
                return System.identityHashCode(self);
            }
            case "equals" -> {
                return self == arguments[0];
            }
            default -> {
                if (kind == Hostile.Kind.BLOCKS) {
                    Hostile.resist();
                }
                throw new NoClassDefFoundError("what/is/not/there");
            }
        }
    }
}
