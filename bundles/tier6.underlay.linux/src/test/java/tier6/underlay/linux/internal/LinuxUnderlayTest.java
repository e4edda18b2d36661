package tier6.underlay.linux.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import tier6.api.contract.UnderlayContract;
import tier6.api.frame.Batch;
import tier6.api.underlay.Underlay;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlaySocket;

@EnabledOnOs(OS.LINUX)
class LinuxUnderlayTest {
    @Nested
    class WithEverything extends UnderlayContract {
        @Override
        protected Underlay underlay() {
            return new LinuxUnderlay();
        }
    }

    @Nested
    class WithoutOffload extends UnderlayContract {
        @Override
        protected Underlay underlay() {
            return new LinuxUnderlay("off", false);
        }
    }

    @Nested
    class SegmentingOnly extends UnderlayContract {
        @Override
        protected Underlay underlay() {
            return new LinuxUnderlay("gso", false);
        }
    }

    @Nested
    class FromIpv6ToIpv4 extends UnderlayContract {
        @Override
        protected Underlay underlay() {
            return new LinuxUnderlay("gso, gro", false);
        }

        @Override
        protected InetSocketAddress any() {
            return new InetSocketAddress("::1", 0);
        }

        @Override
        protected InetSocketAddress any6() {
            return new InetSocketAddress("127.0.0.1", 0);
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress("127.0.0.1", 0);
    }

    private static Batch batch(Random random, int... sizes) {
        int sum = 0;
        for (int size : sizes) {
            sum += size + Batch.TAILROOM;
        }
        Batch batch = new Batch(2, sizes.length, sum);
        for (int size : sizes) {
            byte[] datagram = new byte[size];
            random.nextBytes(datagram);
            batch.append(datagram, 0, size);
        }
        return batch;
    }

    private static List<byte[]> exchange(UnderlayLoop loop, Batch batch) throws IOException {
        List<byte[]> received = new ArrayList<>();
        try (UnderlaySocket to = loop.open(loopback(), (datagrams, remote) -> {
                    for (int i = 0; i < datagrams.count(); i++) {
                        received.add(datagrams.copy(i));
                    }
                });
                UnderlaySocket from = loop.open(loopback(), (datagrams, remote) -> {})) {
            assertEquals(batch.count(), from.send(batch, to.local()));
            for (int tries = 0; received.size() < batch.count() && tries < 100; tries++) {
                loop.poll(1, 100_000_000);
            }
        }
        return received;
    }

    @Test
    void carriesAnyMixOfSizes() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (UnderlayLoop loop = new LinuxUnderlay().open()) {
            for (int round = 0; round < 300; round++) {
                int[] sizes = new int[1 + random.nextInt(100)];
                int most = random.nextInt(10) == 0 ? 60_000 / sizes.length : 1400;
                int size = 1 + random.nextInt(most);
                for (int i = 0; i < sizes.length; i++) {
                    if (random.nextInt(8) == 0) {
                        size = 1 + random.nextInt(most);
                    }
                    sizes[i] = size;
                }
                Batch batch = batch(random, sizes);
                List<byte[]> received = exchange(loop, batch);
                assertEquals(batch.count(), received.size(), "round " + round + " seed " + seed);
                for (int i = 0; i < sizes.length; i++) {
                    assertArrayEquals(batch.copy(i), received.get(i), "datagram " + i + " seed " + seed);
                }
            }
        }
    }

    @Test
    void takesTheLongestDatagram() throws IOException {
        try (UnderlayLoop loop = new LinuxUnderlay().open()) {
            Batch batch = batch(new Random(1), 65_507, 65_507, 1);
            List<byte[]> received = exchange(loop, batch);
            assertEquals(3, received.size());
            assertArrayEquals(batch.copy(1), received.get(1));
        }
    }

