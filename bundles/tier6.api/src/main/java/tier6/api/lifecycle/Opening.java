package tier6.api.lifecycle;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Opens something that another program may have now and give up later, such as a port: at once, or again and again until it
 * works. It has a thread only as long as it does not. Any thread.
 *
 * @param <T> what is opened
 */
public final class Opening<T extends Closeable> implements Closeable {
    private final Opener<T> opener;
    private final Thread again;
    private T opened; // guarded by this; null as long as it cannot be opened
    private boolean closed; // guarded by this

    /**
     * Opens something, or fails by an exception.
     *
     * @param <T> what is opened
     */
    @FunctionalInterface
    public interface Opener<T> {
        /** One attempt. */
        T open() throws IOException;
    }

    /**
     * Makes the first attempt.
     *
     * @param thread name of the thread that makes others
     * @param pause between two attempts
     * @param complaint is told why the first one failed, and of no other
     */
    public Opening(String thread, Duration pause, Opener<T> opener, Consumer<IOException> complaint) {
        this.opener = opener;
        again = new Thread(() -> tryAgain(pause), thread);
        again.setDaemon(true);
        try {
            opened = opener.open();
        } catch (IOException e) {
            complaint.accept(e);
            again.start();
        }
    }

    private void tryAgain(Duration pause) {
        boolean open = false;
        while (!open) {
            try {
                Thread.sleep(pause.toMillis());
                open = attempt();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private synchronized boolean attempt() {
        try {
            if (!closed) {
                opened = opener.open();
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Closes what is open, and makes no more attempts. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        again.interrupt();
        if (opened != null) {
            opened.close();
        }
    }
}
