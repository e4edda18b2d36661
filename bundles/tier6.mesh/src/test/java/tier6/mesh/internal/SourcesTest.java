package tier6.mesh.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.api.event.NodeEvent;
import tier6.swap.Backend;

/** Which of several versions of a source serves. */
class SourcesTest {
    private final List<NodeEvent> events = new CopyOnWriteArrayList<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Mesh mesh = new Mesh(events::add);

    SourcesTest() {
        mesh.configure(MeshTest.config(OptionalInt.of(1400), 0));
    }

    @AfterEach
    void close() {
        end.countDown();
        mesh.close();
    }

    /** A version of one bundle, which notes when its source starts and stops. */
    private Backend<PeerSource> version(String version, Runnable start) {
        return new TestBackend<>("dns", version, new PeerSource() {
            @Override
            public String name() {
                return "dns";
            }

            @Override
            public void start(PeerSink sink) {
                log.add("start " + version);
                start.run();
            }

            @Override
            public void stop() {
                log.add("stop " + version);
            }

            @Override
            public String status() {
                return "serves";
            }
        });
    }

    private Backend<PeerSource> version(String version) {
        return version(version, () -> {});
    }

    /** Version and words of each. */
    private List<String> said() {
        return mesh.sources().stream()
                .map(source -> source.bundle().replace("test.dns ", "") + " " + source.status())
                .toList();
    }

    private void awaitLog(String... entries) throws InterruptedException {
        await(String.join(", ", entries), log, () -> log.equals(List.of(entries)));
    }

    @Test
    void theNewestServesAndTheOneBeforeComesBack() throws Exception {
        Backend<PeerSource> newest = version("1.10");
        mesh.addSource(version("1.9"));
        awaitLog("start 1.9");
        mesh.addSource(newest);
        mesh.addSource(version("1.2"));
        awaitLog("start 1.9", "stop 1.9", "start 1.10");
        await(
                "the words",
                log,
                () -> said().equals(List.of("1.10 serves", "1.9 1.10 serves instead", "1.2 1.10 serves instead")));
        assertEquals(
                List.of("test.dns 1.9", "test.dns 1.2"),
                mesh.roles().get(3).alternatives().stream()
                        .map(held -> held.bundle())
                        .toList());
        mesh.removeSource(newest);
        awaitLog("start 1.9", "stop 1.9", "start 1.10", "stop 1.10", "start 1.9");
    }

    @Test
    void ofTheSameVersionTheFirstServes() throws Exception {
        Backend<PeerSource> first = version("1");
        mesh.addSource(first);
        mesh.addSource(version("1"));
        awaitLog("start 1");
        mesh.removeSource(first);
        awaitLog("start 1", "stop 1", "start 1");
    }

    @Test
    void othersServeBesideIt() throws Exception {
        mesh.addSource(version("2"));
        mesh.addSource(new TestBackend<>("static", "1", version("static").get(false)));
        await("both", log, () -> log.contains("start 2") && log.contains("start static"));
        assertTrue(log.stream().noneMatch(entry -> entry.startsWith("stop")), log.toString());
    }

    @Test
    void oneThatDoesNotStartGivesWayToTheOneBefore() throws Exception {
        mesh.addSource(version("1"));
        awaitLog("start 1");
        mesh.addSource(version("2", () -> {
            throw new NoClassDefFoundError("not/there");
        }));
        awaitLog("start 1", "stop 1", "start 2", "stop 2", "start 1");
        String reason = "start failed: java.lang.NoClassDefFoundError: not/there";
        await("the words", log, () -> said().equals(List.of("1 serves", "2 " + reason + "; 1 serves instead")));
        assertTrue(events.contains(new NodeEvent.SwapFailed("discovery", "test.dns 2", reason, "test.dns 1")));
    }

    @Test
    void oneThatBlocksWhenItStartsGivesWayToTheOneBefore() throws Exception {
        mesh.addSource(version("1"));
        awaitLog("start 1");
        mesh.addSource(version("2", () -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                log.add("interrupted");
            }
        }));
        await(
                "the one before",
                log,
                () -> log.size() > 3 && log.subList(3, log.size()).contains("start 1"));
        assertTrue(log.contains("stop 2"), log.toString());
    }

    @Test
    void theOnlyOneThatDoesNotStartIsShown() throws Exception {
        mesh.addSource(version("1", () -> {
            throw new IllegalStateException("no");
        }));
        await("the words", log, () -> said().equals(List.of("1 start failed: java.lang.IllegalStateException: no")));
        awaitLog("start 1");
    }

    private static void await(String what, List<String> log, BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("waited in vain for " + what + ": " + new ArrayList<>(log));
    }
}
