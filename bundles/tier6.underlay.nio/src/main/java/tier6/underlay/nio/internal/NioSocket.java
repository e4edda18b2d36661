package tier6.underlay.nio.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.UnsupportedAddressTypeException;
import tier6.api.frame.Batch;
import tier6.api.underlay.UnderlayReceiver;
import tier6.api.underlay.UnderlaySocket;

/** A non-blocking datagram channel. One bound to an IPv6 address speaks IPv4, too, where the system allows it. */
final class NioSocket implements UnderlaySocket {
    private static final Logger LOG = System.getLogger(NioSocket.class.getName());

    /** Asked of the system for either direction; it gives what it allows. Holds a burst of every peer of a flock. */
    private static final int SOCKET_BUFFER = 4 << 20;

    private final NioLoop loop;
    private final UnderlayReceiver receiver;
    private final DatagramChannel channel;
    private final InetSocketAddress local;

    // What follows belongs to the polling thread.
    private InetSocketAddress remote;
    private boolean complained;

    NioSocket(NioLoop loop, InetSocketAddress local, UnderlayReceiver receiver) throws IOException {
        this.loop = loop;
        this.receiver = receiver;
        boolean ipv4 = local.getAddress() instanceof Inet4Address;
        channel = DatagramChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            channel.configureBlocking(false);
            enlarge(StandardSocketOptions.SO_RCVBUF);
            enlarge(StandardSocketOptions.SO_SNDBUF);
            channel.bind(local);
            this.local = (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw new IOException("cannot bind UDP " + local + ": " + e.getMessage(), e);
        }
    }

    private void enlarge(SocketOption<Integer> buffer) throws IOException {
        if (channel.getOption(buffer) < SOCKET_BUFFER) {
            try {
                channel.setOption(buffer, SOCKET_BUFFER);
            } catch (IOException e) {
                // Some systems refuse instead of giving less: then the default has to do.
            }
        }
    }

    void register(Selector selector) throws ClosedChannelException {
        channel.register(selector, SelectionKey.OP_READ, this);
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public int send(Batch datagrams, InetSocketAddress to) {
        if (to.isUnresolved() || !channel.isOpen()) {
            return 0;
        }
        ByteBuffer buffer = loop.outgoing(datagrams.lane());
        int sent = 0;
        for (int i = 0; i < datagrams.count(); i++) {
            int length = datagrams.length(i);
            if (length <= buffer.capacity()) {
                buffer.clear()
                        .put(datagrams.data(), datagrams.offset(i), length)
                        .flip();
                sent += send(buffer, to);
            }
        }
        return sent;
    }

    /** An empty datagram counts as refused: the channel does not tell these two apart, and nobody sends one. */
    private int send(ByteBuffer datagram, InetSocketAddress to) {
        try {
            return channel.send(datagram, to) > 0 ? 1 : 0;
        } catch (IOException | UnsupportedAddressTypeException e) {
            return 0; // no route, too long, closed meanwhile, IPv6 through an IPv4 socket: lost, as UDP may be
        }
    }

    /**
     * Hands over what is there, at most one batch full.
     *
     * @return the number of datagrams handed over
     */
    int receive(ByteBuffer buffer, Batch batch) {
        batch.clear();
        int received = 0;
        for (int i = 0; i < batch.maxCount(); i++) {
            SocketAddress from;
            try {
                from = channel.receive(buffer.clear());
            } catch (IOException e) {
                break; // closed meanwhile, or the answer to an earlier datagram on systems that report it here
            }
            if (from == null) {
                break;
            }
            int length = buffer.flip().remaining();
            if (!from.equals(remote) || !batch.fits(length)) {
                received += deliver(batch);
            }
            if (!from.equals(remote)) {
                remote = (InetSocketAddress) from;
            }
            buffer.get(batch.data(), batch.append(length), length);
        }
        return received + deliver(batch);
    }

    private int deliver(Batch batch) {
        int count = batch.count();
        if (count == 0 || !channel.isOpen()) {
            batch.clear();
            return 0;
        }
        try {
            receiver.receive(batch, remote);
        } catch (RuntimeException e) {
            if (!complained) {
                complained = true;
                LOG.log(
                        Logger.Level.ERROR,
                        "the receiver of UDP " + local + " failed; more failures of it are not logged",
                        e);
            }
        }
        batch.clear();
        return count;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Closed all the same.
        }
        loop.wakeup(); // the selector still holds the descriptor, and with it the port, until it looks again
    }
}
