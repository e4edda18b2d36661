package tier6.discovery.cathedral.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A cathedral that has a name may get another address: as long as it is silent the name service is asked again and again,
 * by another thread, for that may take long. One thread calls {@link #attend}.
 */
final class Naming {
    /** Asks the name service. Blocks. */
    @FunctionalInterface
    interface Service {
        InetSocketAddress resolve() throws IOException;
    }

    /** How often it asks. Java remembers an answer for 30 s, so that this costs little. */
    static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = System.getLogger(Naming.class.getName());

    private final Service service;
    private final Executor executor;
    private final AtomicReference<InetSocketAddress> answer = new AtomicReference<>();
    private final AtomicBoolean asking = new AtomicBoolean();
    private long askAt;

    Naming(Service service, Executor executor, long now) {
        this.service = service;
        this.executor = executor;
        this.askAt = now;
    }

    /** Asks if it is time, and hands over what came of it. */
    void attend(CathedralSearch search, long now) {
        InetSocketAddress address = answer.getAndSet(null);
        if (address != null) {
            search.configure(address);
        }
        if (search.missesConfigured() && now - askAt >= 0 && asking.compareAndSet(false, true)) {
            askAt = now + INTERVAL;
            executor.execute(this::ask);
        }
    }

    private void ask() {
        try {
            answer.set(service.resolve());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, e.getMessage());
        } finally {
            asking.set(false);
        }
    }
}
