package tier6.names.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tier6.admission.NameCertificate;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.vswitch.Egress;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.SwitchPort;
import tier6.api.vswitch.VirtualSwitch;

/**
 * Tells the other devices the own name, and hears theirs: by a port of the switch, in frames of a local experimental EtherType
 * (IEEE 802) to a group that nobody else uses. Behind the Ethernet header:
 *
 * <pre>
 * 4 bytes   "t6nm"
 * 2 bytes   length of the certificate
 *           the certificate, see {@link NameCertificate}
 * </pre>
 *
 * <p>A name is told every half minute, when a tunnel comes up, and when a name is heard that was not known, for who tells it
 * may not know ours either. Only members of the flock can be heard here; of what they send no more than {@value #MOST_A_SECOND}
 * signatures a second are verified.
 */
final class Announcer implements Egress, AutoCloseable {
    static final int ETHER_TYPE = 0x88b5;
    static final long GROUP = 0x0374_6965_7236L;

    private static final Logger LOG = System.getLogger("tier6.names");
    private static final int MAGIC = 't' << 24 | '6' << 16 | 'n' << 8 | 'm';
    private static final int HEADER = Ethernet.HEADER + Integer.BYTES + Short.BYTES;
    private static final int LEAST_FRAME = 60;
    private static final int MOST_A_SECOND = 50;
    private static final int MOST_WAITING = 64;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    /** Shorter than PROBE_MIN of RFC 5227, for somebody waits. */
    private static final long ANSWER = SECOND / 2;

    private static final long PERIOD = 30 * SECOND;
    private static final String PORT = "names";

    private final NameBook book;
    private final Path file;
    private final AddressWatch addresses;
    private final BlockingQueue<byte[]> heard = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Batch batch = new Batch(Batch.SERVICE_LANE, 1, 1 << 9);
    private final Object asking = new Object();
    private final Thread thread = new Thread(this::run, "tier6-names");
    private SwitchPort port; // guarded by this
    private volatile long nextAt = System.nanoTime();
    private volatile int probes; // still to be sent
    private volatile boolean running = true;

    Announcer(NameBook book, Path file, AddressWatch addresses) {
        this.book = book;
        this.file = file;
        this.addresses = addresses;
        thread.setDaemon(true);
        thread.start();
    }

    /** Uses this switch from now on; null for none. */
    synchronized void vswitch(VirtualSwitch vswitch) {
        if (port != null) {
            port.close();
        }
        port = vswitch == null ? null : vswitch.attach(PORT, PortKind.LOCAL, this);
        soon();
    }

    /** Tells the own name within a second. */
    void soon() {
        long at = System.nanoTime() + SECOND / 2;
        if (nextAt - at > 0) {
            nextAt = at;
        }
    }

    /** Asks, within a second, whether others use the addresses of this host. */
    void probe() {
        probes = AddressWatch.PROBES;
    }

    /**
     * Asks whether somebody, this host included, has an address.
     *
     * @return the hardware address of who says so
     */
    Optional<Long> ask(InetAddress address) throws InterruptedException {
        synchronized (asking) {
            CompletableFuture<Long> answer = addresses.expect(address);
            try {
                for (int probe = 0; probe < AddressWatch.PROBES && !answer.isDone(); probe++) {
                    send(AddressProbe.question(address, mac()));
                    await(answer);
                }
                return Optional.ofNullable(answer.getNow(null));
            } finally {
                addresses.expectNothing();
            }
        }
    }

