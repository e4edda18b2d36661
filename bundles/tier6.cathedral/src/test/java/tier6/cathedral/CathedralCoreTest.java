package tier6.cathedral;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.offer.AmbryBody;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.LiturgyBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferBody;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferHeader;
import tier6.sanctum.offer.RemembranceBody;

/** Where the transcripts do not go: what ours does better, limits, and the rest of section 9. */
class CathedralCoreTest {
    private Rig rig;
    private Rig.Client a;
    private Rig.Client b;

    @BeforeEach
    void twoDevices() {
        rig = new Rig();
        a = rig.admit(0xa1, 1, "192.0.2.1:40001");
        b = rig.admit(0xb2, 2, "198.51.100.2:40002");
    }

    private void bothVerified() {
        a.announces(b);
        b.announces(a);
        rig.passSeconds(15);
        a.announces(b);
        b.announces(a);
    }

    private InfoBody infoTo(Rig.Client client, Rig.Client peer) {
        List<OfferBody> answers = client.notifies(peer);
        assertEquals(1, answers.size());
        return assertInstanceOf(InfoBody.class, answers.get(0));
    }

    private static InfoBody direct(String peer, Rig.Client to) {
        return InfoBody.answer(
                0,
                Address.ip(Address.endpoint(peer)),
                Address.endpoint(peer).getPort(),
                Address.ip(to.address),
                to.address.getPort());
    }

    private static InfoBody relayed(int flags, Rig.Client to) {
        return InfoBody.answer(flags, Address.ip(Rig.CATHEDRAL), 4500, Address.ip(to.address), to.address.getPort());
    }

    @Test
    void saysNothingAboutAnUnknownPeer() {
        assertEquals(List.of(), a.announces(b));
        assertEquals(1, rig.count(CathedralCounter.INFOS));
    }

    @Test
    void disclosesAddressesAfterTheCooldownOnly() {
        a.announces(b);
        b.announces(a);
        rig.passSeconds(14);
        a.announces(b);
        b.announces(a);
        assertEquals(relayed(0, a), infoTo(a, b));

        rig.passSeconds(1);
        a.announces(b);
        b.announces(a);
        assertEquals(direct("198.51.100.2:40002", a), infoTo(a, b));
        assertEquals(direct("192.0.2.1:40001", b), infoTo(b, a));
    }

    @Test
    void relaysAfterARestartUntilTheCooldownIsOver() {
        bothVerified();
        b.instance++;
        assertEquals(List.of(), b.notifies(a), "no answer to the announcement of a restart");
        assertEquals(relayed(0, a), infoTo(a, b));
        rig.passSeconds(14);
        b.announces(a);
        assertEquals(relayed(0, a), infoTo(a, b));
        rig.passSeconds(1);
        b.announces(a);
        assertEquals(direct("198.51.100.2:40002", a), infoTo(a, b));
    }

    @Test
    void relaysToASymmetricNat() {
        bothVerified();
        b.probesFrom("198.51.100.2:50000", a);
        assertEquals(relayed(0, a), infoTo(a, b));
        b.probesFrom("198.51.100.3:40002", a);
        assertEquals(relayed(0, a), infoTo(a, b));
        b.probes(a);
        assertEquals(direct("198.51.100.2:40002", a), infoTo(a, b));
    }

    @Test
    void doesNotDiscloseAnAddressThatTheDeviceHasLeft() {
        bothVerified();
        b.address = Address.endpoint("198.51.100.2:40009");
        b.notifies(a);
        assertEquals(relayed(0, a), infoTo(a, b));
        b.probes(a);
        assertEquals(direct("198.51.100.2:40009", a), infoTo(a, b));
    }

    @Test
    @DisplayName("'same external address' is said when both were verified, and not before")
    void sameAddress() {
        b.address = Address.endpoint("192.0.2.1:40002");
        a.notifies(b);
        b.notifies(a);
        rig.passSeconds(20);
        b.notifies(a);
        assertEquals(relayed(0, a), infoTo(a, b));
        a.probes(b);
        assertEquals(relayed(0, a), infoTo(a, b));
        b.probes(a);
        assertEquals(relayed(InfoBody.SAME_ADDRESS, a), infoTo(a, b));
    }

