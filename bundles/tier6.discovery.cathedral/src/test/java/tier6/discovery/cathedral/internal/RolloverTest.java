package tier6.discovery.cathedral.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tier6.api.event.NodeEvent;
import tier6.api.transport.LinkStatus;
import tier6.transport.sanctum.sim.SimHost;
import tier6.transport.sanctum.sim.SimNetwork;

/** New ambries in a mesh of three, with traffic between all (specification section 7.7). */
class RolloverTest {
    private static final int NODES = 3;
    private static final Duration STEP = Duration.ofMillis(100);

    /** From an ambry to the end of the keys of who has no part in it. */
    private static final Duration DEADLINE = Duration.ofSeconds(75);

    /** Until all have asked the cathedral that has noticed the bundle: one second for it, five for them. */
    private static final Duration SPREAD = Duration.ofSeconds(6);

    // Held, because loggers that nobody holds forget their level.
    private static final Logger CHATTER = Logger.getLogger("tier6");

    @TempDir
    private Path directory;

    private final SimNetwork network = new SimNetwork(System.nanoTime());
    private final List<SimNode> nodes = new ArrayList<>();
    private SimFlock flock;

    @BeforeEach
    void build(TestInfo info) throws IOException {
        CHATTER.setLevel(Level.WARNING);
        System.out.println(info.getDisplayName() + ": seed " + network.seed());
        long seeds = network.seed();
        flock = new SimFlock(directory, NODES, ++seeds, network.unixMillis() / 1000);
        SimHost cathedral = network.host("192.0.2.100");
        new SimCathedral(network, cathedral, flock, ++seeds);
        for (int device = 1; device <= NODES; device++) {
            SimHost host = network.host("192.0.2." + device);
            nodes.add(new SimNode(network, host, flock, device, SimCathedral.address(cathedral), ++seeds));
        }
    }

    private SimNode node(int device) {
        return nodes.get(device - 1);
    }

    private void onlyThroughTheCathedral() {
        network.wall((from, to) -> !from.getAddress().getHostAddress().equals("192.0.2.100")
                && !to.getAddress().getHostAddress().equals("192.0.2.100"));
    }

    private void awaitMesh(LinkStatus.Path path) {
        assertTrue(
                network.runUntil(() -> eachPair((from, to) -> from.isUp(to.device)), Duration.ofSeconds(10)),
                "the mesh is up");
        assertTrue(
                network.runUntil(() -> eachPair((from, to) -> from.path(to.device) == path), Duration.ofSeconds(30)),
                "its paths are " + path);
    }

    private interface Pair {
        boolean test(SimNode from, SimNode to);
    }

    private boolean eachPair(Pair pair) {
        boolean all = true;
        for (SimNode from : nodes) {
            for (SimNode to : nodes) {
                all &= from == to || pair.test(from, to);
            }
        }
        return all;
    }

    /** Everybody sends to everybody for so long. */
    private void traffic(Duration time) {
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
            eachPair((from, to) -> {
                from.send(to.device, 1);
                return true;
            });
            network.run(STEP);
        }
    }

    private int received(int to, int from) {
        return node(to).received(from);
    }

    private long exchanges(SimNode node) {
        return node.count(NodeEvent.TunnelUp.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DIRECT", "RELAY"})
    void newAmbriesUnderTrafficLoseNothing(LinkStatus.Path path) throws IOException {
        if (path == LinkStatus.Path.RELAY) {
            onlyThroughTheCathedral();
        }
        awaitMesh(path);
        int[][] before = new int[NODES + 1][NODES + 1];
        eachPair((from, to) -> {
            before[from.device][to.device] = to.received(from.device);
            return true;
        });
        int rounds = 3;
        for (int round = 0; round < rounds; round++) {
            List<Long> ups = nodes.stream().map(this::exchanges).toList();
            flock.newAmbry(network.unixMillis() / 1000);
            traffic(SPREAD.plus(DEADLINE).plusSeconds(10));
            for (SimNode node : nodes) {
                assertTrue(
                        exchanges(node) >= ups.get(node.device - 1) + 2, "both tunnels have new keys: " + node.device);
            }
        }
        int sent = rounds * (int) SPREAD.plus(DEADLINE).plusSeconds(10).dividedBy(STEP);
        eachPair((from, to) -> {
            assertEquals(
                    sent,
                    to.received(from.device) - before[from.device][to.device],
                    from.device + " to " + to.device + ", seed " + network.seed());
            return true;
        });
        assertEquals(
                0,
                nodes.stream()
                        .mapToLong(node -> node.count(NodeEvent.TunnelDown.class))
                        .sum());
    }

    @Test
    void whoseKekWasRenewedIsCutOffInTime() throws IOException {
        awaitMesh(LinkStatus.Path.DIRECT);
        int others = received(2, 1);
        int back = received(1, 2);
        flock.renewKek(3);
        flock.newAmbry(network.unixMillis() / 1000);
        Duration limit = SPREAD.plus(DEADLINE).plusSeconds(1);
        traffic(limit);
        for (int friend = 1; friend <= 2; friend++) {
            assertFalse(node(friend).isUp(3), "device " + friend + " has no keys for it, seed " + network.seed());
        }
        int one = received(1, 3);
        int two = received(2, 3);
        int three = received(3, 1) + received(3, 2);
        assertTrue(one > 0 && two > 0 && three > 0, "until then it had a part");

        Duration after = Duration.ofMinutes(5);
        traffic(after);
        assertEquals(one, received(1, 3), "seed " + network.seed());
        assertEquals(two, received(2, 3), "seed " + network.seed());
        assertEquals(three, received(3, 1) + received(3, 2), "seed " + network.seed());
        int sent = (int) limit.plus(after).dividedBy(STEP);
        assertEquals(sent, received(2, 1) - others, "the others notice nothing, seed " + network.seed());
        assertEquals(sent, received(1, 2) - back, "the others notice nothing, seed " + network.seed());
        assertFalse(node(3).isUp(1) || node(3).isUp(2));
    }
}
