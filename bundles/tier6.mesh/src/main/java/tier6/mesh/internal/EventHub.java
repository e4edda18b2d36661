package tier6.mesh.internal;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import tier6.api.event.Events;
import tier6.api.event.NodeEvent;
import tier6.api.event.NodeListener;

/**
 * Passes events from whoever publishes them to whoever listens, in order. Each listener is called by a thread of its own,
 * so that one which is slow or blocks keeps nobody but itself from hearing.
 */
@Component
public final class EventHub implements Events {
    private static final System.Logger LOG = System.getLogger("tier6.events");
    private static final int WAITING = 1024;

    private final Map<NodeListener, Ear> ears = new ConcurrentHashMap<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addListener(NodeListener listener, ServiceReference<NodeListener> reference) {
        Bundle bundle = reference.getBundle();
        addListener(listener, bundle == null ? "unknown" : bundle.getSymbolicName() + " " + bundle.getVersion());
    }

    void addListener(NodeListener listener, String bundle) {
        Ear ear = new Ear(listener, bundle);
        ears.put(listener, ear);
        ear.start();
    }

    void removeListener(NodeListener listener) {
        Ear ear = ears.remove(listener);
        if (ear != null) {
            ear.interrupt();
        }
    }

    @Override
    public void publish(NodeEvent event) {
        ears.values().forEach(ear -> ear.hear(event));
    }

    /** A listener with what it has not heard yet, of which the oldest is dropped if that is too much. */
    private static final class Ear extends Thread {
        private final NodeListener listener;
        private final String bundle;
        private final BlockingQueue<NodeEvent> queue = new ArrayBlockingQueue<>(WAITING);
        private volatile boolean deaf;

        Ear(NodeListener listener, String bundle) {
            super("tier6-events-" + bundle.replaceAll(" .*", ""));
            setDaemon(true);
            this.listener = listener;
            this.bundle = bundle;
        }

        void hear(NodeEvent event) {
            while (!queue.offer(event)) {
                queue.poll();
                if (!deaf) {
                    deaf = true;
                    LOG.log(
                            Level.WARNING,
                            "a listener of " + bundle + " does not take events as fast as they come, or at"
                                    + " all; it misses some");
                }
            }
        }

        @Override
        public void run() {
            try {
                while (!interrupted()) {
                    tell(queue.take());
                }
            } catch (InterruptedException e) {
                // It was removed.
            }
        }

        private void tell(NodeEvent event) {
            try {
                listener.event(event);
            } catch (RuntimeException | Error e) { // a plug-in's mistake, one of linking among them
                LOG.log(Level.WARNING, "a listener of " + bundle + " failed on " + event, e);
            }
        }
    }
}