    @Test
    @DisplayName("a client on the cathedral's own host is not told its address, or a C client would ignore the answer")
    void localAddressOnTheSameHost() {
        a.address = Address.endpoint("203.0.113.1:40001");
        a.notifies(b);
        b.notifies(a);
        assertEquals(InfoBody.answer(0, Address.ip(Rig.CATHEDRAL), 4500, 0, 0), infoTo(a, b));
        assertEquals(relayed(0, b), infoTo(b, a));
    }

    @Test
    void neverSendsMoreToAnAddressThanCameFromIt() {
        rig.ambry(Rig.FLOCK, Rig.bundle(Rig.FLOCK, 77));
        b.flags = InfoBody.NO_AMBRY;
        b.notifies(a);
        a.flags = InfoBody.WANT_REMEMBRANCE;
        List<OfferBody> first = a.notifies(b);
        assertEquals(1, first.size());
        assertInstanceOf(AmbryBody.class, first.get(0), "the ambry comes first");
        List<OfferBody> second = a.probes(b);
        assertEquals(1, second.size(), "what was owed comes with the probe");
        assertInstanceOf(InfoBody.class, second.get(0));
        a.generation = 77;
        List<OfferBody> third = a.announces(b);
        assertEquals(2, third.size());
        assertInstanceOf(InfoBody.class, third.get(0));
        assertInstanceOf(RemembranceBody.class, third.get(1));
    }

    @Test
    void aDeviceThatWantsNoAmbryStillGetsItsAnswers() {
        rig.ambry(Rig.FLOCK, Rig.bundle(Rig.FLOCK, 77));
        b.notifies(a);
        a.notifies(b);
        assertInstanceOf(InfoBody.class, a.notifies(b).get(0));
        assertInstanceOf(AmbryBody.class, a.notifies(b).get(0));
        a.flags = InfoBody.NO_AMBRY;
        assertInstanceOf(InfoBody.class, a.notifies(b).get(0));
        assertInstanceOf(InfoBody.class, a.notifies(b).get(0));
    }

    @Test
    void anAmbryIsHandedOutUntilTheDeviceHasIt() {
        rig.ambry(Rig.FLOCK, Rig.bundle(Rig.FLOCK, 77));
        AmbryBody body = assertInstanceOf(AmbryBody.class, a.notifies(b).get(0));
        assertEquals(0x0102, body.tunnel());
        assertEquals(77, body.generation());
        a.generation = 77;
        assertEquals(List.of(), a.announces(b));
        rig.ambry(Rig.FLOCK, Rig.bundle(Rig.FLOCK, 78));
        assertEquals(78, assertInstanceOf(AmbryBody.class, a.notifies(b).get(0)).generation());
    }

    @Test
    void refusesReplays() {
        byte[] announcement = a.info(Magic.KATEDRAL, Rig.FLOCK, 2);
        a.sends(announcement);
        rig.core.receive(announcement, 0, announcement.length, Address.endpoint("203.0.113.66:666"), rig.now);
        assertEquals(1, rig.count(CathedralCounter.DROP_REPLAYED));
        a.rx = 0x01020001;
        a.notifies(b);
        assertEquals(1, rig.relayed(Rig.data(0x01020001, Rig.FLOCK, Rig.FLOCK, 100), "198.51.100.2:1"));
        rig.passSeconds(9);
        a.sends(announcement);
        assertEquals(2, rig.count(CathedralCounter.DROP_REPLAYED));
        rig.passSeconds(30);
        a.sends(announcement);
        assertEquals(3, rig.count(CathedralCounter.DROP_REPLAYED));
        a.notifies(b);
        rig.passSeconds(30);
        a.notifies(b);
        a.sends(announcement);
        assertEquals(1, rig.count(CathedralCounter.DROP_CLOCK), "forgotten, but too old by then");
    }

