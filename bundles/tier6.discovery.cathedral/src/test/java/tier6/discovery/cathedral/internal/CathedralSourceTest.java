package tier6.discovery.cathedral.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
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
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Remembrance;
import tier6.sanctum.file.RemembranceFile;
import tier6.underlay.nio.internal.NioUnderlay;

/** The source with its thread, over real sockets, and a cathedral that knows one more device. */
class CathedralSourceTest extends PeerSourceContract {
    private static final long FLOCK = 0xc0ffee1234567800L;
    // Held, because loggers that nobody holds forget their level.
    private static final Logger CHATTER = Logger.getLogger("tier6.cathedral");
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final PeerSink NOBODY = new PeerSink() {
        @Override
        public void announce(Peer peer) {
            // The other device does not care.
        }

        @Override
        public void withdraw(PeerId id) {
            // The other device does not care.
        }
    };

    @TempDir
    private static Path directory;

    private static Cathedral cathedral;
    private static CathedralHome home;
    private static InetSocketAddress address;
    private static CathedralSource other;

    @BeforeAll
    static void serve() throws Exception {
        CHATTER.setLevel(Level.WARNING);
        InetAddress here = InetAddress.getLoopbackAddress();
        address = new InetSocketAddress(here, freePort(here));
        home = CathedralHome.create(
                directory, FLOCK, 2, address, freePort(here), RandomSource.secure(), System.currentTimeMillis() / 1000);
        cathedral = Cathedral.start(CathedralConf.read(home.conf()), new NioUnderlay());
        other = source(1, null);
        other.start(NOBODY);
        eventually("the other device is announced", () -> other.status().startsWith("0 peers through"));
    }

    private static int freePort(InetAddress here) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, here)) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    static void close() {
        other.stop();
        cathedral.close();
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

    private static CathedralSource source(int index, Path remembrance) {
        return source(index, address.getAddress().getHostAddress(), remembrance);
    }

    private static CathedralSource source(int index, String cathedral, Path remembrance) {
        CathedralHome.Device device = home.devices().get(index);
        return new CathedralSource(
                new NioUnderlay(),
                new Settings(
                        FLOCK,
                        device.kekId(),
                        device.csId(),
                        device.cs(),
                        device.cosk(),
                        cathedral,
                        address.getPort(),
                        remembrance,
                        InetAddress.getLoopbackAddress(),
                        Wishes.USUAL));
    }

    @Override
    protected PeerSource source() {
        return source(0, null);
    }

    @Override
    protected Set<PeerId> expected() {
        return Set.of(new PeerId(FLOCK, 2));
    }

    @Test
    void remembersInTheFormatOfTheCProgram() throws Exception {
        Path file = directory.resolve("remembrance");
        CathedralSource source = source(0, file);
        source.start(NOBODY);
        eventually("a remembrance", () -> Files.exists(file));
        assertEquals(address, source.cathedrals().get(0).address());
        source.stop();
        assertEquals(List.of(), source.cathedrals(), "what it searched with is let go");
        assertEquals("stopped", source.status());
        assertEquals(260, Files.size(file));
        Remembrance remembrance = RemembranceFile.read(file);
        assertEquals(List.of(address), remembrance.cathedrals());
    }

    @Test
    void findsACathedralByItsName() throws Exception {
        CathedralSource source = source(0, "localhost", null);
        source.start(NOBODY);
        eventually("the other device", () -> source.status().startsWith("1 peer through 127.0.0.1:"));
        source.stop();
    }

    @Test
    void asksForANameUntilThereIsOne() throws Exception {
        CathedralSource source = source(0, "nowhere.invalid", null);
        source.start(NOBODY);
        eventually(
                "a complaint",
                () -> source.status()
                        .equals("no address for cathedral nowhere.invalid; check the name and the name service"));
        source.stop();
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        CathedralHome.Device device = home.devices().get(0);
        CathedralSource source = new CathedralSource(
                new NioUnderlay(),
                new Settings(
                        FLOCK,
                        device.kekId(),
                        device.csId(),
                        directory.resolve("nowhere"),
                        device.cosk(),
                        "127.0.0.1",
                        1,
                        null,
                        InetAddress.getLoopbackAddress(),
                        Wishes.USUAL));
        source.start(NOBODY);
        eventually("a complaint", () -> source.status().endsWith("nowhere does not exist"));
        source.stop();
    }

    @Test
    void writesOnlyWhatChanged() throws Exception {
        Path file = directory.resolve("memory");
        Memory memory = new Memory(file);
        assertEquals(List.of(), memory.read().cathedrals());
        memory.write(new Remembrance(List.of(address)));
        Files.delete(file);
        memory.write(new Remembrance(List.of(address)));
        assertTrue(Files.notExists(file), "the same again");
        Remembrance two = new Remembrance(List.of(address, new InetSocketAddress("192.0.2.1", 4500)));
        memory.write(two);
        assertEquals(two, new Memory(file).read());
        Files.write(file, new byte[100]);
        assertEquals(List.of(), new Memory(file).read().cathedrals(), "damaged");
    }
}
