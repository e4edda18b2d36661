package tier6.itest.net;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import tier6.api.frame.Batch;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlaySocket;
import tier6.underlay.linux.internal.LinuxUnderlay;

/**
 * Traffic between two hosts that proves what becomes of it, a program of its own on each: {@code SECONDS tcp|udp|both
 * TARGET...}. A target is an address of the other host, and a flow of each kind goes there; the other host sends as many back.
 *
 * <p>UDP: datagrams of all sizes, odd ones and fragmented ones among them, singly and in runs that the kernel segments late;
 * each with its number in its flow and a hash. At most {@value #WINDOW} of a flow are on their way, so that as many are sent as
 * get through, and no buffer overflows. TCP: chunks with numbers and hashes, as fast as it goes. For each incoming flow a line
 * is printed.
 */
final class Traffic {
    static final int TCP_PORT = 6001;
    static final int UDP_PORT = 6002;

    private static final int WINDOW = 64;
    private static final int RUN = 16;
    private static final int HEADER = 20; // flow, number, length, hash
    private static final int LARGEST = 9000;
    private static final int LARGEST_CHUNK = 200_000;
    private static final long PATIENCE_NANOS = 200_000_000;
    private static final long REPEAT_NANOS = 50_000_000;

    // What the number of a datagram, or of an acknowledgement, may be instead.
    private static final long HELLO = Long.MIN_VALUE;
    private static final long ENDED = Long.MAX_VALUE;

    /** For the other host's program to start, and for the end to come through. */
    private static final int EXTRA_SECONDS = 40;

    /** In which the other host may ask again whether its last word was heard. */
    private static final long LINGER_MILLIS = 500;

    private final SplittableRandom random = new SplittableRandom();
    private final byte[] noise = new byte[1 << 19];
    private final long duration;
    private final List<String> targets;
    private final CountDownLatch ends;
    private final List<Inflow> inflows = new ArrayList<>();
    private final List<Outflow> outflows = new ArrayList<>();

    private Traffic(int seconds, boolean tcp, boolean udp, List<String> targets) {
        this.targets = targets;
        duration = TimeUnit.SECONDS.toNanos(seconds);
        ends = new CountDownLatch(targets.size() * 2 * ((tcp ? 1 : 0) + (udp ? 1 : 0)));
        random.nextBytes(noise);
    }

    public static void main(String[] args) throws Exception {
        boolean tcp = !args[1].equals("udp");
        boolean udp = !args[1].equals("tcp");
        int seconds = Integer.parseInt(args[0]);
        Traffic traffic = new Traffic(seconds, tcp, udp, List.of(args).subList(2, args.length));
        System.exit(traffic.run(seconds, tcp, udp) ? 0 : 1);
    }

    private boolean run(int seconds, boolean tcp, boolean udp) throws Exception {
        if (tcp) {
            ServerSocket server = new ServerSocket(TCP_PORT);
            daemon(() -> accept(server));
        }
        if (udp) {
            listen();
        }
        System.out.println("ready");
        for (int i = 0; i < targets.size(); i++) {
            int flow = i;
            if (tcp) {
                daemon(() -> stream(flow));
            }
            if (udp) {
                daemon(() -> outflows.get(flow).send());
            }
        }
        boolean complete = ends.await(seconds + EXTRA_SECONDS, TimeUnit.SECONDS);
        Thread.sleep(LINGER_MILLIS);
        inflows.forEach(System.out::println);
        System.out.println(complete ? "complete" : "incomplete: " + ends.getCount() + " flows did not end");
        return complete;
    }

