package tier6.cathedral;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.shroud.Shroud;
import tier6.sanctum.shroud.ShroudIdentity;

/** Shroud and TFC (specification sections 11 and 12) where the transcript does not go. */
class DisguiseTest {
    private static final int MTU = 1422;

    private final Rig rig = new Rig(new Disguise(true, false, MTU));

    private byte[] shrouded(Rig.Client from, long peerFlock, byte[] inner) {
        try (Shroud shroud = Shroud.cathedral(from.cs, from.flock, peerFlock)) {
            byte[] out = new byte[inner.length + 2000];
            ShroudIdentity identity =
                    ShroudIdentity.fresh(ShroudIdentity.base(from.flock, peerFlock, from.csId), rig.random);
            return Arrays.copyOf(out, shroud.seal(identity, inner, 0, inner.length, MTU, out, 0, rig.random));
        }
    }

    private static byte[] bared(Rig.Client to, long peerFlock, byte[] datagram) {
        try (Shroud shroud = Shroud.cathedral(to.cs, to.flock, peerFlock)) {
            byte[] out = new byte[datagram.length];
            return Arrays.copyOf(out, shroud.open(datagram, 0, datagram.length, out, 0));
        }
    }

    private List<Recorder.Sent> send(Rig.Client from, long peerFlock, byte[] inner) {
        byte[] datagram = shrouded(from, peerFlock, inner);
        rig.core.receive(datagram, 0, datagram.length, from.address, rig.now);
        return rig.recorder.take();
    }

    @Test
    @DisplayName("crossed flocks meet in their shrouds, which at a C cathedral they cannot")
    void crossedFlocksInShrouds() throws Exception {
        Rig.Client a = rig.admit(Rig.FLOCK, 0xa1, 1, 0, "192.0.2.1:40001");
        Rig.Client x = rig.admit(Rig.OTHER_FLOCK, 0xe5, 2, 0, "192.0.2.5:40005");
        rig.cross(Rig.FLOCK, Rig.OTHER_FLOCK);
        a.rx = 0x01020001;
        assertEquals(List.of(), send(a, x.flock, a.info(Magic.KATEDRAL, x.flock, 2)));
        List<Recorder.Sent> answer = send(x, a.flock, x.info(Magic.KATEDRAL, a.flock, 1));
        assertEquals(1, answer.size());
        byte[] offer = bared(x, a.flock, answer.get(0).datagram());
        assertInstanceOf(
                InfoBody.class,
                x.cipher.open(offer, 0, offer.length, rig.now / 1000).body());

        byte[] packet = Rig.data(a.rx, x.flock, a.flock, 90);
        List<Recorder.Sent> relayed = send(x, a.flock, packet);
        assertEquals(a.address, relayed.get(0).to());
        assertArrayEquals(packet, bared(a, x.flock, relayed.get(0).datagram()));
        assertTrue(relayed.get(0).datagram().length < MTU);
    }

    @Test
    @DisplayName("devices of the same cs-id in crossed flocks look the same under their shrouds, but have other keys")
    void namesakesInCrossedFlocks() throws Exception {
        Rig.Client a = rig.admit(Rig.FLOCK, 0xa1, 1, 0, "192.0.2.1:40001");
        Rig.Client x = rig.admit(Rig.OTHER_FLOCK, 0xa1, 2, 0, "192.0.2.1:40005");
        rig.cross(Rig.FLOCK, Rig.OTHER_FLOCK);
        for (int i = 0; i < 3; i++) {
            rig.passSeconds(1);
            a.rx = 0x01020001;
            x.rx = 0x02010001;
            send(a, x.flock, a.info(Magic.KATEDRAL, x.flock, 2));
            send(x, a.flock, x.info(Magic.KATEDRAL, a.flock, 1));
            // Both speak from one address, in turns.
            for (Rig.Client from : List.of(a, x)) {
                Rig.Client to = from == a ? x : a;
                byte[] packet = Rig.data(to.rx, from.flock, to.flock, 90);
                List<Recorder.Sent> relayed = send(from, to.flock, packet);
                assertEquals(1, relayed.size());
                assertEquals(to.address, relayed.get(0).to());
                assertArrayEquals(packet, bared(to, from.flock, relayed.get(0).datagram()));
            }
        }
        assertEquals(6, rig.count(CathedralCounter.INFOS));
        assertEquals(2, rig.core.status().tunnels());
        // Without its namesake everything goes on.
        rig.dismiss(x);
        send(a, x.flock, a.info(Magic.KATEDRAL, x.flock, 2));
        assertEquals(7, rig.count(CathedralCounter.INFOS));
        send(x, a.flock, x.info(Magic.KATEDRAL, a.flock, 1));
        assertEquals(7, rig.count(CathedralCounter.INFOS));
    }

