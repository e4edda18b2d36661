package tier6.discovery.cathedral.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import tier6.api.discovery.PeerSink;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.time.Clock;
import tier6.itest.fuzz.Decoder;
import tier6.itest.fuzz.SanctumTargets;
import tier6.itest.fuzz.StubLoop;
import tier6.itest.fuzz.Target;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferBody;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferHeader;

/** What a cathedral answers to who asks who is there. */
public final class DiscoveryTargets {
    private static final long FLOCK = 0xc0ffee1234567800L;
    private static final int CS_ID = 0x0a000001;
    private static final int PLAIN = Offer.DATA_SIZE + Offer.EXTRA_SIZE;
    private static final InetSocketAddress CATHEDRAL = new InetSocketAddress("203.0.113.1", 4500);
    private static final int INPUTS_A_TURN = 16;

    private DiscoveryTargets() {}

    public static List<Target> all() {
        RandomSource random = new Random(6)::nextBytes;
        OfferCipher cipher = OfferCipher.cathedral(secret(), FLOCK);
        List<byte[]> answers = SanctumTargets.eachBody().stream()
                .map(body -> answer(cipher, body, random))
                .toList();
        return List.of(
                new Target("liturgy-outside", 1600, answers, DiscoveryTargets::outside),
                new Target("liturgy-inside", PLAIN, SanctumTargets.plain(), DiscoveryTargets::inside));
    }

    private static byte[] secret() {
        RandomSource random = new Random(8)::nextBytes;
        return random.bytes(32);
    }

    private static byte[] answer(OfferCipher cipher, OfferBody body, RandomSource random) {
        OfferHeader header = OfferHeader.withRandomFlocks(Magic.KATEDRAL, CS_ID, random);
        return cipher.seal(header, SanctumTargets.NOW, body, null, random);
    }

    /** A search on a host whose clock is moved by hand. */
    private static final class Seeker implements Clock, PeerSink {
        final StubLoop loop = new StubLoop();
        final CathedralSearch search;
        long unixMillis = SanctumTargets.NOW * 1000;

        Seeker(RandomSource random) throws IOException {
            Identity identity = new Identity(FLOCK, 1, CS_ID, secret(), Ed25519.ofSeed(secret()), random.bytes(32));
            search = new CathedralSearch(
                    identity,
                    Wishes.USUAL,
                    CATHEDRAL,
                    CathedralSearch.NOTHING_REMEMBERED,
                    InetAddress.getLoopbackAddress(),
                    loop,
                    this,
                    random,
                    this,
                    event -> {},
                    remembrance -> {});
            search.run(0);
        }

        @Override
        public long nanos() {
            return unixMillis * 1_000_000;
        }

        @Override
        public long unixMillis() {
            return unixMillis;
        }

        @Override
        public void announce(Peer peer) {}

        @Override
        public void withdraw(PeerId peer) {}

        void turn() throws IOException {
            search.run(0);
            search.status();
            loop.take();
        }
    }

    private static Decoder outside(RandomSource random) throws IOException {
        Seeker seeker = new Seeker(random);
        int[] seen = {0};
        return (input, length) -> {
            seeker.loop.deliver(input, length, CATHEDRAL);
            if (++seen[0] % INPUTS_A_TURN == 0) {
                seeker.turn();
            }
        };
    }

    private static Decoder inside(RandomSource random) throws IOException {
        Seeker seeker = new Seeker(random);
        OfferCipher cipher = OfferCipher.cathedral(secret(), FLOCK);
        OfferHeader header = new OfferHeader(Magic.KATEDRAL, 1, 2, CS_ID);
        int[] seen = {0};
        return (input, length) -> {
            byte[] plain = Target.fitted(input, length, PLAIN);
            ByteBuffer.wrap(plain).putLong(1, seeker.unixMillis / 1000);
            byte[] datagram = SanctumTargets.seal(cipher, header, plain, PLAIN, random);
            // It follows the cathedrals of a remembrance when one is silent; whoever it asks now is heard.
            InetSocketAddress current = seeker.search.cathedrals().get(0).address();
            seeker.loop.deliver(datagram, datagram.length, current);
            if (++seen[0] % INPUTS_A_TURN == 0) {
                seeker.unixMillis += 500 + (random.nextInt() & 1023);
                seeker.turn();
            }
        };
    }
}
