package tier6.discovery.reliquary.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tier6.api.frame.Batch;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlaySocket;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.offer.LiturgyBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.offer.OfferHeader;
import tier6.sanctum.shroud.Shroud;
import tier6.sanctum.shroud.ShroudIdentity;
import tier6.transport.sanctum.sim.SimAgent;
import tier6.transport.sanctum.sim.SimHost;
import tier6.transport.sanctum.sim.SimNetwork;

/** Measuring in a simulated network, where a millisecond is one. */
class RoundTripsTest {
    private static final long FLOCK = 0xc0ffee1234567842L;
    private static final int CS_ID = 0x0a000001;
    private static final Duration THERE_AND_BACK = Duration.ofMillis(10);

    private final SimNetwork network = new SimNetwork(1);
    private final RandomSource random = new Random(2)::nextBytes;
    private final Identity device =
            new Identity(FLOCK, 8, CS_ID, random.bytes(32), Ed25519.generate(random), random.bytes(32));
    private final SimHost host = network.host("192.0.2.100");
    private final UnderlayLoop loop = host.open();
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final List<Stub> stubs = new ArrayList<>();

    @BeforeEach
    void noDelayByChance() {
        network.delay(THERE_AND_BACK.dividedBy(2), THERE_AND_BACK.dividedBy(2));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    private Stub stub(String address, Duration thinks, boolean shrouded) throws IOException {
        Stub stub = new Stub(network.host(address), thinks, shrouded);
        stubs.add(stub);
        addresses.add(stub.address);
        network.add(stub);
        return stub;
    }

    private RoundTrips measure() throws IOException {
        RoundTrips trips =
                new RoundTrips(device, addresses, host.address(), loop, network::nanos, network::unixMillis, random);
        network.add(() -> {
            try {
                return trips.run(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        assertTrue(network.runUntil(trips::isDone, Duration.ofNanos(2 * RoundTrips.TIME)));
        return trips;
    }

    private static Optional<RoundTrips.Answer> answer(Duration time, boolean shrouded) {
        return Optional.of(new RoundTrips.Answer(time.toNanos(), shrouded));
    }

    @Test
    void timesAreThoseOfTheNetwork() throws Exception {
        stub("192.0.2.1", Duration.ofMillis(70), false);
        stub("192.0.2.2", Duration.ofMillis(20), true);
        stub("192.0.2.3", Duration.ofMillis(120), false);
        try (RoundTrips trips = measure()) {
            assertEquals(answer(Duration.ofMillis(80), false), trips.answer(0));
            assertEquals(answer(Duration.ofMillis(30), true), trips.answer(1));
            assertEquals(answer(Duration.ofMillis(130), false), trips.answer(2));
        }
        assertEquals(
                List.of(1, 1, 1), stubs.stream().map(stub -> stub.questions).toList());
    }

    @Test
    void lostQuestionsCountAsDistance() throws Exception {
        stub("192.0.2.1", Duration.ZERO, false).deafFor = 2;
        stub("192.0.2.2", Duration.ofMillis(500), false);
        try (RoundTrips trips = measure()) {
            assertEquals(answer(Duration.ofMillis(2010), false), trips.answer(0));
            assertEquals(answer(Duration.ofMillis(510), false), trips.answer(1));
        }
    }

    @Test
    void whoDoesNotAnswerIsNotWaitedForForEver() throws Exception {
        stub("192.0.2.1", Duration.ZERO, false).deafFor = 1000;
        stub("192.0.2.2", Duration.ofMillis(1), false);
        long begun = network.nanos();
        try (RoundTrips trips = measure()) {
            assertEquals(Optional.empty(), trips.answer(0));
            assertTrue(trips.answer(1).isPresent());
        }
        assertEquals(RoundTrips.TIME, network.nanos() - begun);
    }

    /** Answers that anybody could have made, or that were meant for something else. */
    @Test
    void answersMustBeGenuine() throws Exception {
        Stub forger = stub("192.0.2.1", Duration.ZERO, false);
        forger.cs = new byte[32];
        Stub confused = stub("192.0.2.2", Duration.ZERO, false);
        confused.group = 1;
        Stub noisy = stub("192.0.2.3", Duration.ZERO, false);
        noisy.noise = true;
        try (RoundTrips trips = measure()) {
            for (int i = 0; i < 3; i++) {
                assertEquals(Optional.empty(), trips.answer(i));
            }
        }
        assertTrue(stubs.stream().allMatch(stub -> stub.questions > 1));
    }

    /** A cathedral that knows one device: answers after some time, in the shroud or without. */
    private final class Stub implements SimAgent {
        private record Due(long at, byte[] datagram, InetSocketAddress to) {}

        final InetSocketAddress address;
        byte[] cs = device.cs();
        int group = RoundTrips.GROUP;
        int deafFor;
        boolean noise;
        int questions;

        private final UnderlayLoop loop;
        private final UnderlaySocket socket;
        private final Duration thinks;
        private final boolean shrouded;
        private final Queue<Due> answers = new ArrayDeque<>();
        private final Batch out = new Batch(1, 1, 2048);

        Stub(SimHost host, Duration thinks, boolean shrouded) throws IOException {
            this.thinks = thinks;
            this.shrouded = shrouded;
            this.address = new InetSocketAddress(host.address(), 4500);
            loop = host.open();
            socket = loop.open(address, this::receive);
        }

        private void receive(Batch datagrams, InetSocketAddress from) {
            for (int i = 0; i < datagrams.count(); i++) {
                byte[] offer = unwrap(datagrams.copy(i));
                if (offer != null) {
                    questions++;
                    if (questions > deafFor) {
                        answers.add(new Due(network.nanos() + thinks.toNanos(), answer(offer), from));
                    }
                }
            }
        }

        /** The offer, if it came the way that this cathedral wants it. */
        private byte[] unwrap(byte[] datagram) {
            boolean plain = datagram.length == Offer.SIZE;
            if (plain == shrouded) {
                return null;
            }
            if (plain) {
                return datagram;
            }
            byte[] inner = new byte[datagram.length];
            ShroudIdentity worn = new ShroudIdentity(Arrays.copyOf(datagram, 16), Arrays.copyOfRange(datagram, 16, 32));
            byte[] base = ShroudIdentity.base(FLOCK, FLOCK, CS_ID);
            assertEquals(
                    List.of(worn.id()[0], worn.id()[15]),
                    List.of(
                            ShroudIdentity.derive(base, worn.seedId())[0],
                            ShroudIdentity.derive(base, worn.seedId())[15]));
            try (Shroud shroud = Shroud.cathedral(device.cs(), FLOCK, FLOCK)) {
                int length = shroud.open(datagram, 0, datagram.length, inner, 0);
                return Arrays.copyOf(inner, length);
            }
        }

        private byte[] answer(byte[] question) {
            if (noise) {
                return random.bytes(700);
            }
            long now = network.unixMillis() / 1000;
            try (OfferCipher real = OfferCipher.cathedral(device.cs(), FLOCK);
                    OfferCipher used = OfferCipher.cathedral(cs, FLOCK)) {
                Offer asked = real.open(question, 0, question.length, now);
                LiturgyBody body = (LiturgyBody) asked.body();
                assertEquals(8, body.id());
                assertEquals(LiturgyBody.SIGNALING, body.flags());
                assertFalse(body.group() == 1, "the group of the nodes is left alone");
                assertTrue(Ed25519.verify(Ed25519.publicKey(device.cosk()), asked.data(), asked.extra()));
                OfferHeader header = new OfferHeader(Magic.KATEDRAL, FLOCK, 0, CS_ID);
                byte[] plain = used.seal(
                        header, now, new LiturgyBody(0, group, new byte[LiturgyBody.PEERS], 0, 0), null, random);
                return shrouded ? shroud(plain) : plain;
            } catch (OfferException e) {
                throw new AssertionError(e);
            }
        }

        private byte[] shroud(byte[] plain) {
            byte[] wrapped = new byte[2048];
            try (Shroud shroud = Shroud.cathedral(device.cs(), FLOCK, FLOCK)) {
                int length =
                        shroud.seal(ShroudIdentity.random(random), plain, 0, plain.length, 1400, wrapped, 0, random);
                return Arrays.copyOf(wrapped, length);
            }
        }

        @Override
        public long run() {
            try {
                loop.poll(1, 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            while (!answers.isEmpty() && answers.peek().at <= network.nanos()) {
                Due due = answers.poll();
                out.clear();
                out.append(due.datagram, 0, due.datagram.length);
                socket.send(out, due.to);
            }
            return answers.isEmpty() ? Long.MAX_VALUE : answers.peek().at;
        }
    }
}
