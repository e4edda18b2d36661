package tier6.launcher.demo;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Constants;
import tier6.api.event.NodeListener;
import tier6.api.transport.LinkStatus;
import tier6.cathedral.CathedralConf;
import tier6.config.Tier6Conf;
import tier6.launcher.Installation;
import tier6.launcher.LineLoggers;
import tier6.launcher.NodeFramework;

/** The program {@code tier6 demo}. */
public final class Demo {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration REST = Duration.ofSeconds(5);
    private static final int TRIES = 3;

    /** Where nodes log their events. */
    private static final String EVENT_LOG = "tier6";

    /** What the launcher and the frameworks share, so that nodes can be asked from out here. */
    private static final String SHARED_PACKAGES = Stream.of(
                    "tier6.api.counter",
                    "tier6.api.discovery",
                    "tier6.api.event",
                    "tier6.api.frame",
                    "tier6.api.node",
                    "tier6.api.peer",
                    "tier6.api.tap",
                    "tier6.api.transport",
                    "tier6.api.underlay",
                    "tier6.api.vswitch",
                    "tier6.tap.memory")
            .map(name -> name + ";version=0.1.0")
            .collect(Collectors.joining(","));

    private final long beginning = System.nanoTime();
    private final Gogo.Terminal terminal = Gogo.Terminal.ofThisProcess();
    private final Options options;
    private final Undo undo;
    private final Story story;
    private final ExecutorService workers;
    private final List<DemoNode> nodes = new ArrayList<>();
    private Optional<DemoConsole> console = Optional.empty();
    private Hosts hosts;
    /** How long a round takes: so much is kept for the last one. */
    private Duration lap = Duration.ofSeconds(1);