    @Test
    void refusesWhoIsNotAdmitted() {
        Rig.Client stranger = rig.new Client(Rig.FLOCK, 0xc3, 3, "192.0.2.9:9");
        stranger.notifies(a);
        assertEquals(1, rig.count(CathedralCounter.DROP_UNKNOWN_DEVICE));
        Rig.Client elsewhere = rig.new Client(Rig.OTHER_FLOCK, 0xa1, 1, "192.0.2.9:9");
        elsewhere.notifies(a);
        assertEquals(1, rig.count(CathedralCounter.DROP_UNKNOWN_FLOCK));
        Rig.Client forger = rig.new Client(Rig.FLOCK, 0xa1, 1, "192.0.2.9:9");
        forger.notifies(b);
        assertEquals(1, rig.count(CathedralCounter.DROP_NOT_AUTHENTIC));
        byte[] unsigned = a.cipher.seal(
                new OfferHeader(Magic.KATEDRAL, Rig.FLOCK, Rig.FLOCK, 0xa1),
                rig.now / 1000,
                InfoBody.announce(0, 0x0102, 0, 0, 0, 1),
                null,
                rig.random);
        a.sends(unsigned);
        assertEquals(1, rig.count(CathedralCounter.DROP_SIGNATURE));
        a.sends(a.sealed(Magic.KATEDRAL, Rig.FLOCK, InfoBody.announce(0, 0x0301, 0, 0, 0, 1)));
        assertEquals(1, rig.count(CathedralCounter.DROP_NOT_ALLOWED), "another device's kek-id");
        a.sends(a.info(Magic.KATEDRAL, Rig.FLOCK | 1, 2));
        assertEquals(2, rig.count(CathedralCounter.DROP_NOT_ALLOWED), "another domain");
        a.clockSkewSeconds = 34;
        assertEquals(List.of(InfoBody.answer(0, 0, 0, 0, 0)), a.notifies(b), "a time stamp to learn from");
        assertEquals(List.of(), a.notifies(b), "but not each time");
        assertEquals(2, rig.count(CathedralCounter.DROP_CLOCK));
        assertEquals(0, rig.core.status().tunnels());
    }

    @Test
    void aFloodOfBadOffersSilencesItsSourceAlone() {
        a.notifies(b);
        byte[] bad = a.info(Magic.KATEDRAL, Rig.FLOCK, 2);
        bad[600] ^= 1;
        for (int i = 0; i < SourceLimiter.BURST + 100; i++) {
            rig.core.receive(bad, 0, bad.length, Address.endpoint("192.0.2.1:666"), rig.now);
        }
        assertEquals(SourceLimiter.BURST, rig.count(CathedralCounter.DROP_NOT_AUTHENTIC));
        assertEquals(100, rig.count(CathedralCounter.DROP_LIMITED));
        b.notifies(a);
        assertEquals(relayed(0, a), infoTo(a, b), "known by address and port");
        rig.passSeconds(1);
        rig.core.receive(bad, 0, bad.length, Address.endpoint("192.0.2.1:666"), rig.now);
        assertEquals(SourceLimiter.BURST + 1, rig.count(CathedralCounter.DROP_NOT_AUTHENTIC));
    }

    @Test
    void relaysDataByAnnouncedSpi() {
        a.rx = 0x01021111;
        a.notifies(b);
        byte[] packet = Rig.data(0x01021111, Rig.FLOCK, Rig.FLOCK, 90);
        rig.core.receive(packet, 0, packet.length, b.address, rig.now);
        List<Recorder.Sent> sent = rig.recorder.take();
        assertEquals(1, sent.size());
        assertArrayEquals(packet, sent.get(0).datagram());
        assertEquals(a.address, sent.get(0).to());
        assertEquals(0, rig.relayed(Rig.data(0x01021112, Rig.FLOCK, Rig.FLOCK, 90), "198.51.100.2:40002"));
        assertEquals(0, rig.relayed(Rig.data(0x02011111, Rig.FLOCK, Rig.FLOCK, 90), "198.51.100.2:40002"));
        assertEquals(0, rig.relayed(Rig.data(0x01021111, Rig.FLOCK | 1, Rig.FLOCK | 1, 90), "198.51.100.2:40002"));
        assertEquals(1, rig.count(CathedralCounter.DROP_WRONG_SPI));
        assertEquals(2, rig.count(CathedralCounter.DROP_NO_TUNNEL));
        assertEquals(1, rig.count(CathedralCounter.RELAYED_DATAGRAMS));
        assertEquals(90, rig.count(CathedralCounter.RELAYED_BYTES));
    }