    @Test
    void sendsARunInOneCall() throws IOException {
        int[] sizes = new int[128];
        Arrays.fill(sizes, 1000);
        try (UnderlayLoop loop = new LinuxUnderlay().open()) {
            assertEquals(128, exchange(loop, batch(new Random(1), sizes)).size());
            var counters = loop.counters();
            assertEquals(1, counters.get("send-calls"), counters::toString);
            assertEquals(128, counters.get("datagrams-out"));
            assertEquals(128, counters.get("datagrams-in"));
            assumeTrue(counters.get("super-datagrams-out") > 0, "no UDP segmentation here");
            assertEquals(2, counters.get("super-datagrams-out"));
            assertEquals(2, counters.get("super-datagrams-in"), counters::toString);
        }
    }

    @Test
    void sendsWithoutSegmentsWhereTheyAreTooLong() throws Exception {
        assumeTrue(
                new ProcessBuilder("id", "-u").start().inputReader().readLine().equals("0"), "not root");
        String space = "t6u" + ProcessHandle.current().pid();
        run("ip netns add " + space);
        try {
            run("ip link add " + space + " mtu 1280 type veth peer name " + space + "p netns " + space);
            run("ip addr add 10.68.0.1/24 dev " + space);
            run("ip link set " + space + " up");
            run("ip -n " + space + " addr add 10.68.0.2/24 dev " + space + "p");
            run("ip -n " + space + " link set " + space + "p up");
            try (UnderlayLoop loop = new LinuxUnderlay().open()) {
                UnderlaySocket socket = loop.open(new InetSocketAddress("10.68.0.1", 0), (datagrams, remote) -> {});
                InetSocketAddress there = new InetSocketAddress("10.68.0.2", 7);
                assertEquals(5, socket.send(batch(new Random(1), 1400, 1400, 1400, 1400, 300), there));
                assertEquals(3, socket.send(batch(new Random(1), 1400, 1400, 300), there));
                assertEquals(0, loop.counters().get("super-datagrams-out"));
                assertEquals(3, socket.send(batch(new Random(1), 1000, 1000, 300), there));
                assertEquals(1, loop.counters().get("super-datagrams-out"));
            }
        } finally {
            run("ip netns del " + space);
        }
    }

    private static void run(String command) throws Exception {
        Process process = new ProcessBuilder(command.split(" ")).inheritIO().start();
        assumeTrue(process.waitFor() == 0, "cannot " + command);
    }

    @Test
    void saysWhichAddressIsTaken() throws IOException {
        try (UnderlayLoop loop = new LinuxUnderlay().open()) {
            UnderlaySocket first = loop.open(loopback(), (datagrams, remote) -> {});
            IOException e = assertThrows(IOException.class, () -> loop.open(first.local(), (datagrams, remote) -> {}));
            assertTrue(e.getMessage().contains(first.local().getPort() + ": Address already in use"), e.getMessage());
        }
    }

    @Test
    void opensNothingOnceClosed() throws IOException {
        UnderlayLoop loop = new LinuxUnderlay().open();
        loop.close();
        assertThrows(IOException.class, () -> loop.open(loopback(), (datagrams, remote) -> {}));
        assertEquals(0, loop.poll(1, 1_000_000));
    }

    @Test
    void refusesOptionsThatItDoesNotKnow() {
        assertThrows(IllegalArgumentException.class, () -> new LinuxUnderlay("gsx", false));
    }

    @Test
    void reachesIpv4FromTheIpv6Wildcard() throws IOException {
        try (UnderlayLoop loop = new LinuxUnderlay().open()) {
            List<InetSocketAddress> remotes = new ArrayList<>();
            UnderlaySocket to = loop.open(loopback(), (datagrams, remote) -> remotes.add(remote));
            UnderlaySocket from = loop.open(new InetSocketAddress("::", 0), (datagrams, remote) -> remotes.add(remote));
            assertEquals(1, from.send(batch(new Random(1), 3), to.local()));
            loop.poll(1, 1_000_000_000);
            assertEquals(1, to.send(batch(new Random(1), 3), remotes.get(0)));
            loop.poll(1, 1_000_000_000);
            assertEquals(List.of(new InetSocketAddress("127.0.0.1", from.local().getPort()), to.local()), remotes);
        }
    }
}
