package tier6.sanctum.exchange;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Minutes of loss, duplication, delay, restarts, new ambries and wrong clocks, then a good link: within a bounded time both
 * directions work, and go on working.
 */
class ConvergenceTest {

    private static final int SCENARIOS = Integer.getInteger("tier6.scenarios", 25);
    private static final long CHAOS = 60_000;

    enum Peer {
        OURS(35_000),
        LIBKYRKA(60_000),
        CHAPEL(95_000);

        /** Milliseconds. The daemon pauses for a minute after four failures. */
        final long bound;

        Peer(long bound) {
            this.bound = bound;
        }
    }

    @ParameterizedTest
    @EnumSource(Peer.class)
    void everythingRecovers(Peer peer) {
        long base = Long.getLong("tier6.seed", new Random().nextLong());
        long worst = 0;
        long sum = 0;
        for (int i = 0; i < SCENARIOS; i++) {
            long seed = base + i;
            long took = recovery(seed, peer);
            assertTrue(took <= peer.bound, "seed " + seed + " took " + took + " ms");
            worst = Math.max(worst, took);
            sum += took;
        }
        System.getLogger(getClass().getName())
                .log(System.Logger.Level.INFO, "{0}: worst {1} ms, mean {2} ms", peer, worst, sum / SCENARIOS);
    }

    private static SimulatedNode node(SimulatedWorld world, int index, Peer peer) {
        return index == 0 || peer == Peer.OURS
                ? new OurNode(world, index)
                : new CNode(world, index, CNode.Kind.valueOf(peer.name()));
    }

    private static long recovery(long seed, Peer peer) {
        SimulatedWorld world = new SimulatedWorld(seed);
        Random random = world.random;
        boolean ambry = random.nextBoolean();
        int[] generation = {0};
        for (int i = 0; i < 2; i++) {
            node(world, i, peer).secret(secret(0), ambry);
        }
        for (int i = random.nextInt(40); i > 0; i--) {
            world.at(random.nextLong(CHAOS), () -> mishap(world, peer, ambry, generation));
        }
        world.at(CHAOS, () -> {
            world.heal();
            for (SimulatedNode node : world.nodes) {
                node.skew = random.nextLong(8000) - 4000;
                node.secret(secret(generation[0]), ambry);
            }
        });
        world.runUntil(CHAOS + peer.bound + 20_000);
        return Math.max(0, Math.max(world.lastFailure[0], world.lastFailure[1]) - CHAOS);
    }

    private static void mishap(SimulatedWorld world, Peer peer, boolean ambry, int[] generation) {
        Random random = world.random;
        int who = random.nextInt(2);
        switch (random.nextInt(9)) {
            case 0, 1 -> {
                world.nodes[who].kill();
                node(world, who, peer).secret(secret(generation[0]), ambry);
            }
            case 2 -> {
                if (!ambry) {
                    return;
                }
                generation[0]++;
                world.nodes[who].secret(secret(generation[0]), true);
                world.after(random.nextLong(5000), () -> world.nodes[1 - who].secret(secret(generation[0]), true));
            }
            case 3, 4, 5 -> {
                double[] losses = {0, 0.1, 0.3, 0.5, 0.8, 1};
                world.loss[who] = losses[random.nextInt(losses.length)];
                world.loss[1 - who] = losses[random.nextInt(losses.length)];
            }
            case 6 -> world.duplication = random.nextDouble() / 2;
            case 7 -> {
                world.jitter = 1 + random.nextLong(3000);
                world.delay = 1 + random.nextLong(800);
            }
            default ->
                world.nodes[who].skew += random.nextInt(4) == 0
                        ? random.nextLong(7_200_000) - 3_600_000
                        : random.nextLong(10_000) - 5000;
        }
    }

    static byte[] secret(int generation) {
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) (generation + 1));
        return secret;
    }
}
