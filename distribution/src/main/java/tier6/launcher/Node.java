package tier6.launcher;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.osgi.framework.BundleException;
import tier6.config.ConfigException;
import tier6.config.Tier6Conf;

/** A node of a configuration file, from start to signal. */
final class Node {
    private static final Logger LOG = System.getLogger("tier6.launcher");

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
        }
        try (NodeCache cache = NodeCache.open(file, conf.runas())) {
            NodeFramework.Settings settings = NodeFramework.Settings.of(Installation.locate(), cache.directory())
                    .with(Tier6Conf.PROPERTY, file.toAbsolutePath().toString());
            NodeFramework node = NodeFramework.start(settings, context -> cache.handOver());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node), "tier6 signal"));
            LOG.log(Level.INFO, "up and running");
            node.await();
            return 0;
        } catch (IOException | BundleException | IllegalStateException e) {
            LOG.log(Level.ERROR, "cannot start", e);
            return 1;
        } catch (InterruptedException e) {
            return 1;
        }
    }

    /** A signal is the ordinary way to end: status 0, as that of the C program, rather than the JVM's 128 and more. */
    private static void stop(NodeFramework node) {
        LOG.log(Level.INFO, "shutting down");
        node.close();
        Runtime.getRuntime().halt(0);
    }

    private static int refuse(ConfigException e) {
        e.problems().forEach(System.err::println);
        return 1;
    }
}
