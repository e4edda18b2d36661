package tier6.discovery.reliquary.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import tier6.itest.fuzz.Decoder;
import tier6.itest.fuzz.SanctumTargets;
import tier6.itest.fuzz.StubLoop;
import tier6.itest.fuzz.Target;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferHeader;

/** What cathedrals answer to who measures how far away they are. */
public final class RoundTripTargets {
    private static final long FLOCK = 0xc0ffee1234567800L;
    private static final int CS_ID = 0x0a000001;
    private static final int PLAIN = Offer.DATA_SIZE + Offer.EXTRA_SIZE;
    private static final InetSocketAddress CATHEDRAL = new InetSocketAddress("203.0.113.1", 4500);

    private RoundTripTargets() {}

    public static List<Target> all() {
        return List.of(
                new Target("round-trips", 1600, List.of(), RoundTripTargets::outside),
                new Target("round-trips-inside", PLAIN, SanctumTargets.plain(), RoundTripTargets::inside));
    }

    private static byte[] secret() {
        RandomSource random = new Random(10)::nextBytes;
        return random.bytes(32);
    }

    private static RoundTrips measurement(StubLoop loop, RandomSource random) throws IOException {
        Identity identity = new Identity(FLOCK, 1, CS_ID, secret(), Ed25519.ofSeed(secret()), random.bytes(32));
        RoundTrips trips = new RoundTrips(
                identity,
                List.of(CATHEDRAL),
                InetAddress.getLoopbackAddress(),
                loop,
                () -> 0,
                () -> SanctumTargets.NOW * 1000,
                random);
        trips.run(0);
        return trips;
    }

    private static Decoder outside(RandomSource random) throws IOException {
        StubLoop loop = new StubLoop();
        RoundTrips trips = measurement(loop, random);
        return (input, length) -> {
            loop.deliver(input, length, CATHEDRAL);
            if (trips.answer(0).isPresent()) {
                throw new AssertionError("nobody answered");
            }
        };
    }

    private static Decoder inside(RandomSource random) throws IOException {
        StubLoop[] loop = {new StubLoop()};
        RoundTrips[] trips = {measurement(loop[0], random)};
        OfferCipher cipher = OfferCipher.cathedral(secret(), FLOCK);
        OfferHeader header = new OfferHeader(Magic.KATEDRAL, 1, 2, CS_ID);
        return (input, length) -> {
            byte[] plain = Target.fitted(input, length, PLAIN);
            ByteBuffer.wrap(plain).putLong(1, SanctumTargets.NOW);
            byte[] datagram = SanctumTargets.seal(cipher, header, plain, PLAIN, random);
            loop[0].deliver(datagram, datagram.length, CATHEDRAL);
            if (trips[0].answer(0).isPresent()) {
                trips[0].close();
                loop[0] = new StubLoop();
                trips[0] = measurement(loop[0], random);
            }
        };
    }
}
