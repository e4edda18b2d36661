package tier6.mesh.internal;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import tier6.api.event.Events;
import tier6.api.event.NodeEvent;
import tier6.api.event.NodeListener;

/** Passes events from whoever publishes them to whoever listens, on a thread of its own, in order. */
@Component
public final class EventHub implements Events {
    private static final System.Logger LOG = System.getLogger("tier6.events");
    private static final int WAITING = 1024;

    private final BlockingQueue<NodeEvent> queue = new ArrayBlockingQueue<>(WAITING);
    private final List<NodeListener> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "tier6-events");

    @Activate
    void activate() {
        thread.setDaemon(true);
        thread.start();
    }

    @Deactivate
    void deactivate() {
        thread.interrupt();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addListener(NodeListener listener) {
        listeners.add(listener);
    }

    void removeListener(NodeListener listener) {
        listeners.remove(listener);
    }

    @Override
    public void publish(NodeEvent event) {
        while (!queue.offer(event)) {
            queue.poll();
        }
    }

    private void run() {
        try {
            while (!Thread.interrupted()) {
                NodeEvent event = queue.take();
                for (NodeListener listener : listeners) {
                    tell(listener, event);
                }
            }
        } catch (InterruptedException e) {
            // Deactivated.
        }
    }

    private static void tell(NodeListener listener, NodeEvent event) {
        try {
            listener.event(event);
        } catch (RuntimeException | Error e) { // a plug-in's mistake, one of linking among them
            LOG.log(Level.WARNING, "a listener failed on " + event, e);
        }
    }
}
