package tier6.tap.linux.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tier6.api.counter.Counters;
import tier6.api.counter.Histogram;
import tier6.api.counter.Stopwatch;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.lifecycle.Gate;
import tier6.api.tap.Tap;
import tier6.api.tap.TapConfig;
import tier6.libc.Calls;
import tier6.libc.Libc;
import tier6.libc.RealTime;

/**
 * A TAP interface of Linux. A super-frame costs one system call whichever way it goes; {@link Segmenter} and {@link
 * Coalescer} keep it from view.
 */
final class LinuxTap implements Tap {
    private static final Logger LOG = System.getLogger(LinuxTap.class.getName());

    /** How long close waits for calls that are inside; they return at once, unless their thread is starved. */
    private static final long PATIENCE_MILLIS = 5_000;

    private final String name;
    private final int mtu;
    private final boolean vnet;
    private final Queue[] queues;
    private final Lane[] lanes = new Lane[Batch.MAX_LANES];
    private final Counters<TapCounter> counters = new Counters<>(TapCounter.class);
    private final Histogram batchesIn = new Histogram();
    private final Histogram batchesOut = new Histogram();
    private final Gate gate = new Gate(this::release);

    /** What may be joined on writing; shrinks when the kernel refuses something. */
    private volatile Set<Offload> joinable;

