package tier6.launcher;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleException;
import tier6.config.ConfigException;
import tier6.config.Tier6Conf;

/** A node of a configuration file, from start to signal. */
final class Node {
    private static final Logger LOG = System.getLogger("tier6.launcher");

    private static final long START_SECONDS = 20;

    private Node() {}

    /** Says what is wrong with a configuration file; 0 if nothing is. */
    static int check(Path file) {
        try {
            Tier6Conf.parse(file);
            return 0;
        } catch (ConfigException e) {
            return refuse(e);
        }
    }

    /** Runs until a signal or until something stops the framework; returns the exit status of the process. */
    static int run(Path file, boolean syslog) {
        Tier6Conf conf;
        try {
            conf = Tier6Conf.parse(file);
        } catch (ConfigException e) {
            return refuse(e);
        }
        if (syslog) {
            LineLoggers.to(Syslog.open());
            // What others print, such as the trace of a thread that dies, would get lost in the background.
            System.setOut(LineLoggers.stream(Level.INFO));
            System.setErr(LineLoggers.stream(Level.ERROR));
        }
        CompletableFuture<NodeFramework> node = new CompletableFuture<>();
        Thread signal = new Thread(() -> stop(node), "tier6 signal");
        Runtime.getRuntime().addShutdownHook(signal);
        try (NodeCache cache = NodeCache.open(file, conf.runas())) {
            NodeFramework.Settings settings = NodeFramework.Settings.of(Installation.locate(), cache.directory())
                    .with(Tier6Conf.PROPERTY, file.toAbsolutePath().toString());
            node.complete(NodeFramework.start(settings, context -> cache.handOver()));
            LOG.log(Level.INFO, "up and running");
            node.join().await();
            return 0;
        } catch (IOException | BundleException | IllegalStateException | InterruptedException e) {
            LOG.log(Level.ERROR, "cannot run", e);
            node.completeExceptionally(e);
            return 1;
        } finally {
            forget(signal);
        }
    }

    /**
     * A signal is the ordinary way to end: status 0, as that of the C program, rather than the JVM's 128 and more. One that
     * comes early waits until there is something to stop.
     */
    private static void stop(CompletableFuture<NodeFramework> node) {
        LOG.log(Level.INFO, "shutting down");
        try {
            node.get(START_SECONDS, TimeUnit.SECONDS).close();
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0);
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs already, and ends this process.
        }
    }

    private static int refuse(ConfigException e) {
        e.problems().forEach(System.err::println);
        return 1;
    }
}
