package tier6.cathedral;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import tier6.api.counter.Counters;
import tier6.api.frame.Batch;
import tier6.api.underlay.Underlay;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlayReceiver;
import tier6.api.underlay.UnderlaySocket;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;

/**
 * A running cathedral: two sockets and a thread around a {@link CathedralCore}, and a second thread that watches the files, so
 * that a slow disk never holds up what is relayed.
 */
public final class Cathedral implements Closeable {
    private static final int LANE = 1;
    private static final long POLL_NANOS = 250_000_000;
    private static final long TICK_MILLIS = 1_000;
    private static final long FILES_MILLIS = 2_000;
    private static final long PATIENCE_MILLIS = 2_000;
    private static final Logger LOG = System.getLogger(Cathedral.class.getName());

    private final UnderlayLoop loop;
    private final UnderlaySocket main;
    private final CathedralCore core;
    private final RosterFiles files;
    private final AtomicReference<Roster> pending = new AtomicReference<>();
    private final Thread worker;
    private final Thread watcher;
    private volatile boolean running = true;
    private volatile List<String> problems = List.of();

    /**
     * Opens the sockets, reads the files and begins to serve. Mistakes in settings do not keep it from starting.
     *
     * @throws IOException if a socket cannot be opened or the sync secret cannot be read
     */
    public static Cathedral start(CathedralConf conf, Underlay underlay) throws IOException {
        UnderlayLoop loop = underlay.open();
        try {
            return new Cathedral(conf, loop);
        } catch (IOException | RuntimeException e) {
            loop.close();
            throw e;
        }
    }

    private Cathedral(CathedralConf conf, UnderlayLoop loop) throws IOException {
        this.loop = loop;
        // Both ports are as good for everything: which of them a datagram took matters to its sender's NAT alone.
        main = open(conf.local(), this::received);
        if (conf.natPort() != 0) {
            open(new InetSocketAddress(conf.local().getAddress(), conf.natPort()), this::received);
        }
        InetSocketAddress announced = conf.announced().getPort() == 0 ? main.local() : conf.announced();
        byte[] sync = conf.secret() == null ? null : KeyFiles.readSecret(conf.secret(), Identity.SECRET_SIZE);
        try {
            core = new CathedralCore(
                    LANE, announced, sync, conf.p2pSync(), conf.disguise(), 0, RandomSource.secure(), main::send);
        } finally {
            Secrets.clear(sync);
        }
        files = new RosterFiles(conf.settings(), conf.secretDirectory(), announced);
        readFiles();
        worker = new Thread(this::work, "tier6-cathedral-" + conf.instance());
        watcher = new Thread(this::watch, "tier6-cathedral-" + conf.instance() + "-files");
        worker.setDaemon(true);
        watcher.setDaemon(true);
        LOG.log(
                Level.INFO,
                "{0} at {1}, NAT port {2}, {3}",
                // The name of the only one of a host is what it is.
                conf.instance().equals("cathedral") ? "cathedral" : "cathedral " + conf.instance(),
                Address.name(announced),
                conf.natPort() == 0 ? "none" : Integer.toString(conf.natPort()),
                pending.get() == null ? "nobody" : pending.get());
        worker.start();
        watcher.start();
    }

    private UnderlaySocket open(InetSocketAddress local, UnderlayReceiver receiver) throws IOException {
        try {
            return loop.open(local, receiver);
        } catch (IOException e) {
            throw new IOException("cannot open UDP " + Address.name(local) + ": " + e.getMessage(), e);
        }
    }

    private void received(Batch datagrams, InetSocketAddress from) {
        try {
            core.receive(datagrams, from, System.currentTimeMillis());
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.log(Level.ERROR, "datagrams from " + Address.name(from) + " were lost", e);
        }
    }

    private void work() {
        long tickAt = 0;
        try {
            while (running) {
                long now = System.currentTimeMillis();
                Roster roster = pending.getAndSet(null);
                if (roster != null) {
                    core.apply(roster, now);
                }
                if (now >= tickAt || now < tickAt - TICK_MILLIS) {
                    tickAt = now + TICK_MILLIS;
                    core.tick(now);
                }
                loop.poll(LANE, POLL_NANOS);
            }
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.ERROR, "the cathedral ends", e);
        } finally {
            core.close();
        }
    }

    private void watch() {
        try {
            while (running) {
                Thread.sleep(FILES_MILLIS);
                readFiles();
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void readFiles() {
        try {
            files.poll(System.currentTimeMillis()).ifPresent(roster -> {
                pending.set(roster);
                loop.wakeup();
            });
            problems = files.problems();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the files of the cathedral could not be read", e);
        } catch (OutOfMemoryError e) {
            LOG.log(
                    Level.ERROR,
                    "there is not enough memory for what the files say now, what was read before stays in force:"
                            + " start with more, such as TIER6_JAVA_OPTS=-Xmx512m");
        }
    }

    /** Where its main socket is bound. */
    public InetSocketAddress local() {
        return main.local();
    }

    /** Who is there, at most a second old. Any thread. */
    public CathedralStatus status() {
        return core.status();
    }

    /** What it counted. Any thread. */
    public Counters<CathedralCounter> counters() {
        return core.counters();
    }

    /** What is wrong with its files now, a sentence each. Any thread. */
    public List<String> problems() {
        return problems;
    }

    /** Waits until it ends by itself, which it only does after an error. */
    public void join() throws InterruptedException {
        worker.join();
    }

    /** Ends it; waits at most some seconds. */
    @Override
    public void close() {
        running = false;
        watcher.interrupt();
        loop.wakeup();
        try {
            worker.join(PATIENCE_MILLIS);
            watcher.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.close();
        files.close();
    }
}