    /** What may fail. */
    private interface Work {
        void run() throws Exception;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                System.out.println("failed: " + e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    // ---- UDP

    private void listen() throws IOException {
        UnderlayLoop loop = new LinuxUnderlay().open();
        UnderlaySocket[] self = new UnderlaySocket[1];
        Batch acknowledgement = new Batch(1, 1, 64);
        for (int flow = 0; flow < targets.size(); flow++) {
            inflows.add(new Inflow(flow));
        }
        self[0] = loop.open(new InetSocketAddress("::", UDP_PORT), (datagrams, from) -> {
            Inflow inflow = null;
            for (int i = 0; i < datagrams.count(); i++) {
                ByteBuffer datagram = ByteBuffer.wrap(datagrams.data(), datagrams.offset(i), datagrams.length(i));
                int flow = datagrams.length(i) < HEADER ? -1 : datagram.getInt(datagram.position());
                inflow = flow < 0 || flow >= inflows.size() ? null : inflows.get(flow);
                (inflow == null ? inflows.get(0) : inflow).take(datagram, inflow != null);
            }
            if (inflow != null) {
                acknowledgement.clear();
                int at = acknowledgement.append(Long.BYTES);
                ByteBuffer.wrap(acknowledgement.data()).putLong(at, inflow.total < 0 ? inflow.highest + 1 : ENDED);
                self[0].send(acknowledgement, from);
            }
        });
        for (int flow = 0; flow < targets.size(); flow++) {
            outflows.add(new Outflow(loop, flow));
        }
        daemon(() -> {
            while (true) {
                loop.poll(1, 1_000_000_000);
            }
        });
    }

    private static int hash(CRC32C crc, byte[] data, int at, int length) {
        crc.reset();
        crc.update(data, at, HEADER - Integer.BYTES);
        crc.update(data, at + HEADER, length - HEADER);
        return (int) crc.getValue();
    }

    /** What comes in as one flow; the polling thread's own. */
    private final class Inflow {
        private final int flow;
        private final BitSet seen = new BitSet();
        private final CRC32C crc = new CRC32C();
        private long highest = -1;
        private long total = -1;
        private int corrupted;
        private int duplicated;
        private int reordered;

        Inflow(int flow) {
            this.flow = flow;
        }

        void take(ByteBuffer datagram, boolean known) {
            int at = datagram.position();
            int length = datagram.remaining();
            if (!known
                    || datagram.getInt(at + 12) != length
                    || datagram.getInt(at + 16) != hash(crc, datagram.array(), at, length)) {
                corrupted++;
                return;
            }
            long number = datagram.getLong(at + 4);
            if (number < 0) {
                if (number != HELLO && total < 0) {
                    total = -1 - number;
                    ends.countDown();
                }
                return;
            }
            if (seen.get((int) number)) {
                duplicated++;
            } else if (number < highest) {
                reordered++;
            }
            seen.set((int) number);
            highest = Math.max(highest, number);
        }

        @Override
        public String toString() {
            long sent = total < 0 ? highest + 1 : total;
            return "udp " + flow + " sent " + sent + " lost " + (sent - seen.cardinality()) + " corrupted " + corrupted
                    + " duplicated " + duplicated + " reordered " + reordered;
        }
    }

    /** What goes out as one flow, by a thread of its own in a lane of its own. */
    private final class Outflow {
        private final int flow;
        private final UnderlaySocket socket;
        private final InetSocketAddress to;
        private final Batch batch;
        private final SplittableRandom dice = random.split();
        private final CRC32C crc = new CRC32C();
        private final AtomicLong acknowledged = new AtomicLong(-1);
        private volatile Thread sender;

        Outflow(UnderlayLoop loop, int flow) throws IOException {
            this.flow = flow;
            to = new InetSocketAddress(InetAddress.getByName(targets.get(flow)), UDP_PORT);
            batch = new Batch(2 + flow, RUN, RUN * (LARGEST + Batch.TAILROOM));
            String any = to.getAddress().getAddress().length == 4 ? "0.0.0.0" : "::";
            socket = loop.open(new InetSocketAddress(any, 0), (datagrams, from) -> {
                int last = datagrams.count() - 1;
                acknowledged.set(ByteBuffer.wrap(datagrams.data()).getLong(datagrams.offset(last)));
                LockSupport.unpark(sender);
            });
        }

        void send() {
            sender = Thread.currentThread();
            repeat(HELLO, 0);
            long deadline = System.nanoTime() + duration;
            long number = 0;
            while (System.nanoTime() < deadline) {
                batch.clear();
                int run = 1 + dice.nextInt(RUN);
                int size = size();
                boolean mixed = dice.nextInt(4) == 0;
                for (int i = 0; i < run; i++) {
                    append(number++, mixed ? size() : size);
                }
                socket.send(batch, to);
                awaitRoom(number);
            }
            repeat(-1 - number, ENDED);
            ends.countDown();
        }

        /** Sends a sign until an acknowledgement of at least {@code answer} came. */
        private void repeat(long sign, long answer) {
            while (acknowledged.get() < answer) {
                batch.clear();
                append(sign, HEADER);
                socket.send(batch, to);
                LockSupport.parkNanos(REPEAT_NANOS);
            }
        }

        private void awaitRoom(long sent) {
            long end = System.nanoTime() + PATIENCE_NANOS;
            while (sent - acknowledged.get() > WINDOW - RUN && System.nanoTime() < end) {
                LockSupport.parkNanos(1_000_000);
            }
        }

        /** Small ones, full ones, anything in between, and now and then one that takes fragments. */
        private int size() {
            return switch (dice.nextInt(16)) {
                case 0, 1, 2, 3, 4 -> HEADER + dice.nextInt(200);
                case 5, 6, 7, 8 -> 1300 + dice.nextInt(130);
                case 9 -> HEADER + dice.nextInt(LARGEST - HEADER);
                default -> HEADER + dice.nextInt(1350);
            };
        }

        private void append(long number, int size) {
            int at = batch.append(size);
            byte[] data = batch.data();
            System.arraycopy(noise, dice.nextInt(noise.length - size), data, at, size);
            ByteBuffer header = ByteBuffer.wrap(data);
            header.putInt(at, flow).putLong(at + 4, number).putInt(at + 12, size);
            header.putInt(at + 16, hash(crc, data, at, size));
        }
    }

    // ---- TCP

    private void accept(ServerSocket server) throws IOException {
        while (true) {
            Socket socket = server.accept();
            daemon(() -> verify(socket));
        }
    }

    private void stream(int flow) throws Exception {
        SplittableRandom dice;
        synchronized (random) {
            dice = random.split();
        }
        CRC32C crc = new CRC32C();
        try (Socket socket = connect(flow);
                DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), LARGEST_CHUNK))) {
            long number = 0;
            long deadline = System.nanoTime() + duration;
            while (System.nanoTime() < deadline) {
                int size = 1 + dice.nextInt(dice.nextInt(8) == 0 ? LARGEST_CHUNK : 4000);
                int from = dice.nextInt(noise.length - size);
                crc.reset();
                crc.update(noise, from, size);
                out.writeInt(size);
                out.writeLong(number++);
                out.writeInt((int) crc.getValue());
                out.write(noise, from, size);
                if (dice.nextInt(16) == 0) {
                    out.flush();
                }
            }
            out.writeInt(0);
            out.writeLong(number);
        }
        ends.countDown();
    }

    private Socket connect(int flow) throws Exception {
        for (int i = 0; ; i++) {
            try {
                return new Socket(targets.get(flow), TCP_PORT);
            } catch (IOException e) {
                if (i == 10 * EXTRA_SECONDS) { // the other host's program starts as slowly as this one
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    private void verify(Socket socket) throws IOException {
        byte[] chunk = new byte[LARGEST_CHUNK];
        CRC32C crc = new CRC32C();
        long bytes = 0;
        int bad = 0;
        boolean whole = false;
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(socket.getInputStream(), LARGEST_CHUNK))) {
            for (long expected = 0; ; expected++) {
                int size = in.readInt();
                if (size < 0 || size > LARGEST_CHUNK) {
                    bad++;
                    break;
                }
                if (in.readLong() != expected) {
                    bad++;
                }
                if (size == 0) {
                    whole = true;
                    break;
                }
                int hash = in.readInt();
                in.readFully(chunk, 0, size);
                crc.reset();
                crc.update(chunk, 0, size);
                if ((int) crc.getValue() != hash) {
                    bad++;
                }
                bytes += size;
            }
        } catch (EOFException e) {
            bad++;
        }
        System.out.println("tcp bytes " + bytes + " bad " + bad + (whole ? "" : " cut"));
        ends.countDown();
    }
}
