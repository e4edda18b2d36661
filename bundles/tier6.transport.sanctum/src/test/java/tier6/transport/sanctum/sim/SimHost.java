package tier6.transport.sanctum.sim;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tier6.api.frame.Batch;
import tier6.api.underlay.Underlay;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlayReceiver;
import tier6.api.underlay.UnderlaySocket;

/** A host of a {@link SimNetwork}: the underlay of whatever runs on it. */
public final class SimHost implements Underlay {
    private static final int FIRST_EPHEMERAL = 40000;
    private static final int BATCH = 64;
    private static final int RECEIVE_BUFFER = 4096;

    private record Arrived(InetSocketAddress from, byte[] datagram) {}

    private final SimNetwork network;
    private final InetAddress address;
    private final SimNat nat;
    private final Map<Integer, Socket> sockets = new HashMap<>();
    private final Map<InetSocketAddress, InetSocketAddress> interned = new HashMap<>();
    private int nextPort = FIRST_EPHEMERAL;

    SimHost(SimNetwork network, InetAddress address, SimNat nat) {
        this.network = network;
        this.address = address;
        this.nat = nat;
    }

    /** Its own address, the private one if it is behind a NAT box. */
    public InetAddress address() {
        return address;
    }

    SimNat nat() {
        return nat;
    }

    @Override
    public String kind() {
        return "sim";
    }

    @Override
    public UnderlayLoop open() {
        return new Loop();
    }

    boolean deliver(InetSocketAddress from, int port, byte[] datagram) {
        Socket socket = sockets.get(port);
        if (socket == null || socket.arrived.size() >= RECEIVE_BUFFER) {
            return false;
        }
        socket.arrived.add(new Arrived(interned.computeIfAbsent(from, same -> same), datagram));
        return true;
    }

    private final class Loop implements UnderlayLoop {
        private final List<Socket> mine = new ArrayList<>();
        private final Batch[] batches = new Batch[Batch.MAX_LANES];

        @Override
        public UnderlaySocket open(InetSocketAddress local, UnderlayReceiver receiver) throws IOException {
            int port = local.getPort();
            while (port == 0) {
                port = sockets.containsKey(++nextPort) ? 0 : nextPort;
            }
            if (sockets.containsKey(port)) {
                throw new BindException("port " + port + " is in use");
            }
            Socket socket = new Socket(this, new InetSocketAddress(address, port), receiver);
            sockets.put(port, socket);
            mine.add(socket);
            return socket;
        }

        @Override
        public int poll(int lane, long timeoutNanos) {
            int count = 0;
            for (Socket socket : List.copyOf(mine)) {
                count += socket.poll(batch(lane));
            }
            return count;
        }

        private Batch batch(int lane) {
            if (batches[lane] == null) {
                batches[lane] = new Batch(lane, BATCH, 1 << 17);
            }
            return batches[lane];
        }

        @Override
        public void wakeup() {
            // Nobody ever waits here.
        }

        @Override
        public void close() {
            List.copyOf(mine).forEach(Socket::close);
        }
    }

    private final class Socket implements UnderlaySocket {
        private final Loop loop;
        private final InetSocketAddress local;
        private final UnderlayReceiver receiver;
        private final ArrayDeque<Arrived> arrived = new ArrayDeque<>();
        private boolean closed;

        Socket(Loop loop, InetSocketAddress local, UnderlayReceiver receiver) {
            this.loop = loop;
            this.local = local;
            this.receiver = receiver;
        }

        @Override
        public InetSocketAddress local() {
            return local;
        }

        @Override
        public int send(Batch datagrams, InetSocketAddress remote) {
            if (closed) {
                return 0;
            }
            for (int i = 0; i < datagrams.count(); i++) {
                InetSocketAddress from = nat == null ? local : nat.outbound(local, remote);
                network.carry(from, remote, datagrams.copy(i));
            }
            return datagrams.count();
        }

        int poll(Batch batch) {
            int count = 0;
            while (!arrived.isEmpty() && !closed) {
                batch.clear();
                InetSocketAddress from = arrived.peek().from;
                while (!arrived.isEmpty()
                        && arrived.peek().from == from
                        && batch.fits(arrived.peek().datagram.length)) {
                    byte[] datagram = arrived.poll().datagram;
                    batch.append(datagram, 0, datagram.length);
                }
                count += batch.count();
                receiver.receive(batch, from);
            }
            return count;
        }

        @Override
        public void close() {
            closed = true;
            sockets.remove(local.getPort(), this);
            loop.mine.remove(this);
        }
    }
}
