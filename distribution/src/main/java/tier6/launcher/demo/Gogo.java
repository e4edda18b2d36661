package tier6.launcher.demo;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import tier6.launcher.NodeFramework;

/**
 * The shell of a node on this terminal. Gogo's classes live in the node's framework and cannot be named out here, so they
 * are called by name.
 */
final class Gogo {
    private static final String PROCESSOR = "org.apache.felix.service.command.CommandProcessor";
    private static final String SESSION = "org.apache.felix.service.command.CommandSession";

    private Gogo() {}

    /** Where people are. */
    record Terminal(InputStream in, PrintStream out, PrintStream err) {
        static Terminal ofThisProcess() {
            return new Terminal(System.in, System.out, System.err);
        }
    }

    /**
     * Runs the shell until somebody leaves it, or the input ends.
     *
     * @param terminal the streams of this process as they were before any node started: Gogo replaces those of {@link System}
     */
    static void run(NodeFramework node, Terminal terminal) throws Exception {
        BundleContext context = node.context();
        ServiceReference<?> reference = context.getServiceReference(PROCESSOR);
        if (reference == null) {
            throw new IllegalStateException("node 1 has no shell: is org.apache.felix.gogo.runtime among its bundles?");
        }
        Object processor = context.getService(reference);
        ClassLoader loader = processor.getClass().getClassLoader();
        Object session = loader.loadClass(PROCESSOR)
                .getMethod("createSession", InputStream.class, OutputStream.class, OutputStream.class)
                .invoke(processor, terminal.in(), terminal.out(), terminal.err());
        try {
            Class<?> type = loader.loadClass(SESSION);
            // Not as a login shell: its profile has a URL that only a JVM with one framework understands.
            type.getMethod("put", String.class, Object.class).invoke(session, "SCOPE", "gogo:felix:tier6:demo:*");
            type.getMethod("execute", CharSequence.class).invoke(session, "gosh --noshutdown");
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** Adds commands of scope {@code demo}: public methods of {@code commands} with these names. */
    static void add(NodeFramework node, Object commands, String... names) {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put("osgi.command.scope", "demo");
        properties.put("osgi.command.function", names);
        node.context().registerService(Object.class.getName(), commands, properties);
    }
}