    private Demo(Options options, Undo undo) {
        this.options = options;
        this.undo = undo;
        this.story = new Story(terminal.out(), undo::isOver);
        this.workers = Executors.newFixedThreadPool(pingsAtOnce(options.nodes()), task -> {
            Thread thread = new Thread(task, "tier6-demo");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Runs the demo to its end.
     *
     * @param arguments what was typed after {@code demo}
     * @return exit status: 0 if all went well, 1 if not, 2 if the arguments cannot be understood
     */
    public static int run(List<String> arguments) {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("tier6 demo: " + e.getMessage());
            return 2;
        }
        if (options.help()) {
            System.out.print(Options.USAGE);
            return 0;
        }
        try (Undo undo = new Undo()) {
            Runtime.getRuntime().addShutdownHook(new Thread(undo::close, "tier6-demo-end"));
            try {
                return new Demo(options, undo).play();
            } catch (Exception e) {
                if (!undo.isOver()) {
                    System.err.println("tier6 demo: " + words(e));
                }
                return 1;
            }
        }
    }

    /** The message of {@code e}, with its kind where the message alone says little, as with those of files. */
    private static String words(Exception e) {
        boolean bare = e.getMessage() == null || e instanceof FileSystemException;
        return bare ? e.getClass().getSimpleName() + ": " + e.getMessage() : e.getMessage();
    }

    private int play() throws Exception {
        LineLoggers.to(this::log);
        build();
        boolean together = waitUntil(this::isJoined, remaining(PATIENCE));
        story.tell("demo", together ? "every tunnel is up" : "not every tunnel is up, but that was long enough");
        Round round = pingUntilComplete();
        story.print(round.table());
        if (console.isPresent()) {
            story.tell("node 1", "console at " + console.get().address());
        }
        if (options.length().isPresent()) {
            return goOn();
        }
        if (console.isPresent()) {
            daemon("tier6-demo-traffic", this::pingOn);
        }
        shell();
        return round.isComplete() ? 0 : failed(round);
    }

    /** Few, for they disturb each other's times; more where there are many, or a round would take long. */
    private static int pingsAtOnce(int nodes) {
        return 2 + nodes * (nodes - 1) / 16;
    }

    // Building

    private void build() throws Exception {
        Path directory = undo.step(() -> Files.createTempDirectory("tier6-demo-"), Demo::delete);
        Loopback loopback = Loopback.look();
        Optional<String> obstacle = KernelHosts.obstacle();
        hosts = obstacle.isEmpty() ? new KernelHosts(options.nodes(), undo) : new MemoryHosts();
        story.tell(
                "demo",
                hosts.description() + obstacle.map(why -> ", for " + why).orElse(""));
        if (!loopback.manyAddresses()) {
            story.tell("demo", "this system has one loopback address only, so all tunnels stay relayed");
        }

        InetSocketAddress cathedral = Loopback.freePair();
        DemoFlock flock = DemoFlock.make(directory, options.nodes(), cathedral);
        story.tell("demo", "made flock " + flock.name() + " with keys for " + options.nodes() + " nodes");
        Path etc = Files.createDirectory(directory.resolve("etc"));
        startCathedral(flock, directory, etc);
        story.tell("cathedral", "at 127.0.0.1:" + cathedral.getPort());

        List<Future<DemoNode>> starting = new ArrayList<>();
        for (int n = 1; n <= options.nodes(); n++) {
            int number = n;
            Path conf = flock.configure(number, loopback.node(number), hosts);
            if (options.console() && number == 1) {
                console = Optional.of(DemoConsole.in(directory));
                console.get().configure(conf);
            }
            starting.add(workers.submit(() -> startNode(number, conf, directory, etc)));
        }
        for (Future<DemoNode> node : starting) {
            nodes.add(result(node));
        }
    }

    private void startCathedral(DemoFlock flock, Path directory, Path etc) throws Exception {
        NodeFramework.Settings settings = settings(directory.resolve("cathedral"), etc)
                .with(CathedralConf.PROPERTY, flock.cathedralConf().toString());
        undo.step(() -> NodeFramework.start(settings), NodeFramework::close);
    }

    private DemoNode startNode(int number, Path conf, Path directory, Path etc) throws Exception {
        NodeFramework.Settings settings =
                settings(directory.resolve("node-" + number), etc).with(Tier6Conf.PROPERTY, conf.toString());
        String name = "node " + number;
        NodeListener listener = event -> story.tell(name, event);
        NodeFramework framework = undo.step(
                () -> NodeFramework.start(
                        settings, context -> context.registerService(NodeListener.class, listener, null)),
                NodeFramework::close);
        DemoNode node = new DemoNode(number, framework);
        if (!waitUntil(() -> node.tap().isPresent(), remaining(PATIENCE))) {
            throw new IOException(name + " has no interface: " + node.problem());
        }
        hosts.move(node);
        return node;
    }

    private static NodeFramework.Settings settings(Path cache, Path etc) {
        return NodeFramework.Settings.of(Installation.locate(), cache)
                .with(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SHARED_PACKAGES)
                .with("felix.fileinstall.dir", etc.toString());
    }

    private static <T> T result(Future<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    // Watching

    private boolean isJoined() {
        return nodes.stream()
                .allMatch(from -> nodes.stream()
                        .filter(to -> to != from)
                        .allMatch(to -> from.link(to)
                                .filter(link -> link.state() == LinkStatus.State.UP)
                                .isPresent()));
    }

    /** The first round resolves addresses and warms up; the one that people see is the next one that is complete. */
    private Round pingUntilComplete() throws Exception {
        Duration patience = remaining(PATIENCE);
        long begin = System.nanoTime();
        Round round = round(1);
        do {
            round = round(1);
        } while (!round.isComplete() && System.nanoTime() - begin < patience.toNanos());
        return round;
    }

    private Round round(int tries) throws Exception {
        long begin = System.nanoTime();
        Round round = Round.go(nodes, hosts, workers, tries);
        lap = Duration.ofNanos(System.nanoTime() - begin);
        return round;
    }

    private int goOn() throws Exception {
        while (remaining(REST).equals(REST)) {
            TimeUnit.NANOSECONDS.sleep(REST.toNanos());
            story.tell("demo", round(1).summary());
        }
        TimeUnit.NANOSECONDS.sleep(remaining(REST).toNanos());
        Round last = round(TRIES);
        story.print(last.table());
        story.tell("demo", last.summary());
        return last.isComplete() ? 0 : failed(last);
    }

    /** Traffic for who watches. */
    private void pingOn() throws Exception {
        while (!undo.isOver()) {
            Round.go(nodes, hosts, workers, 1);
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private int failed(Round round) {
        System.err.println("tier6 demo: no answer from " + round.failures());
        return 1;
    }

    private void shell() throws Exception {
        DemoNode first = nodes.get(0);
        CountDownLatch end = new CountDownLatch(1);
        Gogo.add(first.framework(), new Commands(end), "ping", "exit");
        story.print("""
                This is the shell of node 1. Try tier6:status, tier6:peers, tier6:help, and demo:ping for the
                table above anew. Ctrl-D or "exit" ends the demo.
                """);
        daemon("tier6-demo-shell", () -> {
            Gogo.run(first.framework(), terminal);
            end.countDown();
        });
        daemon("tier6-demo-node1", () -> {
            first.framework().await();
            end.countDown();
        });
        end.await();
    }

    /** What the shell of node 1 offers in scope {@code demo}. */
    public final class Commands {
        private final CountDownLatch end;

        private Commands(CountDownLatch end) {
            this.end = end;
        }

        /** Pings between all pairs. */
        public String ping() throws Exception {
            return round(TRIES).table();
        }

        /** Ends the demo. */
        public void exit() {
            end.countDown();
        }
    }

    private void daemon(String name, Callback callback) {
        Thread thread = new Thread(
                () -> {
                    try {
                        callback.run();
                    } catch (Exception e) {
                        log(Level.ERROR, "demo", String.valueOf(e.getMessage()));
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private interface Callback {
        void run() throws Exception;
    }

    // Time

    /** The time that is left, but no more than {@code most}. */
    private Duration remaining(Duration most) {
        Duration passed = Duration.ofNanos(System.nanoTime() - beginning);
        Duration left =
                options.length().map(length -> length.minus(passed).minus(lap)).orElse(most);
        return left.isNegative() ? Duration.ZERO : left.compareTo(most) < 0 ? left : most;
    }

    private boolean waitUntil(BooleanSupplier condition, Duration patience) throws InterruptedException {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (undo.isOver() || System.nanoTime() - begin > patience.toNanos()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return true;
    }

    /** The nodes log into the story, but only what is out of the ordinary and what they do not tell as events. */
    private void log(Level level, String component, String message) {
        if (level.getSeverity() >= Level.WARNING.getSeverity() && !component.equals(EVENT_LOG)) {
            story.tell(component, message);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
