package tier6.cathedral;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.sanctum.ambry.Ambry;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.offer.AmbryBody;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.offer.OfferHeader;
import tier6.underlay.nio.internal.NioUnderlay;

/** The whole server on the loopback interface, with a directory of its own making. */
class CathedralTest {
    private static final long FLOCK = 0xc0ffee1234567800L;
    private static final RandomSource RANDOM = RandomSource.secure();

    @TempDir
    Path directory;

    @Test
    void servesTheDevicesOfANewDirectory() throws Exception {
        int port = freePort();
        CathedralHome home = CathedralHome.create(
                directory,
                FLOCK,
                2,
                Address.endpoint("127.0.0.1:" + port),
                freePort(),
                RANDOM,
                System.currentTimeMillis() / 1000);
        CathedralConf conf = CathedralConf.read(home.conf());
        try (Cathedral cathedral = Cathedral.start(conf, new NioUnderlay())) {
            assertEquals(List.of(), cathedral.problems());
            byte[][] secrets = new byte[2][];
            for (int i = 0; i < 2; i++) {
                CathedralHome.Device device = home.devices().get(i);
                Identity own =
                        Identity.load(FLOCK, device.kekId(), device.csId(), device.cs(), device.cosk(), device.kek());
                int tunnel = device.kekId() << 8 | (3 - device.kekId());
                AmbryBody ambry = assertInstanceOf(
                        AmbryBody.class, ask(cathedral.local(), own, tunnel).body());
                assertEquals(tunnel, ambry.tunnel());
                secrets[i] = Ambry.unwrap(own.kek(), FLOCK, FLOCK, ambry);
            }
            assertEquals(32, secrets[0].length);
            assertArrayEquals(secrets[0], secrets[1], "both ends got the same secret");
        }
        try (DatagramSocket again = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            assertTrue(again.isBound(), "the port is free again");
        }
    }

    private static Offer ask(InetSocketAddress cathedral, Identity own, int tunnel) throws IOException, OfferException {
        try (OfferCipher cipher = OfferCipher.cathedral(own.cs(), FLOCK);
                DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(200);
            for (int attempt = 0; attempt < 50; attempt++) {
                byte[] info = cipher.sealSigned(
                        new OfferHeader(Magic.KATEDRAL, FLOCK, FLOCK, own.csId()),
                        System.currentTimeMillis() / 1000,
                        InfoBody.announce(0, tunnel, 0, 0, 0, 7),
                        own.cosk(),
                        RANDOM);
                socket.send(new DatagramPacket(info, info.length, cathedral));
                DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
                try {
                    socket.receive(answer);
                } catch (SocketTimeoutException e) {
                    continue;
                }
                return cipher.open(answer.getData(), 0, answer.getLength(), System.currentTimeMillis() / 1000);
            }
        }
        throw new AssertionError("no answer");
    }

    @Test
    void startsWithMistakesAndMendsThemWhileItRuns() throws Exception {
        int port = freePort();
        CathedralHome home = CathedralHome.create(
                directory,
                FLOCK,
                1,
                Address.endpoint("127.0.0.1:" + port),
                freePort(),
                RANDOM,
                System.currentTimeMillis() / 1000);
        Path settings = directory.resolve("settings.conf");
        String good = Files.readString(settings);
        Files.writeString(settings, good.replace("allow", "alow"));
        try (Cathedral cathedral = Cathedral.start(CathedralConf.read(home.conf()), new NioUnderlay())) {
            assertEquals(1, cathedral.problems().size());
            Files.writeString(settings, good);
            for (int i = 0; i < 100 && cathedral.status().devices() == 0; i++) {
                Thread.sleep(100);
            }
            assertEquals(1, cathedral.status().devices());
            assertEquals(List.of(), cathedral.problems());
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
