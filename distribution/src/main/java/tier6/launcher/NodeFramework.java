package tier6.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * One node: an OSGi framework of its own in this process, with every bundle of a directory started. Several of them live
 * side by side; they share what the JVM shares (system properties, standard streams, loggers) and nothing else.
 *
 * <p>All methods may be called from any thread. {@link #close} blocks up to ten seconds.
 */
public final class NodeFramework implements AutoCloseable {
    private static final Logger LOG = System.getLogger("tier6.launcher");
    private static final long STOP_MILLIS = 10_000;

    private final Framework framework;

    private NodeFramework(Framework framework) {
        this.framework = framework;
    }

    /**
     * What a node is started from.
     *
     * @param bundles directory of the jars to start
     * @param cache directory for what the framework keeps while it runs; emptied at start, never shared by two nodes
     * @param properties framework properties, which is also where bundles look for their settings
     */
    public record Settings(Path bundles, Path cache, Map<String, String> properties) {
        public Settings {
            Objects.requireNonNull(bundles);
            Objects.requireNonNull(cache);
            properties = Map.copyOf(properties);
        }

        /** The bundles of an installation, its {@code plugins} and {@code etc} watched, no shell on the terminal. */
        public static Settings of(Installation installation, Path cache) {
            return new Settings(
                    installation.bundles(),
                    cache,
                    Map.of(
                            "felix.fileinstall.dir", installation.plugins() + "," + installation.etc(),
                            "felix.fileinstall.filter", ".*\\.(jar|cfg|config)",
                            "felix.fileinstall.poll", "1000",
                            "felix.fileinstall.noInitialDelay", "true",
                            "felix.fileinstall.enableConfigSave", "false",
                            "felix.fileinstall.tmpdir",
                                    cache.resolve("fileinstall").toString(),
                            "gosh.args", "--nointeractive"));
        }

        /** These settings with one property more, or another value for one. */
        public Settings with(String property, String value) {
            Map<String, String> more = new HashMap<>(properties);
            more.put(property, value);
            return new Settings(bundles, cache, more);
        }
    }

    /**
     * Starts a node and returns when every bundle was started. A bundle that does not resolve on this system, such as the
     * driver of another one, is left out.
     *
     * @throws IOException if the bundles cannot be read
     * @throws BundleException if the framework does not start
     */
    public static NodeFramework start(Settings settings) throws IOException, BundleException {
        return start(settings, context -> {});
    }

    /**
     * As {@link #start(Settings)}, with something to do when the framework has filled its cache but runs nothing yet: services
     * that are registered then miss nothing.
     */
    public static NodeFramework start(Settings settings, Consumer<BundleContext> beforeBundles)
            throws IOException, BundleException {
        Map<String, String> config = new HashMap<>(settings.properties());
        config.put(Constants.FRAMEWORK_STORAGE, settings.cache().toString());
        config.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        // The one handler for URLs that a JVM has would tie the nodes of a process together; nothing here needs it.
        config.put("felix.service.urlhandlers", "false");
        // Configurations come from files and properties at each start: nothing to keep, and no file to write after
        // privileges were dropped.
        config.putIfAbsent("felix.cm.pm", "memory");
        // So few bundles are resolved sooner than threads are woken for them.
        config.put("felix.resolver.parallelism", "1");

        Framework framework = new FrameworkFactory().newFramework(config);
        NodeFramework node = new NodeFramework(framework);
        try {
            framework.init();
            List<Bundle> bundles = install(framework.getBundleContext(), settings.bundles());
            beforeBundles.accept(framework.getBundleContext());
            // All at once, rather than each when it starts; what does not resolve says so when it is to start.
            framework.adapt(FrameworkWiring.class).resolveBundles(bundles);
            framework.start();
            bundles.forEach(NodeFramework::startBundle);
            return node;
        } catch (IOException | BundleException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    private static List<Bundle> install(BundleContext context, Path directory) throws IOException, BundleException {
        List<Bundle> bundles = new ArrayList<>();
        for (Path jar : jars(directory)) {
            // "reference:" uses the jar where it is, so that starting a node copies nothing.
            bundles.add(context.installBundle("reference:" + jar.toUri()));
        }
        return bundles;
    }

    private static List<Path> jars(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .map(Path::toAbsolutePath)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void startBundle(Bundle bundle) {
        if (bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null) {
            return;
        }
        try {
            bundle.start();
        } catch (BundleException e) {
            boolean unresolved = e.getType() == BundleException.RESOLVE_ERROR;
            LOG.log(
                    unresolved ? Level.WARNING : Level.ERROR,
                    "bundle " + bundle.getSymbolicName() + (unresolved ? " is left out" : " does not start"),
                    e);
        }
    }

    /** The context of the system bundle: the door to the services of this node. */
    public BundleContext context() {
        return framework.getBundleContext();
    }

    /** Waits until the node stops, on whose behalf ever. */
    public void await() throws InterruptedException {
        framework.waitForStop(0);
    }

    /** Stops every bundle, then the framework. The cache directory stays for who made it. */
    @Override
    public void close() {
        try {
            framework.stop();
            if (framework.waitForStop(STOP_MILLIS).getType() == org.osgi.framework.FrameworkEvent.WAIT_TIMEDOUT) {
                LOG.log(Level.WARNING, "a bundle does not stop within " + STOP_MILLIS / 1000 + " s; leaving it");
            }
        } catch (BundleException e) {
            LOG.log(Level.ERROR, "the framework does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
