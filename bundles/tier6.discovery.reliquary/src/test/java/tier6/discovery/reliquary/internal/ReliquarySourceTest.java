package tier6.discovery.reliquary.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.api.contract.PeerSourceContract;
import tier6.api.discovery.PeerSink;
import tier6.api.discovery.PeerSource;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.cathedral.Cathedral;
import tier6.cathedral.CathedralConf;
import tier6.cathedral.CathedralHome;
import tier6.discovery.reliquary.Access;
import tier6.discovery.reliquary.Hex;
import tier6.discovery.reliquary.Membership;
import tier6.discovery.reliquary.NewDevice;
import tier6.discovery.reliquary.ReliquaryClient;
import tier6.discovery.reliquary.ReliquaryDirectory;
import tier6.discovery.reliquary.TestReliquary;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.KeyFiles;
import tier6.sanctum.file.RemembranceFile;
import tier6.underlay.nio.internal.NioUnderlay;

/** The source over real sockets: three cathedrals at known distances, one with the shroud, and a Reliquary. */
class ReliquarySourceTest extends PeerSourceContract {
    private static final Map<String, Object> WISHES =
            Map.of("group", 7, "hidden", true, "tunnels", new String[] {"badf00d123456742 02"});
    private static final long FLOCK = 0xc0ffee1234567842L;
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String DISCOVERY = "tier6.discovery.cathedral~reliquary-c0ffee1234567800";
    private static final String NOBODY = "127.0.0.1:9";
    // Held, because loggers that nobody holds forget their level.
    private static final List<Logger> CHATTER =
            List.of(Logger.getLogger("tier6.cathedral"), Logger.getLogger("tier6.discovery.reliquary"));
    private static final PeerSink SINK = new PeerSink() {
        @Override
        public void announce(Peer peer) {
            fail("it announces nobody itself");
        }

        @Override
        public void withdraw(PeerId id) {
            fail("it withdraws nobody itself");
        }
    };

    @TempDir
    private static Path shared;

    private static CathedralHome home;
    private static final List<Cathedral> CATHEDRALS = new ArrayList<>();
    private static Cathedral shrouded;

    @TempDir
    private Path own;

    private final Map<String, Map<String, Object>> configured = new ConcurrentHashMap<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void serve() throws Exception {
        CHATTER.forEach(logger -> logger.setLevel(Level.SEVERE));
        InetSocketAddress first = new InetSocketAddress(HERE, freePort());
        home = CathedralHome.create(
                shared, FLOCK, 1, first, freePort(), RandomSource.secure(), System.currentTimeMillis() / 1000);
        for (int i = 0; i < 3; i++) {
            CATHEDRALS.add(cathedral("cathedral" + i, ""));
        }
        shrouded = cathedral("shrouded", "\nshroud yes\n");
        // In its first seconds a cathedral answers nobody.
        Thread.sleep(2500);
    }

