package tier6.underlay.linux.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import tier6.api.frame.Batch;
import tier6.api.lifecycle.Gate;
import tier6.api.underlay.UnderlayReceiver;
import tier6.api.underlay.UnderlaySocket;
import tier6.libc.Libc;

/** A UDP socket. One bound to an IPv6 address speaks IPv4, too, where the system allows it. */
final class LinuxSocket implements UnderlaySocket {
    private static final Logger LOG = System.getLogger(LinuxSocket.class.getName());

    /**
     * Asked of the system; it gives what it allows, and Linux twice that, for its own book-keeping. A receiver that is kept
     * from the processor for a few milliseconds at some Gbit/s shall lose nothing: with a quarter of this, one segment in
     * twenty of a TCP stream at full load had to be sent again.
     */
    private static final int RECEIVE_BUFFER = 1 << 21;

    /** What waits here waits in front of everything else, so it is less. */
    private static final int SEND_BUFFER = 1 << 19;

    private final LinuxLoop loop;
    private final UnderlayReceiver receiver;
    private final boolean ipv6;
    private final int fd;
    private final InetSocketAddress local;
    private final Gate gate = new Gate(this::release);

    /** Longest datagram that the system segments on the way of this socket; plain: any thread may learn it anew. */
    private int segmentMax;

    private volatile RawAddress destination;

    // What follows belongs to the polling thread.
    private RawAddress sender;
    private boolean complained;

    LinuxSocket(LinuxLoop loop, InetSocketAddress local, UnderlayReceiver receiver, boolean gso, boolean gro)
            throws IOException {
        this.loop = loop;
        this.receiver = receiver;
        if (local.isUnresolved()) {
            throw new IOException("cannot bind UDP " + local + ": unknown host");
        }
        ipv6 = !(local.getAddress() instanceof Inet4Address);
        fd = Libc.socket(ipv6 ? Libc.AF_INET6 : Libc.AF_INET, Libc.SOCK_DGRAM | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        if (fd < 0) {
            throw new IOException("cannot make a UDP socket: " + Libc.message(Libc.errno()));
        }
        try {
            segmentMax = gso && Libc.set(fd, Libc.SOL_UDP, Libc.UDP_SEGMENT, 0) ? SendLane.DATAGRAM_MAX : 0;
            if (gro) {
                Libc.set(fd, Libc.SOL_UDP, Libc.UDP_GRO, 1);
            }
            if (ipv6) {
                Libc.set(fd, Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 0);
                Libc.set(fd, Libc.IPPROTO_IPV6, Libc.IPV6_MTU_DISCOVER, Libc.PMTUDISC_DONT);
            }
            Libc.set(fd, Libc.IPPROTO_IP, Libc.IP_MTU_DISCOVER, Libc.PMTUDISC_DONT);
            enlarge(Libc.SO_RCVBUFFORCE, Libc.SO_RCVBUF, RECEIVE_BUFFER);
            enlarge(Libc.SO_SNDBUFFORCE, Libc.SO_SNDBUF, SEND_BUFFER);
            this.local = new InetSocketAddress(local.getAddress(), bind(local));
        } catch (IOException | RuntimeException e) {
            Libc.close(fd);
            throw e;
        }
    }

    /** With CAP_NET_ADMIN as large as asked for, without as large as net.core.rmem_max and wmem_max allow. */
    private void enlarge(int force, int plain, int size) {
        if (!Libc.set(fd, Libc.SOL_SOCKET, force, size)) {
            Libc.set(fd, Libc.SOL_SOCKET, plain, size);
        }
    }

    private int bind(InetSocketAddress address) throws IOException {
        ByteBuffer name = Libc.allocate(RawAddress.SIZE);
        ByteBuffer length = Libc.allocate(Integer.BYTES);
        RawAddress raw = RawAddress.of(address, ipv6);
        raw.put(name, 0);
        length.putInt(0, raw.length());
        if (Libc.bind(fd, Libc.address(name), raw.length()) < 0
                || Libc.getsockname(fd, Libc.address(name), Libc.address(length)) < 0) {
            throw new IOException("cannot bind UDP " + address + ": " + Libc.message(Libc.errno()));
        }
        return RawAddress.read(name, 0).address().getPort();
    }

    int fd() {
        return fd;
    }

    int segmentMax() {
        return segmentMax;
    }

    /** Learns that the system refused a run of datagrams of {@code size} bytes that it took one by one. */
    void segmentsRefused(int errno, int size) {
        boolean tooLong = errno == Libc.EINVAL || errno == Libc.EMSGSIZE; // for the path's MTU; else for the device
        segmentMax = tooLong ? Math.min(segmentMax, size - 1) : 0;
        LOG.log(
                Logger.Level.INFO,
                "UDP {0}: datagrams of more than {1} bytes are sent one by one from now on: {2}",
                local,
                Integer.toString(segmentMax),
                Libc.message(errno));
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public int send(Batch datagrams, InetSocketAddress remote) {
        RawAddress to = destination;
        if (to == null || to.address() != remote) {
            to = RawAddress.of(remote, ipv6);
            destination = to;
        }
        if (to == null || remote.getPort() == 0 || !gate.enter()) {
            return 0;
        }
        try {
            return loop.send(this, datagrams, to);
        } finally {
            gate.leave();
        }
    }

    /** Hands over what is there, at most one call full. Returns the number of datagrams. */
    int receive(Inbound inbound, Batch batch) {
        if (!gate.enter()) {
            return 0;
        }
        try {
            int count = inbound.receive(fd);
            int received = 0;
            for (int i = 0; i < count; i++) {
                received += take(inbound, i, batch);
            }
            return received + deliver(batch);
        } finally {
            batch.clear();
            gate.leave();
        }
    }

    private int take(Inbound inbound, int message, Batch batch) {
        int delivered = 0;
        boolean same = sender != null && inbound.isFrom(message, sender);
        if (!same || !inbound.fits(message, batch)) {
            delivered = deliver(batch);
        }
        if (!same) {
            sender = inbound.sender(message);
        }
        while (!inbound.split(message, batch)) {
            delivered += deliver(batch);
        }
        return delivered;
    }

    private int deliver(Batch batch) {
        int count = batch.count();
        if (count == 0 || gate.isClosed()) {
            batch.clear();
            return 0;
        }
        try {
            receiver.receive(batch, sender.address());
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
        gate.close();
    }

    private void release() {
        loop.forget(this);
        Libc.close(fd);
    }
}
