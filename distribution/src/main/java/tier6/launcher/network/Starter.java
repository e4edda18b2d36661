package tier6.launcher.network;

import java.io.IOException;
import java.nio.file.Path;

/** Starts and stops nodes of configuration files. */
public interface Starter {
    /** Runs a node in the foreground, now or when this process has ended; returns the exit status. */
    int run(Path conf) throws IOException;

    /** Whether the node of a file runs. */
    boolean runs(Path conf) throws IOException;

    /**
     * Starts a node in the background and waits until it has its interface.
     *
     * @throws IOException if it cannot be started
     */
    void background(Path conf) throws IOException;

    /**
     * Stops the node that runs from a file, waiting some seconds; does nothing if none does.
     *
     * @throws IOException if it does not stop
     */
    void stop(Path conf) throws IOException;

    /** Forgets what was kept to start a node of this file faster. */
    void forget(Path conf) throws IOException;
}