    @Test
    void relaysABatchInRunsAndInOrder() {
        Rig.Client c = rig.admit(0xc3, 3, "192.0.2.3:40003");
        a.rx = 0x01020001;
        c.rx = 0x03020001;
        a.notifies(b);
        c.notifies(b);
        Batch batch = new Batch(1, 8, 4096);
        int[] spis = {a.rx, a.rx, c.rx, 5, a.rx};
        for (int i = 0; i < spis.length; i++) {
            batch.append(Rig.data(spis[i], Rig.FLOCK, Rig.FLOCK, 60 + i), 0, 60 + i);
        }
        rig.core.receive(batch, b.address, rig.now);
        List<Recorder.Sent> sent = rig.recorder.take();
        assertEquals(
                List.of(60, 61, 62, 64),
                sent.stream().map(s -> s.datagram().length).toList());
        assertEquals(
                List.of(a.address, a.address, c.address, a.address),
                sent.stream().map(Recorder.Sent::to).toList());
    }

    @Test
    void relaysKeyOffersBetweenTunnelsThatAreThere() {
        byte[] offer = new byte[Offer.SIZE];
        ByteBuffer.wrap(offer)
                .putLong(Magic.SACRAMNT)
                .putLong(Rig.FLOCK)
                .putLong(Rig.FLOCK)
                .putInt(0x01025555);
        assertEquals(0, rig.relayed(offer, "192.0.2.1:40001"));
        a.notifies(b);
        assertEquals(0, rig.relayed(offer, "192.0.2.1:40001"));
        b.notifies(a);
        rig.core.receive(offer, 0, offer.length, a.address, rig.now);
        List<Recorder.Sent> sent = rig.recorder.take();
        assertEquals(b.address, sent.get(0).to());
        assertArrayEquals(offer, sent.get(0).datagram());
    }

    @Test
    @DisplayName("a bandwidth below 8 Mbit/s is a limit too, and the bucket drains by the millisecond")
    void bandwidth() {
        Rig.Client slow = rig.admit(Rig.FLOCK, 0xd4, 4, 1, "192.0.2.4:40004");
        slow.rx = 0x04010001;
        slow.notifies(a);
        int size = 1024;
        byte[] packet = Rig.data(slow.rx, Rig.FLOCK, Rig.FLOCK, size);
        int passed = 0;
        for (int i = 0; i < 1000; i++) {
            passed += rig.relayed(packet, "192.0.2.1:40001");
        }
        assertEquals((1 << 17) / size, passed, "a second's worth at once");
        rig.now += 125;
        passed = 0;
        for (int i = 0; i < 1000; i++) {
            passed += rig.relayed(packet, "192.0.2.1:40001");
        }
        assertEquals((1 << 17) / size / 8, passed, "an eighth after an eighth of a second");
        assertEquals(2000 - 128 - 16, rig.count(CathedralCounter.DROP_BANDWIDTH));
    }

    @Test
    void aTunnelEndsAfterTwoMinutesOfSilence() {
        a.rx = 0x01020001;
        a.notifies(b);
        rig.passSeconds(119);
        assertEquals(1, rig.core.status().tunnels());
        rig.passSeconds(1);
        assertEquals(0, rig.core.status().tunnels());
        assertEquals(0, rig.relayed(Rig.data(a.rx, Rig.FLOCK, Rig.FLOCK, 90), "198.51.100.2:40002"));
    }

    @Test
    void aClockThatIsSetEndsNothing() {
        a.notifies(b);
        rig.now += 3_600_000;
        rig.core.tick(rig.now);
        rig.now -= 7_200_000;
        rig.core.tick(rig.now);
        assertEquals(1, rig.core.status().tunnels());
        rig.passSeconds(120);
        assertEquals(0, rig.core.status().tunnels());
    }

    @Test
    void whoIsDismissedLosesItsTunnelsAtOnce() {
        bothVerified();
        b.sings(1, false, 0);
        rig.dismiss(b);
        assertEquals(1, rig.core.status().tunnels());
        assertEquals(0, rig.core.status().liturgies());
        assertEquals(List.of(), a.notifies(b));
        b.notifies(a);
        assertEquals(1, rig.count(CathedralCounter.DROP_UNKNOWN_DEVICE));
    }

