package tier6.itest.fuzz;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import tier6.api.frame.Batch;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlayReceiver;
import tier6.api.underlay.UnderlaySocket;

/** An underlay whose datagrams come from a test and go to it. */
public final class StubLoop implements UnderlayLoop {
    private static final int MOST_SENT = 256;
    private static final int LANE = 1;

    /** Who takes what arrives; in the order in which the sockets were opened. */
    private final List<UnderlayReceiver> receivers = new ArrayList<>();

    /** What was sent last. */
    private final List<byte[]> sent = new ArrayList<>();

    private final Batch batch = new Batch(LANE, 1, 1 << 17);

    /** Hands a datagram to the first socket. */
    public void deliver(byte[] datagram, int length, InetSocketAddress from) {
        batch.clear();
        batch.append(datagram, 0, length);
        receivers.get(0).receive(batch, from);
    }

    /** What was sent since the last call, as far as it is remembered. */
    public List<byte[]> take() {
        List<byte[]> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    @Override
    public UnderlaySocket open(InetSocketAddress local, UnderlayReceiver receiver) throws IOException {
        receivers.add(receiver);
        return new UnderlaySocket() {
            @Override
            public InetSocketAddress local() {
                return new InetSocketAddress("10.0.0.1", 40000);
            }

            @Override
            public int send(Batch datagrams, InetSocketAddress remote) {
                for (int i = 0; i < datagrams.count() && sent.size() < MOST_SENT; i++) {
                    sent.add(datagrams.copy(i));
                }
                return datagrams.count();
            }

            @Override
            public void close() {
                receivers.remove(receiver);
            }
        };
    }

    @Override
    public int poll(int lane, long timeoutNanos) {
        return 0;
    }

    @Override
    public void wakeup() {
        // nobody waits
    }

    @Override
    public void close() {
        receivers.clear();
    }
}
