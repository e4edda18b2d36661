package tier6.launcher;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.BundleException;
import tier6.control.Places;

/** A framework that serves a configuration file, from start to signal. */
final class Daemon {
    private static final Logger LOG = System.getLogger("tier6.launcher");

    private static final long START_SECONDS = 20;

    private Daemon() {}

    /**
     * Runs until a signal or until something stops the framework; returns the exit status of the process.
     *
     * @param file the configuration file, which has been checked
     * @param property the framework property by which the bundles find it
     * @param user the user whom the process will become, or empty
     * @param syslog whether to log there
     */
    static int run(Path file, String property, String user, boolean syslog) {
        if (syslog) {
            LineLoggers.to(Syslog.open());
            // What others print, such as the trace of a thread that dies, would get lost in the background.
            System.setOut(LineLoggers.stream(Level.INFO));
            System.setErr(LineLoggers.stream(Level.ERROR));
        }
        CompletableFuture<NodeFramework> node = new CompletableFuture<>();
        Thread signal = new Thread(() -> stop(node), "tier6 signal");
        Runtime.getRuntime().addShutdownHook(signal);
        try (NodeCache cache = NodeCache.open(file)) {
            Installation installation = Installation.locate();
            Doors.check(installation);
            NodeFramework.Settings settings = NodeFramework.Settings.of(installation, cache.directory())
                    .with(property, file.toAbsolutePath().toString())
                    .with(Places.PROPERTY, ControlPlace.prepare(file, user));
            cache.shut();
            AtomicBoolean failed = new AtomicBoolean();
            node.complete(NodeFramework.start(settings, context -> {
                // Made now, so that they change hands with the rest: bundles may need them as the other user.
                List.of(context.getBundles()).forEach(bundle -> bundle.getDataFile(""));
                FirstInterface.watch(context, reason -> {
                    failed.set(true);
                    LOG.log(Level.ERROR, "cannot run without an interface: " + reason);
                    // The thread of the node that says so must be able to end.
                    new Thread(() -> node.join().close(), "tier6 end").start();
                });
            }));
            if (!failed.get()) {
                if (user.isEmpty() && "root".equals(System.getProperty("user.name"))) {
                    LOG.log(
                            Level.WARNING,
                            "this process stays root, for {0} names no user to become: see the finding ''root'' of"
                                    + " tier6 doctor",
                            file);
                }
                LOG.log(Level.INFO, "up and running");
                Supervisor.tell("--ready");
            }
            node.join().await();
            return failed.get() ? 1 : 0;
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
        Supervisor.tell("--stopping");
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
}
