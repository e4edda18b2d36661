package tier6.launcher;

import java.nio.file.Path;
import tier6.config.ConfigException;
import tier6.config.Tier6Conf;

/** A node of a configuration file. */
final class Node {
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

    /** Runs it until a signal; returns the exit status of the process. */
    static int run(Path file, boolean syslog) {
        try {
            return Daemon.run(file, Tier6Conf.PROPERTY, Tier6Conf.parse(file).runas(), syslog);
        } catch (ConfigException e) {
            return refuse(e);
        }
    }

    private static int refuse(ConfigException e) {
        e.problems().forEach(System.err::println);
        return 1;
    }
}