    private static Cathedral cathedral(String name, String more) throws Exception {
        String conf = Files.readString(home.conf())
                .replaceAll("(?m)^local .*", "local 127.0.0.1:" + freePort())
                .replaceAll("(?m)^cathedral_nat_port .*", "cathedral_nat_port " + freePort());
        return Cathedral.start(
                CathedralConf.read(Files.writeString(shared.resolve(name + ".conf"), conf + more)), new NioUnderlay());
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, HERE)) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    static void end() {
        CATHEDRALS.forEach(Cathedral::close);
        shrouded.close();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                fail("waited in vain: " + what);
            }
            Thread.sleep(5);
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private ReliquaryDirectory directory() {
        return new ReliquaryDirectory(own.resolve("reliquary"));
    }

    /** What a device has that joined the flock, was approved and got its KEK. */
    private Membership join() throws IOException {
        CathedralHome.Device device = home.devices().get(0);
        Membership membership = directory().membership(FLOCK);
        membership.join(
                new NewDevice(device.csId(), KeyFiles.readSecret(device.cs(), 32)),
                KeyFiles.readSecret(device.cosk(), 64));
        membership.installKek(device.kekId(), KeyFiles.readSecret(device.kek(), 32));
        return membership;
    }

    private ReliquarySource newSource() {
        return new ReliquarySource(
                new NioUnderlay(),
                new MapConfigurations(),
                new Settings(
                        FLOCK,
                        directory(),
                        HERE,
                        directory().membership(FLOCK).directory().resolve("remembrance"),
                        WISHES));
    }

    private ReliquarySource start() {
        ReliquarySource source = newSource();
        open.add(source::stop);
        source.start(SINK);
        return source;
    }

    @Override
    protected PeerSource source() throws Exception {
        directory().write(URI.create("http://127.0.0.1:1/v1"), new Access("", NOBODY, 4470));
        join();
        return newSource();
    }

    @Override
    protected Set<PeerId> expected() {
        return Set.of();
    }

    @Test
    void theNearestOfThreeIsTaken() throws Exception {
        TestReliquary reliquary = TestReliquary.unhurried();
        open.add(reliquary);
        Distances distances =
                new Distances(CATHEDRALS.stream().map(Cathedral::local).toList());
        open.add(distances::end);
        List<String> fronts =
                distances.fronts().stream().map(ReliquarySourceTest::text).toList();
        reliquary.cathedrals = "Far - %s\nMiddle - %s\nNear - %s\n".formatted(fronts.toArray());
        String token;
        try (ReliquaryClient client = new ReliquaryClient(reliquary.api())) {
            token = client.register().access().token();
        }
        directory().write(reliquary.api(), new Access(token, NOBODY, 4470));
        Membership membership = join();

        ReliquarySource source = start();
        eventually("an answer", () -> source.status().contains("the nearest of 3"));
        assertTrue(source.status().startsWith("cathedral Near (" + fronts.get(2) + "), "), source.status());

        CathedralHome.Device device = home.devices().get(0);
        Map<String, Object> identity = Map.of(
                "flock", "c0ffee1234567842",
                "kek.id", Hex.kekId(device.kekId()),
                "cs.id", Hex.device(device.csId()),
                "cs.path", membership.cs(device.csId()).toString(),
                "cosk.path", membership.cosk(device.csId()).toString(),
                "kek.path", membership.kek(device.kekId()).toString(),
                "local", "127.0.0.1");
        Map<String, Object> transport = new HashMap<>(identity);
        transport.put("nat.port", 4470);
        assertEquals(transport, configured.get(ReliquarySource.TRANSPORT));
        Path remembrance = membership.directory().resolve("remembrance");
        Map<String, Object> search = new HashMap<>(identity);
        search.putAll(WISHES);
        search.put("cathedral", fronts.get(2));
        search.put("remembrance", remembrance.toString());
        assertEquals(search, configured.get(DISCOVERY));
        assertEquals(
                List.of(fronts.get(2), fronts.get(1), fronts.get(0)),
                RemembranceFile.read(remembrance).cathedrals().stream()
                        .map(ReliquarySourceTest::text)
                        .toList());

        source.stop();
        assertEquals(Set.of(ReliquarySource.TRANSPORT), configured.keySet());
    }

    @Test
    void theShroudIsFoundOut() throws Exception {
        directory()
                .write(URI.create("http://127.0.0.1:1/v1"), new Access("0".repeat(32), text(shrouded.local()), 4470));
        join();
        configured.put(ReliquarySource.TRANSPORT, Map.of("underlay.target", "(kind=nio)"));
        ReliquarySource source = start();
        eventually("an answer", () -> source.status().endsWith("away, shrouded"));
        assertEquals(true, configured.get(DISCOVERY).get("shroud"));
        assertEquals(text(shrouded.local()), configured.get(DISCOVERY).get("cathedral"), "the API is not there");
        assertEquals(true, configured.get(ReliquarySource.TRANSPORT).get("shroud"));
        assertEquals("(kind=nio)", configured.get(ReliquarySource.TRANSPORT).get("underlay.target"), "kept");
    }

    @Test
    void whatIsMissingIsNamedAndWaitedFor() throws Exception {
        directory().write(URI.create("http://127.0.0.1:1/v1"), new Access("", NOBODY, 4470));
        ReliquarySource source = start();
        eventually(
                "a word about joining",
                () -> source.status().contains("run 'tier6 reliquary flock join c0ffee1234567800'"));
        assertEquals(Set.of(), configured.keySet());
        join();
        eventually(
                "a word about the cathedral", () -> source.status().startsWith("no answer from cathedral " + NOBODY));
        assertEquals(NOBODY, configured.get(DISCOVERY).get("cathedral"));
        assertFalse(source.status().contains("\n"));
    }

    @Test
    void aTransportOfAnotherFlockIsLeftAlone() throws Exception {
        directory().write(URI.create("http://127.0.0.1:1/v1"), new Access("", NOBODY, 4470));
        join();
        Map<String, Object> other = Map.of("flock", "00000000000abc00");
        configured.put(ReliquarySource.TRANSPORT, other);
        ReliquarySource source = start();
        eventually("a complaint", () -> source.status().contains("is in flock 00000000000abc00"));
        assertEquals(other, configured.get(ReliquarySource.TRANSPORT));
        assertNull(configured.get(DISCOVERY));
    }

    private final class MapConfigurations implements Configurations {
        @Override
        public Map<String, Object> get(String pid) {
            return new HashMap<>(configured.getOrDefault(pid, Map.of()));
        }

        @Override
        public void put(String pid, Map<String, Object> properties) {
            configured.put(pid, Map.copyOf(properties));
        }

        @Override
        public void remove(String pid) {
            configured.remove(pid);
        }
    }

    /**
     * Stands before three cathedrals and keeps their first answers back until it has one of each; then the last one's goes
     * first. So the last is the nearest, however slow this machine is.
     */
    private static final class Distances {
        private static final int COUNT = 3;

        private final Selector selector = Selector.open();
        private final DatagramChannel[] fronts = new DatagramChannel[COUNT];
        private final DatagramChannel[] backs = new DatagramChannel[COUNT];
        private final InetSocketAddress[] clients = new InetSocketAddress[COUNT];
        private final ByteBuffer[] kept = new ByteBuffer[COUNT];
        private final Thread thread = new Thread(this::relay);

        Distances(List<InetSocketAddress> cathedrals) throws IOException {
            for (int i = 0; i < COUNT; i++) {
                fronts[i] = DatagramChannel.open().bind(new InetSocketAddress(HERE, 0));
                backs[i] = DatagramChannel.open()
                        .bind(new InetSocketAddress(HERE, 0))
                        .connect(cathedrals.get(i));
                fronts[i].configureBlocking(false).register(selector, SelectionKey.OP_READ, i);
                backs[i].configureBlocking(false).register(selector, SelectionKey.OP_READ, i);
            }
            thread.start();
        }

        List<InetSocketAddress> fronts() throws IOException {
            List<InetSocketAddress> all = new ArrayList<>();
            for (DatagramChannel front : fronts) {
                all.add((InetSocketAddress) front.getLocalAddress());
            }
            return all;
        }

        private void relay() {
            try {
                while (selector.isOpen()) {
                    selector.select(key -> {
                        try {
                            carry(key);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
                }
            } catch (IOException | ClosedSelectorException e) {
                // The test is over.
            }
        }

        private void carry(SelectionKey key) throws IOException {
            int i = (Integer) key.attachment();
            ByteBuffer datagram = ByteBuffer.allocate(2048);
            if (key.channel() == fronts[i]) {
                clients[i] = (InetSocketAddress) fronts[i].receive(datagram);
                backs[i].write(datagram.flip());
                return;
            }
            backs[i].read(datagram);
            kept[i] = datagram.flip();
            if (kept[0] != null && kept[1] != null && kept[2] != null) {
                for (int k = COUNT - 1; k >= 0; k--) {
                    fronts[k].send(kept[k].duplicate(), clients[k]);
                }
            }
        }

        void end() throws Exception {
            selector.close();
            thread.join();
            for (int i = 0; i < COUNT; i++) {
                fronts[i].close();
                backs[i].close();
            }
        }
    }
}
