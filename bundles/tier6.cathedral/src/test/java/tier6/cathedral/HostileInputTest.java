package tier6.cathedral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.LiturgyBody;
import tier6.sanctum.offer.Magic;

/** Whatever arrives: no exception, no memory taken by those who are not admitted. */
class HostileInputTest {
    private static final int DATAGRAMS = 200_000;

    @Test
    void survivesRandomAndMutatedDatagrams() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Rig rig = new Rig();
        rig.federate("203.0.113.2:4500");
        Rig.Client a = rig.admit(0xa1, 1, "192.0.2.1:40001");
        Rig.Client b = rig.admit(0xb2, 2, "198.51.100.2:40002");
        a.rx = 0x01020001;
        a.notifies(b);
        b.notifies(a);
        List<byte[]> samples = new ArrayList<>(List.of(
                a.info(Magic.KATEDRAL, Rig.FLOCK, 2),
                a.info(Magic.CIBORIUM, Rig.FLOCK, 2),
                a.info(Magic.CATACOMB, Rig.FLOCK, 2),
                a.info(Magic.SACRAMNT, Rig.FLOCK, 2),
                a.sealed(Magic.KATEDRAL, 0, new LiturgyBody(1, 1, new byte[255], 0, 0)),
                a.sealed(Magic.KATEDRAL, Rig.FLOCK, InfoBody.announce(-1, -1, -1, -1, -1, -1)),
                Rig.data(a.rx, Rig.FLOCK, Rig.FLOCK, 90)));
        List<InetSocketAddress> sources = List.of(
                a.address,
                Address.endpoint("203.0.113.2:4500"),
                Address.endpoint("192.0.2.77:7"),
                new InetSocketAddress("2001:db8::1", 4500));
        rig.recorder.take();
        try {
            for (int i = 0; i < DATAGRAMS; i++) {
                byte[] datagram;
                if (random.nextInt(4) == 0) {
                    datagram = new byte[random.nextInt(1600)];
                    random.nextBytes(datagram);
                    if (datagram.length >= 8 && random.nextBoolean()) {
                        long[] magics = {Magic.KATEDRAL, Magic.CIBORIUM, Magic.CATACOMB, Magic.SACRAMNT};
                        ByteBuffer.wrap(datagram).putLong(magics[random.nextInt(4)]);
                    }
                } else {
                    datagram = samples.get(random.nextInt(samples.size())).clone();
                    // The head decides which way it goes, so it is hit more often.
                    for (int n = random.nextInt(4); n >= 0; n--) {
                        int reach = random.nextBoolean() ? 32 : datagram.length;
                        datagram[random.nextInt(Math.min(reach, datagram.length))] = (byte) random.nextInt();
                    }
                }
                int length = random.nextInt(8) == 0 ? random.nextInt(datagram.length + 1) : datagram.length;
                rig.now += random.nextInt(2);
                rig.core.receive(datagram, 0, length, sources.get(random.nextInt(sources.size())), rig.now);
                rig.recorder.take();
                if (i % 1000 == 0) {
                    rig.core.tick(rig.now);
                }
            }
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
        rig.core.tick(rig.now);
        CathedralStatus status = rig.core.status();
        assertTrue(status.tunnels() <= 2 && status.liturgies() <= 1, "seed " + seed + ": " + status);
        assertEquals(0, status.federatedTunnels(), "seed " + seed);
    }
}
