package tier6.underlay.linux.internal;

import com.sun.jna.Platform;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import tier6.api.counter.Counters;
import tier6.api.frame.Batch;
import tier6.api.lifecycle.Gate;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlayReceiver;
import tier6.api.underlay.UnderlaySocket;
import tier6.libc.Calls;
import tier6.libc.Libc;
import tier6.libc.RealTime;

/** Sockets behind one epoll descriptor (epoll(7)), and the buffers that they share: two for each lane at most. */
final class LinuxLoop implements UnderlayLoop {
    /** Room for a few runs of 64 KiB: the more a batch holds, the more the TAP can join again. */
    private static final int BATCH_DATAGRAMS = 256, BATCH_BYTES = 256 * 1024;

    private static final int EVENTS = 64;

    // struct epoll_event is packed on x86 only.
    private static final boolean PACKED = Platform.isIntel();
    private static final int EVENT = PACKED ? 12 : 16, EVENT_DATA = PACKED ? 4 : 8;

    private final boolean gso;
    private final boolean gro;
    private final int epoll;
    private final int wakeup;
    private final ByteBuffer one = Libc.allocate(Long.BYTES).putLong(0, 1);
    private final long oneAddress = Libc.address(one);
    private final Counters<UnderlayCounter> counters = new Counters<>(UnderlayCounter.class);
    private final SendLane[] lanes = new SendLane[Batch.MAX_LANES];
    private final Gate gate = new Gate(this::release);

    /** By descriptor; copied on write, which is guarded by this. */
    private volatile LinuxSocket[] sockets = {};

    // What follows belongs to the polling thread.
    private final Calls calls = Calls.forThread();
    private final Inbound inbound = new Inbound(counters);
    private final ByteBuffer events = Libc.allocate(EVENTS * EVENT);
    private final long eventsAddress = Libc.address(events);
    private final ByteBuffer wakeups = Libc.allocate(Long.BYTES);
    private final long wakeupsAddress = Libc.address(wakeups);
    private Batch batch = new Batch(Batch.CONTROL_LANE, BATCH_DATAGRAMS, BATCH_BYTES);
    private final RealTime scheduling;

    /**
     * Opens a loop.
     *
     * @param gso whether the system may cut up what is sent
     * @param gro whether the system may join what is received
     * @param realtime whether a thread that polls becomes a real-time thread
     */
    LinuxLoop(boolean gso, boolean gro, boolean realtime) throws IOException {
        this.gso = gso;
        this.gro = gro;
        scheduling = new RealTime(realtime);
        epoll = Libc.epoll_create1(Libc.O_CLOEXEC);
        if (epoll < 0) {
            throw new IOException("cannot make an epoll descriptor: " + Libc.message(Libc.errno()));
        }
        wakeup = Libc.eventfd(0, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (wakeup < 0 || !watch(wakeup)) {
            int errno = Libc.errno();
            release();
            throw new IOException("cannot make an eventfd: " + Libc.message(errno));
        }
    }

    private boolean watch(int fd) {
        ByteBuffer event = Libc.allocate(EVENT);
        event.putInt(0, Libc.EPOLLIN).putInt(EVENT_DATA, fd);
        return Libc.epoll_ctl(epoll, Libc.EPOLL_CTL_ADD, fd, Libc.address(event)) == 0;
    }

    @Override
    public UnderlaySocket open(InetSocketAddress local, UnderlayReceiver receiver) throws IOException {
        if (!gate.enter()) {
            throw new IOException("the loop is closed");
        }
        try {
            LinuxSocket socket = new LinuxSocket(this, local, receiver, gso, gro);
            put(socket.fd(), socket);
            if (!watch(socket.fd())) {
                int errno = Libc.errno();
                socket.close();
                throw new IOException("cannot watch UDP " + local + ": " + Libc.message(errno));
            }
            return socket;
        } finally {
            gate.leave();
        }
    }

    private synchronized void put(int fd, LinuxSocket socket) {
        LinuxSocket[] copy = Arrays.copyOf(sockets, Math.max(sockets.length, fd + 1));
        copy[fd] = socket;
        sockets = copy;
    }

    /** Stops watching a socket whose descriptor is about to be closed. */
    void forget(LinuxSocket socket) {
        Libc.epoll_ctl(epoll, Libc.EPOLL_CTL_DEL, socket.fd(), eventsAddress);
        put(socket.fd(), null);
    }

    @Override
    public int poll(int lane, long timeoutNanos) throws IOException {
        if (!gate.enter()) {
            return 0;
        }
        try {
            scheduling.carried(inbound.receivedSinceAsked());
            if (batch.lane() != lane) {
                batch = new Batch(lane, BATCH_DATAGRAMS, BATCH_BYTES);
            }
            return serve(calls.epollWait(epoll, eventsAddress, EVENTS, millis(timeoutNanos)));
        } finally {
            gate.leave();
        }
    }

    /** Rounded up, so that a short time is waited for and not spun through. */
    private static int millis(long nanos) {
        return (int) Math.min(Integer.MAX_VALUE, nanos / 1_000_000 + (nanos % 1_000_000 == 0 ? 0 : 1));
    }

    private int serve(int ready) throws IOException {
        if (ready < 0 && ready != -Libc.EINTR) {
            throw new IOException("cannot wait for datagrams: " + Libc.message(-ready));
        }
        LinuxSocket[] all = sockets;
        int received = 0;
        for (int i = 0; i < ready; i++) {
            int fd = events.getInt(i * EVENT + EVENT_DATA);
            if (fd == wakeup) {
                calls.read(wakeup, wakeupsAddress, Long.BYTES);
            } else if (fd < all.length && all[fd] != null) {
                received += all[fd].receive(inbound, batch);
            }
        }
        counters.add(UnderlayCounter.DATAGRAMS_IN, received);
        return received;
    }

    /** Sends for a socket; the buffers are those of the batch's lane. */
    int send(LinuxSocket socket, Batch datagrams, RawAddress to) {
        int number = datagrams.lane();
        if (number == Batch.CONTROL_LANE) { // there may be several control threads
            synchronized (lanes) {
                return lane(number).send(socket, datagrams, to);
            }
        }
        return lane(number).send(socket, datagrams, to);
    }

    private SendLane lane(int number) {
        SendLane lane = lanes[number];
        if (lane == null) {
            lane = lanes[number] = new SendLane(counters);
        }
        return lane;
    }

    @Override
    public void wakeup() {
        if (gate.enter()) {
            Libc.write(wakeup, oneAddress, Long.BYTES);
            gate.leave();
        }
    }

    @Override
    public Map<String, Long> counters() {
        return counters.snapshot();
    }

    @Override
    public void close() {
        if (gate.enter()) { // so that nothing is released before a waiting poll is woken
            gate.close();
            Libc.write(wakeup, oneAddress, Long.BYTES);
            for (LinuxSocket socket : sockets) {
                if (socket != null) {
                    socket.close();
                }
            }
            gate.leave();
        }
    }

    private void release() {
        if (wakeup >= 0) {
            Libc.close(wakeup);
        }
        Libc.close(epoll);
    }
}
