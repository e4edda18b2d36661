package tier6.itest.felix;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Runs JUnit 5 tests inside Felix over pax-exam's SPI, which itself only knows JUnit 4: every test method is called on
 * a mirror of the test instance that the probe bundle of a node has loaded.
 */
final class FelixExtension implements BeforeAllCallback, AfterAllCallback, InvocationInterceptor {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final List<FelixNode> nodes = new ArrayList<>();
    private final List<Object> mirrors = new ArrayList<>();

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Class<?> test = context.getRequiredTestClass();
        for (int i = 0; i < test.getAnnotation(InFelix.class).nodes(); i++) {
            FelixNode node = new FelixNode();
            nodes.add(node);
            var constructor = node.load(test.getName()).getDeclaredConstructor();
            constructor.setAccessible(true);
            mirrors.add(constructor.newInstance());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        nodes.forEach(FelixNode::close);
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext context)
            throws Throwable {
        invocation.skip();
        Method method = call.getExecutable();
        InNode inNode = method.getAnnotation(InNode.class);
        int node = inNode == null ? 0 : inNode.value();
        Object mirror = mirrors.get(node);
        inject(mirror, nodes.get(node).context());
        Method mirrored = mirror.getClass().getDeclaredMethod(method.getName());
        mirrored.setAccessible(true);
        try {
            mirrored.invoke(mirror);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static void inject(Object target, BundleContext context) throws Exception {
        for (Field field : target.getClass().getDeclaredFields()) {
            if (field.isAnnotationPresent(Inject.class)) {
                field.setAccessible(true);
                field.set(
                        target,
                        field.getType() == BundleContext.class
                                ? context
                                : await(context, field.getType().getName()));
            }
        }
    }

    private static Object await(BundleContext context, String service) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        do {
            ServiceReference<?> reference = context.getServiceReference(service);
            Object found = reference == null ? null : context.getService(reference);
            if (found != null) {
                return found;
            }
            Thread.sleep(50);
        } while (System.nanoTime() < end);
        throw new AssertionError(
                "no service " + service + " in " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s");
    }
}