    private static void await(CompletableFuture<Long> answer) throws InterruptedException {
        try {
            answer.get(ANSWER, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // Asked again, or nobody has it.
        } catch (ExecutionException e) {
            throw new AssertionError("it is never completed with an exception", e);
        }
    }

    /** Frames that leave the switch for us: names, and who claims an address of this host; the others are for others. */
    @Override
    public void output(Batch frames) {
        byte[] data = frames.data();
        for (int i = 0; i < frames.count(); i++) {
            int at = frames.offset(i);
            int length = frames.length(i);
            boolean name = length >= HEADER && Ethernet.etherType(data, at) == ETHER_TYPE;
            if (name || addresses.isOfInterest(data, at, length)) {
                // What does not fit is told again.
                heard.offer(frames.copy(i));
            }
        }
    }

    private void run() {
        long readAt = System.nanoTime();
        FileTime read = modified();
        int allowance = MOST_A_SECOND;
        while (running) {
            try {
                byte[] frame = heard.poll(SECOND / 4, TimeUnit.NANOSECONDS);
                if (frame != null && allowance > 0) {
                    allowance -= take(frame) ? 1 : 0;
                }
                long now = System.nanoTime();
                if (now - readAt >= SECOND) {
                    readAt = now;
                    allowance = MOST_A_SECOND;
                    FileTime changed = modified();
                    if (!changed.equals(read)) {
                        read = changed;
                        readAgain();
                    }
                    if (probes > 0) {
                        probes--;
                        addresses.look().forEach(address -> send(AddressProbe.question(address, mac())));
                    }
                }
                if (now - nextAt >= 0) {
                    nextAt = now + PERIOD;
                    tell();
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a name could not be told or heard", e);
            }
        }
    }

    private FileTime modified() {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** After {@code tier6 rename}. */
    private void readAgain() {
        try {
            String before = book.ownName().name();
            book.readOwn(file);
            if (!book.ownName().name().equals(before)) {
                LOG.log(
                        Level.INFO,
                        "this device is {0}.{1}.t6 now",
                        book.ownName().name(),
                        book.flockName());
            }
            soon();
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "{0} cannot be used, the name stays: {1}", file, e.getMessage());
        }
    }

    private boolean take(byte[] frame) {
        if (Ethernet.etherType(frame, 0) == ETHER_TYPE) {
            return hear(frame);
        }
        addresses.hear(frame, mac()).ifPresent(this::send);
        return true;
    }

    /** Takes what is in a frame; false if nothing had to be verified. */
    private boolean hear(byte[] frame) {
        ByteBuffer in = ByteBuffer.wrap(frame).position(Ethernet.HEADER);
        int magic = in.getInt();
        int length = in.getShort() & 0xffff;
        if (magic != MAGIC || length > in.remaining() || length > NameCertificate.MOST_BYTES) {
            return false;
        }
        byte[] certificate = new byte[length];
        in.get(certificate);
        if (book.knows(certificate)) {
            return false;
        }
        if (book.hear(certificate) == NameBook.Heard.NEWS) {
            NameCertificate.read(certificate)
                    .ifPresent(c -> LOG.log(
                            Level.INFO,
                            "device {0} is {1}.{2}.t6",
                            String.format("%02x", c.kekId()),
                            c.name(),
                            book.flockName()));
            soon();
        }
        return true;
    }

    private void tell() {
        byte[] certificate = book.own();
        ByteBuffer frame = ByteBuffer.allocate(Math.max(LEAST_FRAME, HEADER + certificate.length));
        mac(frame, GROUP);
        mac(frame, mac());
        frame.putShort((short) ETHER_TYPE)
                .putInt(MAGIC)
                .putShort((short) certificate.length)
                .put(certificate);
        send(frame.array());
    }

    /** Not the address of the interface, which lives behind another port. */
    private long mac() {
        NameCertificate name = book.ownName();
        return 0x0aL << 40 | (long) name.kekId() << 32 | Integer.toUnsignedLong(name.csId());
    }

    private synchronized void send(byte[] frame) {
        if (port == null) {
            return;
        }
        batch.clear();
        batch.append(frame, 0, frame.length);
        port.input(batch);
    }

    private static void mac(ByteBuffer frame, long mac) {
        frame.putShort((short) (mac >> 32)).putInt((int) mac);
    }

    @Override
    public void close() {
        running = false;
        thread.interrupt();
        vswitch(null);
    }
}