    @Test
    void aNewRosterTakesShroudsAway() {
        Rig.Client a = rig.admit(0xa1, 1, "192.0.2.1:40001");
        Rig.Client b = rig.admit(0xb2, 2, "192.0.2.2:40002");
        send(a, a.flock, a.info(Magic.KATEDRAL, a.flock, 2));
        send(b, b.flock, b.info(Magic.KATEDRAL, b.flock, 1));
        rig.dismiss(a);
        assertEquals(1, rig.core.status().tunnels());
        send(a, a.flock, a.info(Magic.KATEDRAL, a.flock, 2));
        assertEquals(1, rig.count(CathedralCounter.DROP_UNKNOWN_SHROUD));
        send(b, b.flock, b.info(Magic.KATEDRAL, b.flock, 1));
        assertEquals(3, rig.count(CathedralCounter.INFOS));
    }

    @Test
    void survivesWhatIsNoShroud() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        rig.federate("203.0.113.2:4500");
        Rig.Client a = rig.admit(0xa1, 1, "192.0.2.1:40001");
        byte[] good = shrouded(a, a.flock, a.info(Magic.KATEDRAL, a.flock, 2));
        String[] sources = {"192.0.2.1:40001", "203.0.113.2:4500", "192.0.2.77:7"};
        try {
            for (int i = 0; i < 50_000; i++) {
                byte[] datagram = good.clone();
                if (random.nextInt(3) == 0) {
                    datagram = new byte[random.nextInt(1600)];
                    random.nextBytes(datagram);
                } else {
                    datagram[random.nextInt(datagram.length)] ^= (byte) (1 + random.nextInt(255));
                }
                rig.now += random.nextInt(2);
                rig.core.receive(
                        datagram,
                        0,
                        random.nextInt(8) == 0 ? random.nextInt(datagram.length + 1) : datagram.length,
                        Address.endpoint(sources[random.nextInt(sources.length)]),
                        rig.now);
            }
        } catch (RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
        rig.core.tick(rig.now);
        assertTrue(rig.core.status().tunnels() <= 1, "seed " + seed);
    }

    @Test
    void offersAreAsLongAsDataWithTfc() throws Exception {
        Rig padded = new Rig(new Disguise(false, true, MTU));
        Rig.Client a = padded.admit(0xa1, 1, "192.0.2.1:40001");
        Rig.Client b = padded.admit(0xb2, 2, "192.0.2.2:40002");
        b.notifies(a);
        byte[] info = a.info(Magic.KATEDRAL, a.flock, 2);
        Batch batch = new Batch(1, 1, 2000);
        batch.append(Arrays.copyOf(info, MTU + 50), 0, MTU + 50);
        padded.core.receive(batch, a.address, padded.now);
        List<Recorder.Sent> sent = padded.recorder.take();
        assertEquals(1, sent.size());
        assertEquals(MTU + 50, sent.get(0).datagram().length);
        Offer answer = a.cipher.open(sent.get(0).datagram(), 0, MTU + 50, padded.now / 1000);
        assertInstanceOf(InfoBody.class, answer.body());
    }
}
