package tier6.underlay.nio.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Consumer;
import tier6.api.frame.Batch;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlayReceiver;
import tier6.api.underlay.UnderlaySocket;

/** A selector and the sockets that are registered with it. */
final class NioLoop implements UnderlayLoop {
    /** The longest UDP payload there is, and a little. */
    private static final int DATAGRAM_MAX = 65536;

    /** The most datagrams taken from one socket before the next one has its turn. */
    private static final int BURST = 64;

    private static final int BATCH_BYTES = 2 * DATAGRAM_MAX;

    private final Selector selector = Selector.open();

    /** Indexed by lane, each used by the thread of its lane alone: sending copies an element here first. */
    private final ByteBuffer[] outgoing = new ByteBuffer[Batch.MAX_LANES];

    // What follows belongs to the polling thread.
    private final ByteBuffer incoming = ByteBuffer.allocateDirect(DATAGRAM_MAX);
    private final Consumer<SelectionKey> serve = this::serve;
    private Batch batch = new Batch(Batch.CONTROL_LANE, BURST, BATCH_BYTES);
    private int received;

    NioLoop() throws IOException {}

    @Override
    public UnderlaySocket open(InetSocketAddress local, UnderlayReceiver receiver) throws IOException {
        NioSocket socket = new NioSocket(this, local, receiver);
        try {
            socket.register(selector);
        } catch (ClosedSelectorException e) {
            socket.close();
            throw new IOException("the loop is closed", e);
        }
        selector.wakeup();
        return socket;
    }

    @Override
    public int poll(int lane, long timeoutNanos) throws IOException {
        if (batch.lane() != lane) {
            batch = new Batch(lane, BURST, BATCH_BYTES);
        }
        received = 0;
        try {
            if (timeoutNanos > 0) {
                selector.select(serve, timeoutNanos / 1_000_000 + (timeoutNanos % 1_000_000 == 0 ? 0 : 1));
            } else {
                selector.selectNow(serve);
            }
        } catch (ClosedSelectorException e) {
            return 0;
        }
        return received;
    }

    private void serve(SelectionKey key) {
        received += ((NioSocket) key.attachment()).receive(incoming, batch);
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    @Override
    public void close() {
        try {
            if (selector.isOpen()) {
                selector.keys().forEach(key -> ((NioSocket) key.attachment()).close());
            }
            selector.close();
        } catch (IOException | ClosedSelectorException e) {
            // Closed all the same.
        }
    }

    /** The buffer of the calling thread, empty. */
    ByteBuffer outgoing(int lane) {
        ByteBuffer buffer = outgoing[lane];
        if (buffer == null) {
            buffer = outgoing[lane] = ByteBuffer.allocateDirect(DATAGRAM_MAX);
        }
        return buffer.clear();
    }
}