    @Test
    void aDeviceCannotFillTheMemory() {
        for (int domain = 0; domain < 8; domain++) {
            for (int peer = 0; peer < 256; peer++) {
                byte[] datagram;
                try (var cipher = OfferCipher.cathedral(a.cs, Rig.FLOCK | domain)) {
                    datagram = cipher.sealSigned(
                            new OfferHeader(Magic.KATEDRAL, Rig.FLOCK | domain, Rig.FLOCK | domain, 0xa1),
                            rig.now / 1000,
                            InfoBody.announce(0, 0x0100 | peer, 0, 0, 0, 1),
                            a.cosk,
                            rig.random);
                }
                rig.core.receive(datagram, 0, datagram.length, a.address, rig.now);
            }
        }
        rig.core.tick(rig.now);
        assertEquals(CathedralCore.MOST_TUNNELS, rig.core.status().tunnels());
        assertEquals(2048 - CathedralCore.MOST_TUNNELS, rig.count(CathedralCounter.DROP_TOO_MANY));
        b.notifies(a);
        rig.core.tick(rig.now);
        assertEquals(CathedralCore.MOST_TUNNELS + 1, rig.core.status().tunnels(), "others do not suffer");
    }

    private static List<Integer> seen(List<OfferBody> answers) {
        LiturgyBody body = assertInstanceOf(LiturgyBody.class, answers.get(0));
        return IntStream.range(0, LiturgyBody.PEERS)
                .filter(i -> body.peers()[i] != 0)
                .boxed()
                .toList();
    }

    @Test
    void liturgiesOfAGroupSeeEachOther() {
        Rig.Client c = rig.admit(0xc3, 3, "192.0.2.3:40003");
        assertEquals(List.of(), seen(a.sings(1, false, 0)));
        assertEquals(List.of(1), seen(b.sings(1, false, 0)));
        assertEquals(List.of(), seen(c.sings(2, false, 0)));
        rig.passSeconds(3);
        assertEquals(List.of(2), seen(a.sings(1, false, 0)));
        assertEquals(List.of(), a.sings(1, false, 0), "at most once in three seconds");
    }

    @Test
    void hiddenOnesDoNotSeeEachOther() {
        Rig.Client c = rig.admit(0xc3, 3, "192.0.2.3:40003");
        a.sings(1, true, 0);
        assertEquals(List.of(), seen(b.sings(1, true, 0)));
        assertEquals(List.of(1, 2), seen(c.sings(1, false, 0)));
        rig.passSeconds(3);
        assertEquals(List.of(3), seen(a.sings(1, true, 0)));
    }

    @Test
    void signalingOnesSeeWhomOneOfThemWants() {
        Rig.Client c = rig.admit(0xc3, 3, "192.0.2.3:40003");
        a.sings(1, false, LiturgyBody.SIGNALING, 3);
        assertEquals(List.of(), seen(b.sings(1, false, LiturgyBody.SIGNALING)));
        assertEquals(List.of(1), seen(c.sings(1, false, LiturgyBody.SIGNALING)));
        assertEquals(List.of(1, 2, 3), seen(b.sings(1, false, 0)), "discovery sees all");
    }

    @Test
    void aLiturgyGetsItsRemembranceInTurn() {
        List<OfferBody> all = new ArrayList<>(a.sings(1, false, LiturgyBody.WANT_REMEMBRANCE));
        assertEquals(1, all.size());
        for (int i = 0; i < 6; i++) {
            rig.passSeconds(5);
            List<OfferBody> answers = a.sings(1, false, LiturgyBody.WANT_REMEMBRANCE);
            assertEquals(1, answers.size());
            all.addAll(answers);
        }
        assertTrue(all.stream().anyMatch(RemembranceBody.class::isInstance), "for who asks seldom too");
    }

