package tier6.mesh.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.api.event.NodeEvent;
import tier6.api.node.SourceStatus;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;

/** Sources that misbehave in every method, one at a time; a good one beside each must be heard and nobody wait. */
class SourceTest {
    private static final PeerId ALICE = new PeerId(0x1200, 1);
    private static final InetSocketAddress CATHEDRAL = new InetSocketAddress("192.0.2.1", 4500);
    private static final String BAD = "bad.bundle 1.2.3";

    private final List<NodeEvent> events = new CopyOnWriteArrayList<>();
    private final Mesh mesh = new Mesh(events::add);
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("tier6.mesh");
    private boolean harmful;
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            log.add(new SimpleFormatter().formatMessage(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    /** Where it misbehaves. */
    enum Method {
        NAME,
        START,
        STATUS,
        STOP
    }

    SourceTest() {
        logger.addHandler(handler);
        mesh.configure(new MeshConfig(
                "t6", 0x06010a000001L, OptionalInt.of(1400), Optional.empty(), 0, MeshConfig.Targets.ALL));
    }

    /** Each of them has a line of the log, one, that names the bundle. */
    @AfterEach
    void close() {
        end.countDown();
        mesh.close();
        logger.removeHandler(handler);
        assertEquals(
                harmful ? 1 : 0, log.stream().filter(line -> line.contains(BAD)).count(), log.toString());
    }

    /** A source that does {@code harm} in one method and nothing in the others. */
    private record Harmful(Method where, Runnable harm) implements PeerSource {
        private void in(Method method) {
            if (method == where) {
                harm.run();
            }
        }

        @Override
        public String name() {
            in(Method.NAME);
            return "bad";
        }

        @Override
        public void start(PeerSink sink) {
            in(Method.START);
        }

        @Override
        public void stop() {
            in(Method.STOP);
        }

        @Override
        public String status() {
            in(Method.STATUS);
            return "fine";
        }
    }

    private void addBad(PeerSource source) {
        harmful = true;
        mesh.addSource(source, BAD);
    }

    private void addGood() {
        mesh.addSource(
                new PeerSource() {
                    @Override
                    public String name() {
                        return "good";
                    }

                    @Override
                    public void start(PeerSink sink) {
                        sink.announce(Peer.through(ALICE, CATHEDRAL));
                    }

                    @Override
                    public void stop() {}
                },
                "good.bundle 1");
    }

    private SourceStatus bad() {
        return mesh.sources().stream()
                .filter(source -> source.bundle().equals(BAD))
                .findFirst()
                .orElse(new SourceStatus("", "", 0, ""));
    }

    private void blockUninterruptibly() {
        boolean interrupted = true;
        while (interrupted) {
            try {
                end.await();
                interrupted = false;
            } catch (InterruptedException e) {
                // A plug-in that does not listen.
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneThatBlocksIsNamedAndHoldsNobodyUp(Method where) throws Exception {
        PeerSource source = new Harmful(where, this::blockUninterruptibly);
        addBad(source);
        addGood();
        await("the good one's peer", () -> mesh.peers().size() == 1);
        if (where == Method.STOP) {
            mesh.removeSource(source);
            await("it to be told of", () -> bad().status().contains("does not return from stop"));
            end.countDown();
            await(
                    "it to be forgotten",
                    () -> mesh.sources().size() == 1 || bad().status().contains("left"));
        } else {
            String what = where.name().toLowerCase(java.util.Locale.ROOT) + " has not returned";
            await("the reason", () -> bad().status().contains(what));
            await("the line of the log", () -> log.stream().anyMatch(line -> line.contains(BAD)));
            mesh.removeSource(source);
        }
        assertTrue(mesh.sources().stream().anyMatch(s -> s.name().equals("good")));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STOP")
    void oneThatThrowsIsNamed(Method where) throws Exception {
        addBad(new Harmful(where, () -> {
            throw new NoClassDefFoundError("not/there\nat all");
        }));
        addGood();
        await("the good one's peer", () -> mesh.peers().size() == 1);
        await("the reason", () -> bad().status().contains("failed: java.lang.NoClassDefFoundError: not/there at all"));
    }

    @Test
    void aThreadThatItLeavesIsInterruptedAndNamed() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        PeerSource source = new Harmful(
                Method.START,
                () -> new Thread(
                                () -> {
                                    try {
                                        end.await();
                                    } catch (InterruptedException e) {
                                        interrupted.countDown();
                                        blockUninterruptibly();
                                    }
                                },
                                "a leak")
                        .start());
        addBad(source);
        await("its start", () -> bad().status().equals("fine"));
        mesh.removeSource(source);
        await("the reason", () -> bad().status().equals("left 1 thread behind: a leak"));
        interrupted.await();
    }

    @Test
    void anExceptionOnAThreadOfItsOwnIsNamed() throws Exception {
        addBad(new Harmful(
                Method.START,
                () -> new Thread(
                                () -> {
                                    throw new IllegalStateException("a test");
                                },
                                "a worker")
                        .start()));
        await("the reason", () -> bad().status().contains("thread a worker died: java.lang.IllegalStateException"));
    }

    @Test
    void oneThatChangesItsMindAllTheTimeIsSlowedDown() throws Exception {
        AtomicInteger round = new AtomicInteger();
        addBad(new PeerSource() {
            @Override
            public String name() {
                return "bad";
            }

            @Override
            public void start(PeerSink sink) {
                Thread thread = new Thread(() -> {
                    while (end.getCount() != 0) {
                        int port = 1 + round.incrementAndGet() % 60_000;
                        for (int device = 1; device <= 254; device++) {
                            PeerId id = new PeerId(0x6600, device);
                            sink.announce(Peer.through(id, new InetSocketAddress("192.0.2.66", port)));
                            if (port % 3 == 0) {
                                sink.withdraw(id);
                            }
                        }
                    }
                });
                thread.start();
            }

            @Override
            public void stop() {}
        });
        addGood();
        await("the reason", () -> bad().status().contains("changes its mind too often"));
        await(
                "the good one's peer",
                () -> mesh.peers().stream().anyMatch(peer -> peer.id().equals(ALICE)));
        int rounds = round.get();
        await("many more changes", () -> round.get() > rounds + 100);
        long heard = events.stream()
                .filter(e -> e instanceof NodeEvent.PeerFound || e instanceof NodeEvent.PeerLost)
                .count();
        assertTrue(heard < 254 * 20, heard + " of some hundred thousand changes got through");
    }

    @Test
    void whatItTakesBackAtOnceIsNeverHeardOf() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        mesh.later(
                () -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                0);
        PeerId brief = new PeerId(0x1200, 7);
        CountDownLatch done = new CountDownLatch(1);
        mesh.addSource(
                new PeerSource() {
                    @Override
                    public String name() {
                        return "brief";
                    }

                    @Override
                    public void start(PeerSink sink) {
                        sink.announce(Peer.through(brief, CATHEDRAL));
                        sink.withdraw(brief);
                        sink.announce(Peer.through(ALICE, CATHEDRAL));
                        done.countDown();
                    }

                    @Override
                    public void stop() {}
                },
                "brief 1");
        done.await();
        go.countDown();
        await("what stayed", () -> mesh.peers().size() == 1);
        assertEquals(ALICE, mesh.peers().get(0).id());
        assertFalse(events.stream().anyMatch(e -> e instanceof NodeEvent.PeerLost));
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 2000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("waited in vain for " + what);
    }
}
