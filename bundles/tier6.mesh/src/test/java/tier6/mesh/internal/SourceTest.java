package tier6.mesh.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
import tier6.swap.Backend;

/** Sources that misbehave in every method, one at a time; a good one beside each must be heard and nobody wait. */
class SourceTest {
    private static final PeerId ALICE = new PeerId(0x1200, 1);
    private static final InetSocketAddress CATHEDRAL = new InetSocketAddress("192.0.2.1", 4500);
    private static final String BAD = "test.bad 1.2.3";

    private final List<NodeEvent> events = new CopyOnWriteArrayList<>();
    private final Mesh mesh = new Mesh(events::add);
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("tier6.mesh");
    private final List<String> harmful = new ArrayList<>();
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
        mesh.configure(MeshTest.config(OptionalInt.of(1400), 0));
    }

    /** Each of them has a line of the log, one, that names the bundle. */
    @AfterEach
    void close() {
        end.countDown();
        mesh.close();
        logger.removeHandler(handler);
        for (String name : harmful) {
            assertEquals(1, log.stream().filter(line -> line.contains(name)).count(), name + ": " + log);
        }
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

    private Backend<PeerSource> addBad(PeerSource source) {
        return addBad(source, "bad", "1.2.3");
    }

    private Backend<PeerSource> addBad(PeerSource source, String kind, String version) {
        Backend<PeerSource> backend = new TestBackend<>(kind, version, source);
        harmful.add(backend.bundle() + " " + version);
        mesh.addSource(backend);
        return backend;
    }

    private void addGood() {
        mesh.addSource(new TestBackend<>("good", new PeerSource() {
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
        }));
    }

    private String status() {
        return status(BAD);
    }

    private String status(String bundle) {
        return mesh.sources().stream()
                .filter(source -> source.bundle().equals(bundle))
                .map(SourceStatus::status)
                .findFirst()
                .orElse("");
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

    @Test
    void thoseThatBlockAreNamedAndHoldNobodyUp() throws Exception {
        Map<Method, Backend<PeerSource>> sources = new EnumMap<>(Method.class);
        for (Method where : Method.values()) {
            sources.put(where, addBad(new Harmful(where, this::blockUninterruptibly), where.name(), "1"));
        }
        addGood();
        await("the good one's peer", () -> mesh.peers().size() == 1);
        mesh.removeSource(sources.get(Method.STOP));
        await("that stop blocks", () -> status("test.STOP 1").contains("does not return from stop"));
        await("that name blocks", () -> status("test.NAME 1").contains("name has not returned"));
        await("that start blocks", () -> status("test.START 1").contains("start has not returned"));
        await("that status blocks", () -> status("test.STATUS 1").contains("status has not returned"));
        for (String name : harmful) {
            await("a line of the log about " + name, () -> log.stream().anyMatch(line -> line.contains(name)));
        }
        end.countDown();
        await("it to be well again", () -> status("test.STATUS 1").equals("fine"));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STOP")
    void oneThatThrowsIsNamed(Method where) throws Exception {
        addBad(new Harmful(where, () -> {
            throw new NoClassDefFoundError("not/there\nat all");
        }));
        addGood();
        await("the good one's peer", () -> mesh.peers().size() == 1);
        await("the reason", () -> status().contains("failed: java.lang.NoClassDefFoundError: not/there at all"));
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
        Backend<PeerSource> bad = addBad(source);
        await("its start", () -> status().equals("fine"));
        mesh.removeSource(bad);
        await("the reason", () -> status().equals("left 1 thread behind: a leak"));
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
        await("the reason", () -> status().contains("thread a worker died: java.lang.IllegalStateException"));
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
        await("the reason", () -> status().contains("changes its mind too often"));
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
        mesh.addSource(new TestBackend<>("brief", new PeerSource() {
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
        }));
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
