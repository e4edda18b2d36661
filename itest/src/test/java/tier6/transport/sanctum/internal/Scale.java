package tier6.transport.sanctum.internal;

import com.google.gson.GsonBuilder;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.time.Clock;
import tier6.api.transport.Link;
import tier6.api.transport.LinkStatus.State;
import tier6.api.underlay.Underlay;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.SwitchPort;
import tier6.itest.bench.Machine;
import tier6.sanctum.crypto.RandomSource;
import tier6.underlay.linux.internal.LinuxUnderlay;
import tier6.vswitch.internal.SwitchComponent;

/**
 * What a node costs with few and with many peers. The node is made of what we ship, without a TAP: transport with its
 * threads, Linux underlay, switch. Its peers share two threads of this process; what crosses is UDP on loopback. Costs
 * are processor time of the node's threads, kernel included, so that it does not matter how busy the machine is
 * otherwise. Started by {@code itest/bench/scale.sh}.
 */
public final class Scale {
    private static final Path JSON = Path.of("itest/target/bench/scale.json");
    private static final int FRAME = 1300;
    private static final int RUN = 40;
    private static final int WINDOW = 4000;
    private static final int TAP_LANE = 2;
    private static final int PORTS = 21_000;
    private static final long NODE = 0x0200_0000_0000L;
    private static final long PEERS = 0x0600_0000_0000L;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final int count;
    private final Path secret;
    private final Map<String, Double> results = new LinkedHashMap<>();

    // The node.
    private final SanctumTransport transport;
    private final SwitchComponent vswitch = new SwitchComponent();
    private final List<Thread> nodeThreads;
    private final List<Link> links = new ArrayList<>();
    private SwitchPort tap;
    private volatile long toTap;

    // The peers.
    private final List<TransportCore> cores = new ArrayList<>();
    private final List<Link> back = new ArrayList<>();
    private final UnderlayLoop loop;
    private final List<Thread> simThreads = new ArrayList<>();
    private volatile boolean stopped;
    private volatile long toPeers;