    private LinuxTap(List<TunFile> files, List<Integer> events, int mtu, Set<Offload> offloads, boolean realtime) {
        TunFile first = files.get(0);
        name = first.name();
        this.mtu = mtu;
        vnet = first.hasVnetHeader();
        joinable = offloads;
        queues = new Queue[files.size()];
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new Queue(files.get(i), events.get(i), new RealTime(realtime));
        }
    }

    /**
     * Opens the interface, sets it up and brings it up.
     *
     * @param wanted offloads to use as far as the kernel has them
     * @param count queues to attach
     * @param realtime whether threads that read become real-time threads
     */
    static LinuxTap open(TapConfig config, Set<Offload> wanted, int count, boolean realtime) throws IOException {
        List<TunFile> files = new ArrayList<>();
        List<Integer> events = new ArrayList<>();
        try {
            TunFile first = TunFile.open(config.name(), !wanted.isEmpty());
            files.add(first);
            while (first.isMultiQueue() && files.size() < count) {
                files.add(TunFile.open(first.name(), !wanted.isEmpty()));
            }
            if (config.owner().isPresent()) {
                first.owner(config.owner().get());
            }
            Set<Offload> offloads = first.offload(wanted);
            try (NetDevice device = new NetDevice(first.name())) {
                device.mac(config.mac());
                device.mtu(config.mtu());
                if (!device.isUp()) {
                    offloads = SelfTest.accepted(first, offloads);
                }
                device.up();
                NetAddresses.add(first.name(), device.index(), config.addresses());
            }
            while (events.size() < files.size()) {
                events.add(event());
            }
            return new LinuxTap(files, events, config.mtu(), offloads, realtime);
        } catch (IOException | RuntimeException e) {
            files.forEach(TunFile::close);
            events.forEach(Libc::close);
            throw e;
        }
    }

    private static int event() throws IOException {
        int event = Libc.eventfd(0, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        if (event < 0) {
            throw new IOException("cannot make an eventfd: " + Libc.message(Libc.errno()));
        }
        return event;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public int queues() {
        return queues.length;
    }

    /** What is left to the kernel in either direction. */
    Set<Offload> offloads() {
        return joinable;
    }

    @Override
    public int read(int queue, Batch batch) throws IOException {
        if (!gate.enter()) {
            return 0;
        }
        try {
            return queues[queue].read(batch);
        } finally {
            gate.leave();
        }
    }

    @Override
    public void write(Batch batch) {
        if (!gate.enter()) {
            counters.add(TapCounter.DROP_OUT_CLOSED, batch.count());
            return;
        }
        try {
            Lane lane = lanes[batch.lane()];
            if (lane == null) {
                lane = lanes[batch.lane()] = new Lane(queues[batch.lane() % queues.length].file.fd());
            }
            lane.write(batch);
        } finally {
            gate.leave();
        }
    }

    @Override
    public void wakeup() {
        if (gate.enter()) {
            signal();
            gate.leave();
        }
    }

    private void signal() {
        for (Queue queue : queues) {
            queue.signal();
        }
    }

    @Override
    public Map<String, Long> counters() {
        Map<String, Long> all = counters.snapshot();
        batchesIn.putInto(all, "batch-in");
        batchesOut.putInto(all, "batch-out");
        return all;
    }

    /** Its queues are detached, so that the kernel gives their frames to those of whoever serves now. */
    @Override
    public boolean park() {
        boolean parked = gate.enter();
        if (parked) {
            for (Queue queue : queues) {
                parked &= queue.file.detach();
            }
            gate.leave();
        }
        return parked;
    }

    @Override
    public void close() {
        if (gate.enter()) { // so that nothing is released before readers are woken
            boolean mine = gate.close();
            signal();
            gate.leave();
            if (mine && !gate.awaitRelease(PATIENCE_MILLIS)) {
                LOG.log(Logger.Level.WARNING, "{0} is still in use; it is closed when the last call returns", name);
            }
        }
    }

    private void release() {
        for (Queue queue : queues) {
            queue.release();
        }
    }

    /** Takes frames from the kernel; one thread. */
    private final class Queue {
        private static final int POLLFD = 8, REVENTS = 6;

        /** Largest read: a super-frame with its headers. */
        private static final int SIZE = Coalescer.PACKET;

        private final TunFile file;
        private final int event;
        private final ByteBuffer buffer = Libc.allocate(SIZE);
        private final long address = Libc.address(buffer);
        private final ByteBuffer pollfds = Libc.allocate(2 * POLLFD);
        private final long pollAddress = Libc.address(pollfds);
        private final ByteBuffer one = Libc.allocate(8).putLong(0, 1);
        private final long oneAddress = Libc.address(one);
        private final ByteBuffer eventCount = Libc.allocate(8);
        private final long eventCountAddress = Libc.address(eventCount);
        private final Segmenter segmenter = new Segmenter();
        private final Calls calls = Calls.forThread();
        private final Stopwatch stopwatch = new Stopwatch();
        private final RealTime scheduling;

        /** Whether frames come one by one, with time between them, so that looking for another would only delay it. */
        private boolean sparse;

        private int lastReads;

        Queue(TunFile file, int event, RealTime scheduling) {
            this.file = file;
            this.event = event;
            this.scheduling = scheduling;
            pollfds.putInt(0, file.fd()).putShort(4, (short) Libc.POLLIN);
            pollfds.putInt(POLLFD, event).putShort(POLLFD + 4, (short) Libc.POLLIN);
        }

        int read(Batch batch) throws IOException {
            scheduling.carried(lastReads); // and sent on its way, meanwhile
            int from = batch.count();
            int reads = 0;
            int superFrames = 0;
            boolean waited = false;
            drain(batch, from); // what was left over last time
            while (segmenter.isDone() && batch.room() > 0 && !(waited && sparse && batch.count() > from)) {
                stopwatch.begin();
                long n = calls.read(file.fd(), address, SIZE);
                if (n <= 0) {
                    stopwatch.cancel();
                    if (batch.count() > from || !isReadable(n)) {
                        break;
                    }
                    waited = true;
                    continue;
                }
                reads++;
                counters.add(TapCounter.NANOS_READ, stopwatch.lap());
                if (!vnet) {
                    segmenter.beginPlain(buffer, (int) n);
                } else if (!segmenter.begin(buffer, (int) n)) {
                    counters.add(TapCounter.DROP_IN_MALFORMED, 1);
                } else if (buffer.get(Vnet.GSO_TYPE) != Vnet.GSO_NONE) {
                    superFrames++;
                }
                drain(batch, from);
                counters.add(TapCounter.NANOS_CUT, stopwatch.lap());
            }
            sparse = reads == 1 && superFrames == 0;
            count(batch, from, reads, superFrames);
            return batch.count() - from;
        }

        private void drain(Batch batch, int from) {
            segmenter.drain(batch);
            if (!segmenter.isDone() && from == 0 && batch.isEmpty()) {
                segmenter.drop(); // there will never be more room than now
                counters.add(TapCounter.DROP_IN_LONG, 1);
            }
        }

        private void count(Batch batch, int from, int reads, int superFrames) {
            int frames = batch.count() - from;
            if (frames > 0) {
                long bytes = 0;
                for (int i = from; i < from + frames; i++) {
                    bytes += batch.length(i);
                }
                counters.add(TapCounter.FRAMES_IN, frames);
                counters.add(TapCounter.BYTES_IN, bytes);
                counters.add(TapCounter.READS, reads);
                counters.add(TapCounter.SUPER_FRAMES_IN, superFrames);
                batchesIn.add(frames);
            }
            lastReads = reads;
        }

        /** After a read that gave nothing: whether another is worth trying, after waiting if need be. */
        private boolean isReadable(long result) throws IOException {
            int errno = result == 0 ? Libc.EAGAIN : (int) -result;
            if (errno == Libc.EINTR) {
                return true;
            }
            if (errno != Libc.EAGAIN) {
                throw new IOException("the TAP device " + name + " is gone: " + Libc.message(errno));
            }
            pollfds.putShort(REVENTS, (short) 0).putShort(POLLFD + REVENTS, (short) 0);
            calls.poll(pollAddress, 2, -1);
            if (pollfds.getShort(POLLFD + REVENTS) != 0) {
                calls.read(event, eventCountAddress, 8);
                return false;
            }
            int ready = pollfds.getShort(REVENTS);
            if (ready != 0 && (ready & Libc.POLLIN) == 0) {
                throw new IOException("the TAP device " + name + " is gone");
            }
            return true;
        }

        void signal() {
            Libc.write(event, oneAddress, 8);
        }

        void release() {
            file.close();
            Libc.close(event);
        }
    }

    /** Gives frames to the kernel; one thread. */
    private final class Lane implements Coalescer.Sink {
        private final int fd;
        private final int header = vnet ? Vnet.SIZE : 0;
        private final ByteBuffer packet = Libc.allocate(Coalescer.PACKET);
        private final long address = Libc.address(packet);
        private final Calls calls = Calls.forThread();
        private final Stopwatch stopwatch = new Stopwatch();
        private Set<Offload> offloads;
        private Coalescer coalescer;
        private int frames;
        private int joinedFrames;
        private int superFrames;
        private long bytes;

        Lane(int fd) {
            this.fd = fd;
        }

        void write(Batch batch) {
            Set<Offload> now = joinable;
            if (offloads != now) {
                offloads = now;
                coalescer = new Coalescer(now, packet, this);
            }
            stopwatch.begin();
            if (batch.count() > 1 && !now.isEmpty()) {
                coalescer.write(batch);
            } else {
                for (int i = 0; i < batch.count(); i++) {
                    plain(batch.data(), batch.offset(i), batch.length(i));
                }
            }
            counters.add(TapCounter.NANOS_JOIN, stopwatch.lap());
            counters.add(TapCounter.FRAMES_OUT, frames);
            counters.add(TapCounter.BYTES_OUT, bytes);
            counters.add(TapCounter.SUPER_FRAMES_OUT, superFrames);
            counters.add(TapCounter.JOINED_OUT, joinedFrames);
            batchesOut.add(batch.count());
            frames = joinedFrames = superFrames = 0;
            bytes = 0;
        }

        @Override
        public void plain(byte[] data, int at, int length) {
            if (length < Ethernet.HEADER || length > Coalescer.PACKET - header) {
                counters.add(TapCounter.DROP_OUT_SIZE, 1);
                return;
            }
            if (vnet) {
                packet.putLong(0, 0).putShort(8, (short) 0);
            }
            packet.put(header, data, at, length);
            long n = write(header + length);
            if (n >= 0) {
                frames++;
                bytes += length;
            } else {
                countRefused(n, 1);
            }
        }

        @Override
        public boolean merged(ByteBuffer packet, int length, int joined) {
            long n = write(length);
            if (n >= 0) {
                frames += joined;
                joinedFrames += joined;
                superFrames++;
                int headers = packet.getShort(Vnet.HEADER_LENGTH) & 0xffff;
                bytes += length - Vnet.SIZE + (joined - 1) * headers;
                return true;
            }
            if (n == -Libc.EINVAL) {
                refuse(packet.get(Vnet.GSO_TYPE) & 0xff);
                return false;
            }
            countRefused(n, joined);
            return true;
        }

        private long write(int length) {
            counters.add(TapCounter.NANOS_JOIN, stopwatch.lap());
            long n = calls.write(fd, address, length);
            counters.add(TapCounter.NANOS_WRITE, stopwatch.lap());
            return n;
        }

        private void countRefused(long result, int count) {
            counters.add(result == -Libc.EIO ? TapCounter.DROP_OUT_DOWN : TapCounter.DROP_OUT_REFUSED, count);
        }
    }

    /** Stops joining what the kernel does not take. */
    private synchronized void refuse(int type) {
        EnumSet<Offload> rest = EnumSet.copyOf(joinable);
        if (rest.removeAll(SelfTest.needed(type))) {
            joinable = rest;
            LOG.log(
                    Logger.Level.WARNING,
                    "{0}: the kernel refuses super-frames of type {1}; not used again",
                    name,
                    type);
        }
    }
}
