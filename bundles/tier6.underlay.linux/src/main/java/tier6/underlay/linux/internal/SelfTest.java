package tier6.underlay.linux.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tier6.api.frame.Batch;
import tier6.api.underlay.UnderlaySocket;

/** Sends a few datagrams to ourselves, to see whether the kernel's segmentation gives back what it was given. */
final class SelfTest {
    private static final Logger LOG = System.getLogger(SelfTest.class.getName());
    private static final int[] SIZES = {1200, 1200, 1200, 1200, 317};
    private static final long WAIT_NANOS = 20_000_000;
    private static final int TRIES = 10;

    private SelfTest() {}

    /** Whether datagrams stay what they are. Where there is no loopback to test with, nothing speaks against it. */
    static boolean passes(boolean gso, boolean gro) {
        Batch batch = new Batch(Batch.CONTROL_LANE, SIZES.length, 1 << 13);
        List<byte[]> expected = new ArrayList<>();
        for (int size : SIZES) {
            byte[] datagram = new byte[size];
            Arrays.fill(datagram, (byte) (expected.size() + 1));
            expected.add(datagram);
            batch.append(datagram, 0, size);
        }
        List<byte[]> received = new ArrayList<>();
        try (LinuxLoop loop = new LinuxLoop(gso, gro, false)) {
            InetSocketAddress any = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
            UnderlaySocket to = loop.open(any, (datagrams, remote) -> {
                for (int i = 0; i < datagrams.count(); i++) {
                    received.add(datagrams.copy(i));
                }
            });
            UnderlaySocket from = loop.open(any, (datagrams, remote) -> {});
            if (from.send(batch, to.local()) == 0) {
                return true;
            }
            for (int i = 0; received.size() < SIZES.length && i < TRIES; i++) {
                loop.poll(Batch.CONTROL_LANE, WAIT_NANOS);
            }
        } catch (IOException e) {
            return true;
        }
        boolean good = Arrays.deepEquals(expected.toArray(), received.toArray());
        if (!good) {
            LOG.log(
                    Logger.Level.WARNING,
                    "the kernel''s {0} does not give back what it was given; it is not used",
                    gso ? "UDP segmentation" : "UDP receive offload");
        }
        return good;
    }
}