    private Scale(int count, Path secret) throws Exception {
        this.count = count;
        this.secret = secret;
        Underlay underlay = new LinuxUnderlay();
        transport = new SanctumTransport(new NodeSettings(0, 1, null, local(), false));
        transport.underlay(underlay);
        nodeThreads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("tier6-transport-(control|receive)"))
                .toList();
        loop = underlay.open();
    }

    private static InetAddress local() throws Exception {
        return InetAddress.getByName("127.0.0.1");
    }

    /** Runs it for the numbers of peers that are the arguments. */
    public static void main(String[] args) throws Exception {
        int[] counts = {2, 3, 16, 64, 254};
        if (args.length > 0) {
            counts = new int[args.length];
            for (int i = 0; i < args.length; i++) {
                counts[i] = Integer.parseInt(args[i]);
            }
        }
        Path secret = Files.createTempFile("tier6-scale", ".key");
        Files.write(secret, RandomSource.secure().bytes(32));
        Map<Integer, Map<String, Double>> all = new LinkedHashMap<>();
        try {
            for (int pass = 0; pass < 2; pass++) { // the first one is for the compilers
                for (int n : pass == 0 ? new int[] {8} : counts) {
                    System.err.println((pass == 0 ? "warming up with " : "measuring ") + n + " peers ...");
                    Scale scale = new Scale(n, secret);
                    scale.run(pass == 0);
                    if (pass > 0) {
                        all.put(n, scale.results);
                    }
                }
            }
        } finally {
            Files.delete(secret);
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("date", Machine.date());
        root.put("machine", Machine.description());
        root.put("java", System.getProperty("java.vm.version"));
        root.put("peers", all);
        Files.createDirectories(JSON.getParent());
        Files.writeString(JSON, new GsonBuilder().setPrettyPrinting().create().toJson(root) + "\n");
        String table = table(all);
        Files.writeString(Path.of(JSON + ".md"), table);
        System.out.println(table);
    }

    private static String table(Map<Integer, Map<String, Double>> all) {
        StringBuilder text = new StringBuilder(Machine.date() + ", " + Machine.description() + ", Java "
                + System.getProperty("java.vm.version") + "; frames of " + FRAME
                + " bytes; ns: processor time of the node for each frame or copy, kernel included; runs: " + RUN
                + " frames for one peer, then the next; mixed: each frame for another peer\n\n| peers |");
        Map<String, Double> first = all.values().iterator().next();
        first.keySet().forEach(name -> text.append(' ').append(name).append(" |"));
        text.append("\n| ---: |").append(" ---: |".repeat(first.size())).append('\n');
        all.forEach((n, row) -> {
            text.append("| ").append(n).append(" |");
            row.values()
                    .forEach(value ->
                            text.append(String.format(Locale.ROOT, value < 10 ? " %.2f |" : " %.0f |", value)));
            text.append('\n');
        });
        return text.toString();
    }

    private void run(boolean warmUp) throws Exception {
        try {
            connect();
            learn();
            int frames = 400_000;
            sendRuns(frames / 4);
            results.put("out, runs ns", perFrame(frames, self(), this::sendRuns));
            results.put("out, mixed ns", perFrame(frames, self(), this::sendMixed));
            receive(frames / 4, RUN);
            results.put("in, runs ns", perFrame(frames, receiver(), n -> receive(n, RUN)));
            results.put("in, mixed ns", perFrame(frames, receiver(), n -> receive(n, 1)));
            int broadcasts = frames / count;
            long lost = toPeers;
            results.put("broadcast ns/copy", perFrame(broadcasts, self(), this::broadcast) / count);
            lost = (long) broadcasts * count - (toPeers - lost);
            results.put("lost %", 100.0 * lost / ((long) broadcasts * count));
            if (!warmUp) {
                idle();
            }
        } finally {
            close();
        }
    }

    // ---- handshakes

    private void connect() throws Exception {
        tap = vswitch.attach("tap", PortKind.LOCAL, frames -> toTap += frames.count());
        start("scale-peers-receive", () -> {
            while (!stopped) {
                loop.poll(TransportCore.RECEIVE_LANE, 100_000_000);
            }
        });
        Thread control = start("scale-peers-control", () -> {
            while (!stopped) {
                long due = System.nanoTime() + 1_000_000_000;
                synchronized (cores) {
                    for (TransportCore core : cores) {
                        due = Math.min(due, core.control());
                    }
                }
                LockSupport.parkNanos(due - System.nanoTime());
            }
        });
        long cpu = cpu(nodeThreads);
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            int port = PORTS + i;
            int device = i + 1;
            TransportCore core = new TransportCore(
                    new NodeSettings(1, device, null, local(), false),
                    Clock.system(),
                    RandomSource.secure(),
                    event -> {});
            core.onWork(() -> LockSupport.unpark(control));
            core.attach(loop);
            Peer node = Peer.at(new PeerId(0, 1), new InetSocketAddress(local(), port), secret, port + 1000);
            synchronized (cores) {
                cores.add(core);
            }
            back.add(core.connect(node, frames -> toPeers += frames.count()));
            Peer peer = Peer.at(new PeerId(1, device), new InetSocketAddress(local(), port + 1000), secret, port);
            SwitchPort[] way = new SwitchPort[1];
            Link link = transport.connect(peer, frames -> way[0].input(frames));
            way[0] = vswitch.attach("peer " + device, PortKind.TUNNEL, link::send);
            links.add(link);
        }
        while (!allUp()) {
            Thread.sleep(2);
            if (System.nanoTime() - begin > 60e9) {
                throw new IllegalStateException("not all tunnels are up within a minute");
            }
        }
        results.put("handshakes/s", count / ((System.nanoTime() - begin) / 1e9));
        results.put("handshake ms", (cpu(nodeThreads) - cpu) / 1e6 / count);
    }

    private boolean allUp() {
        return links.stream().allMatch(link -> link.status().state() == State.UP)
                && back.stream().allMatch(link -> link.status().state() == State.UP);
    }

    @FunctionalInterface
    private interface Work {
        void run() throws Exception;
    }

    private Thread start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Exception e) {
                        e.printStackTrace();
                    }
                },
                name);
        thread.setDaemon(true);
        simThreads.add(thread);
        thread.start();
        return thread;
    }

    // ---- traffic

    /** Lets the switch see the address of every peer. */
    private void learn() throws InterruptedException {
        Batch one = new Batch(TAP_LANE, 1, 2048);
        for (int i = 0; i < count; i++) {
            do {
                one.clear();
                append(one, NODE, PEERS + i);
                back.get(i).send(one);
                Thread.sleep(1);
            } while (vswitch.lookup(PEERS + i).isEmpty());
        }
        one.clear();
        append(one, Ethernet.BROADCAST, NODE);
        tap.input(one);
    }

    private static void append(Batch batch, long destination, long source) {
        int at = batch.append(FRAME);
        Ethernet.putMac(batch.data(), at, destination);
        Ethernet.putMac(batch.data(), at + 6, source);
        batch.data()[at + 12] = 8;
    }

    private void sendRuns(int frames) {
        Batch[] batches = new Batch[count];
        for (int i = 0; i < count; i++) {
            batches[i] = batch(RUN);
            for (int f = 0; f < RUN; f++) {
                append(batches[i], PEERS + i, NODE);
            }
        }
        drive(frames, RUN, 1, () -> toPeers, turn -> tap.input(batches[turn % count]));
    }

    private void sendMixed(int frames) {
        Batch batch = batch(RUN);
        drive(frames, RUN, 1, () -> toPeers, turn -> {
            batch.clear();
            for (int f = 0; f < RUN; f++) {
                append(batch, PEERS + (turn * RUN + f) % count, NODE);
            }
            tap.input(batch);
        });
    }

    private void broadcast(int frames) {
        Batch batch = batch(1);
        append(batch, Ethernet.BROADCAST, NODE);
        drive(frames, 1, count, () -> toPeers, turn -> tap.input(batch));
    }

    /** Has the peers send, each {@code run} frames before it is the next one's turn. */
    private void receive(int frames, int run) {
        Batch[] batches = new Batch[count];
        for (int i = 0; i < count; i++) {
            batches[i] = batch(run);
            for (int f = 0; f < run; f++) {
                append(batches[i], NODE, PEERS + i);
            }
        }
        drive(frames, run, 1, () -> toTap, turn -> back.get(turn % count).send(batches[turn % count]));
    }

    private static Batch batch(int frames) {
        return new Batch(TAP_LANE, frames, frames * (FRAME + Batch.TAILROOM));
    }

    /** Sends no faster than is received; what got lost is given up after a while. */
    private static void drive(int frames, int batch, int copies, LongSupplier received, IntConsumer turns) {
        long window = Math.max(WINDOW, 2L * batch * copies);
        long base = received.getAsLong();
        for (int turn = 0; turn < frames / batch; turn++) {
            long sent = (long) turn * batch * copies;
            long patience = System.nanoTime() + 50_000_000;
            while (sent - (received.getAsLong() - base) > window) {
                if (System.nanoTime() - patience > 0) {
                    base = received.getAsLong() - sent;
                }
                LockSupport.parkNanos(50_000);
            }
            turns.accept(turn);
        }
        long patience = System.nanoTime() + 200_000_000;
        while (received.getAsLong() - base < (long) frames * copies && System.nanoTime() - patience < 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private List<Thread> self() {
        return List.of(Thread.currentThread());
    }

    private List<Thread> receiver() {
        return nodeThreads.stream()
                .filter(thread -> thread.getName().endsWith("receive"))
                .toList();
    }

    private static double perFrame(int frames, List<Thread> threads, IntConsumer work) {
        long before = cpu(threads);
        work.accept(frames);
        return (cpu(threads) - before) / (double) frames;
    }

    private static long cpu(List<Thread> threads) {
        return threads.stream()
                .mapToLong(thread -> THREADS.getThreadCpuTime(thread.getId()))
                .sum();
    }

    // ---- peace and quiet

    /** Processor time of the node while nobody sends, after the lively time behind a handshake. */
    private void idle() throws InterruptedException {
        Thread.sleep(20_000);
        long begin = System.nanoTime();
        long cpu = cpu(nodeThreads);
        Thread.sleep(20_000);
        results.put("idle % of a core", 100.0 * (cpu(nodeThreads) - cpu) / (System.nanoTime() - begin));
    }

    private void close() throws InterruptedException {
        transport.deactivate();
        stopped = true;
        loop.wakeup();
        for (Thread thread : simThreads) {
            LockSupport.unpark(thread);
            thread.join();
        }
        cores.forEach(TransportCore::close);
        loop.close();
    }
}
