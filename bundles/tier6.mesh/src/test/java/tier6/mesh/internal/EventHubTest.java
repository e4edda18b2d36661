package tier6.mesh.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import tier6.api.event.NodeEvent;
import tier6.api.event.NodeListener;

/** Listeners that misbehave beside one that does not, which hears everything in order. */
class EventHubTest {
    private static final int EVENTS = 5_000;

    @Test
    void oneThatBlocksAndOneThatThrowsKeepNobodyFromHearing() throws Exception {
        EventHub hub = new EventHub();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        BlockingQueue<NodeEvent> heard = new LinkedBlockingQueue<>();
        NodeListener blocks = event -> {
            blocked.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        NodeListener throwing = event -> {
            throw new NoClassDefFoundError("not/there");
        };
        hub.addListener(blocks, "blocks 1");
        hub.addListener(throwing, "throws 1");
        hub.addListener(heard::add, "hears 1");
        hub.publish(event(-1));
        blocked.await();
        hub.removeListener(throwing); // whose lines would fill the log
        assertEquals(event(-1), heard.take());
        for (int i = 0; i < EVENTS; i++) {
            hub.publish(event(i));
            assertEquals(event(i), heard.take());
        }
        end.countDown();
    }

    private static NodeEvent event(int number) {
        return new NodeEvent.BackendChanged("role", "" + number);
    }
}