    @Test
    @DisplayName("right after its start a cathedral answers no liturgy, for it does not know yet who is there")
    void silenceAfterStart() {
        Rig fresh = new Rig();
        Rig.Client one = fresh.admit(1, 1, "192.0.2.1:1");
        CathedralCore core = new CathedralCore(1, Rig.CATHEDRAL, null, false, fresh.random, fresh.recorder);
        core.apply(rosterOf(one), fresh.now);
        byte[] first = one.sealed(Magic.KATEDRAL, 0, new LiturgyBody(1, 1, new byte[255], 0, 0));
        core.receive(first, 0, first.length, one.address, fresh.now);
        assertEquals(0, fresh.recorder.take().size());
        fresh.now += 2000;
        byte[] second = one.sealed(Magic.KATEDRAL, 0, new LiturgyBody(1, 1, new byte[255], 0, 0));
        core.receive(second, 0, second.length, one.address, fresh.now);
        assertEquals(1, fresh.recorder.take().size());
    }

    private static Roster rosterOf(Rig.Client client) {
        Flock flock = new Flock(Rig.FLOCK);
        flock.devices.put(
                client.csId,
                new Device(
                        client.csId,
                        new int[] {client.kekId},
                        new long[] {0},
                        new DeviceKeys(client.cs.clone(), Ed25519.publicKey(client.cosk)),
                        new Device.Usage()));
        LongMap<Flock> flocks = new LongMap<>();
        flocks.put(flock.id, flock);
        return new Roster(flocks, List.of(), List.of());
    }

    @Test
    void devicesOfCrossedFlocksMeet() {
        Rig.Client x = rig.admit(Rig.OTHER_FLOCK, 0xe5, 2, 0, "192.0.2.5:40005");
        a.notifies(x);
        assertEquals(1, rig.count(CathedralCounter.DROP_NOT_ALLOWED));
        rig.cross(Rig.FLOCK, Rig.OTHER_FLOCK);
        a.rx = 0x01020001;
        a.announces(x);
        assertEquals(relayed(0, x), infoTo(x, a));
        assertEquals(1, rig.relayed(Rig.data(a.rx, Rig.OTHER_FLOCK, Rig.FLOCK, 90), "192.0.2.5:40005"));
    }

    @Test
    void nothingTravelsFromCathedralToCathedral() {
        rig.federate("203.0.113.2:4500");
        rig.federate("203.0.113.3:4500");
        // a is at the second cathedral.
        try (var sync = OfferCipher.catacomb(Rig.SYNC, Rig.FLOCK)) {
            byte[] federated = sync.sealSigned(
                    new OfferHeader(Magic.CATACOMB, Rig.FLOCK, Rig.FLOCK, 0xa1),
                    rig.now / 1000,
                    InfoBody.announce(0, 0x0102, 0, 0x01020001, 0, 1),
                    a.cosk,
                    rig.random);
            rig.core.receive(federated, 0, federated.length, Address.endpoint("203.0.113.2:4500"), rig.now);
        }
        rig.core.tick(rig.now);
        assertEquals(1, rig.core.status().federatedTunnels());
        byte[] packet = Rig.data(0x01020001, Rig.FLOCK, Rig.FLOCK, 90);
        assertEquals(1, rig.relayed(packet, "198.51.100.2:40002"), "from a device it does");
        assertEquals(0, rig.relayed(packet, "203.0.113.3:4500"));
        assertEquals(0, rig.relayed(packet, "203.0.113.2:4500"));
        assertEquals(2, rig.count(CathedralCounter.DROP_TRANSIT));
    }

    @Test
    void aDeviceThatComesBackIsNotTakenAwayByOldNews() {
        rig.federate("203.0.113.2:4500");
        a.notifies(b);
        rig.recorder.take();
        try (var sync = OfferCipher.catacomb(Rig.SYNC, Rig.FLOCK)) {
            byte[] old = sync.sealSigned(
                    new OfferHeader(Magic.CATACOMB, Rig.FLOCK, Rig.FLOCK, 0xa1),
                    rig.now / 1000 - 3,
                    InfoBody.announce(0, 0x0102, 0, 0, 0, a.instance),
                    a.cosk,
                    rig.random);
            rig.core.receive(old, 0, old.length, Address.endpoint("203.0.113.2:4500"), rig.now);
        }
        rig.core.tick(rig.now);
        assertEquals(0, rig.core.status().federatedTunnels());
    }
}
