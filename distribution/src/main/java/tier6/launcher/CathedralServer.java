package tier6.launcher;

import java.nio.file.Path;
import tier6.cathedral.CathedralConf;

/** A cathedral of a configuration file. */
final class CathedralServer {
    private CathedralServer() {}

    /** Says what is wrong with a configuration file; 0 if nothing is. */
    static int check(Path file) {
        try {
            CathedralConf.read(file);
            return 0;
        } catch (CathedralConf.Faulty e) {
            return refuse(e);
        }
    }

    /** Runs it until a signal; returns the exit status of the process. */
    static int run(Path file, boolean syslog) {
        try {
            String user = CathedralConf.read(file).user().orElse("");
            return Daemon.run(file, CathedralConf.PROPERTY, user, syslog);
        } catch (CathedralConf.Faulty e) {
            return refuse(e);
        }
    }

    private static int refuse(CathedralConf.Faulty e) {
        System.err.println(e.getMessage());
        return 1;
    }
}
