package tier6.itest.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tier6.sanctum.ambry.Ambry;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.exchange.KeyExchange;
import tier6.sanctum.file.Remembrance;
import tier6.sanctum.offer.AmbryBody;
import tier6.sanctum.offer.ExchangeBody;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.KeyBody;
import tier6.sanctum.offer.LiturgyBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferBody;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.offer.OfferHeader;
import tier6.sanctum.offer.P2pInfoBody;
import tier6.sanctum.offer.RemembranceBody;
import tier6.sanctum.session.DataHeader;
import tier6.sanctum.session.RxSlots;
import tier6.sanctum.session.SessionKey;
import tier6.sanctum.session.TxSession;
import tier6.sanctum.shroud.Shroud;
import tier6.sanctum.shroud.ShroudIdentity;

/** What comes in a datagram: offers, data packets, shrouds, key exchanges. */
public final class SanctumTargets {
    /** Unix seconds at which all seeds were made. */
    public static final long NOW = 1_800_000_000L;

    /** Bytes of a type, a time stamp and a body, and of what a signature takes. */
    private static final int PLAIN = Offer.DATA_SIZE + Offer.EXTRA_SIZE;

    /** Types of offers (specification section 6.2). */
    public static final byte EXCHANGE = 6, P2P_INFO = 7;

    private static final int DATAGRAM = 1600;
    private static final long FLOCK = 0xc0ffee1234567800L;
    private static final int TUNNEL = 0x0102;
    private static final int INPUTS_A_TICK = 16;

    private SanctumTargets() {}

    static List<Target> all() {
        return List.of(
                new Target("offer-bodies", 1 + OfferBody.SIZE, bodies(), random -> SanctumTargets::body),
                new Target("offers-outside", DATAGRAM, sealed(), SanctumTargets::offers),
                new Target("offers-inside", PLAIN, plain(), SanctumTargets::authenticOffers),
                new Target("data-packets", DATAGRAM, packets(), SanctumTargets::slots),
                new Target("shrouds", DATAGRAM, shrouded(), SanctumTargets::shroud),
                new Target("exchange-outside", DATAGRAM, exchange(), SanctumTargets::exchangeOutside),
                new Target("exchange-inside", PLAIN, fragments(), SanctumTargets::exchangeInside));
    }

    /** Draws the same in every run. */
    public static RandomSource fixed() {
        return new Random(7)::nextBytes;
    }

    private static byte[] secret() {
        return fixed().bytes(32);
    }

    /** One of each type. */
    public static List<OfferBody> eachBody() {
        RandomSource random = fixed();
        byte[] peers = new byte[LiturgyBody.PEERS];
        Arrays.fill(peers, 1, 5, (byte) 1);
        return List.of(
                InfoBody.announce(1, TUNNEL, 3, 0x01020001, 0x01020002, 77),
                InfoBody.answer(2, 0x0a000001, 4500, 0x0a000002, 40000),
                new LiturgyBody(1, 1, peers, 0, 3),
                new AmbryBody(TUNNEL, 0x7fff, 5, random.bytes(64), random.bytes(48)),
                new RemembranceBody(new int[RemembranceBody.SLOTS], new int[RemembranceBody.SLOTS]),
                new P2pInfoBody(0x0a000001, 4500, TUNNEL, 1),
                new ExchangeBody(5, 0x01020001, 9, ExchangeBody.PK, 0, random.bytes(32), random.bytes(392)),
                new KeyBody(5, 9, random.bytes(32)),
                new ExchangeBody(5, 0x01020001, 9, ExchangeBody.CT, 3, random.bytes(32), random.bytes(392)));
    }

    // ---- offers

    /** Type and body. */
    private static List<byte[]> bodies() {
        List<byte[]> all = new ArrayList<>();
        for (OfferBody body : eachBody()) {
            ByteBuffer out = ByteBuffer.allocate(1 + OfferBody.SIZE).put((byte) body.type());
            body.write(out);
            all.add(out.array());
        }
        return all;
    }

    private static void body(byte[] input, int length) {
        byte[] data = Target.fitted(input, length, 1 + OfferBody.SIZE);
        OfferBody body = OfferBody.read(data[0] & 0xff, ByteBuffer.wrap(data, 1, OfferBody.SIZE));
        if (body == null) {
            return;
        }
        body.write(ByteBuffer.allocate(OfferBody.SIZE));
        if (body instanceof RemembranceBody remembrance) {
            Remembrance.of(remembrance);
        } else if (body instanceof AmbryBody ambry) {
            Ambry.unwrap(new byte[32], FLOCK, FLOCK, ambry);
            Ambry.expired(ambry.expires(), NOW);
        }
    }

    /** Type, time stamp, body and extra field, in the right time. */
    public static List<byte[]> plain() {
        List<byte[]> all = new ArrayList<>();
        for (OfferBody body : eachBody()) {
            ByteBuffer out = ByteBuffer.allocate(PLAIN).put((byte) body.type()).putLong(NOW);
            body.write(out);
            all.add(out.array());
        }
        return all;
    }

    /** An offer with whatever content under the right key, as somebody makes it who was let in and is up to no good. */
    public static byte[] seal(OfferCipher cipher, OfferHeader header, byte[] input, int length, RandomSource random) {
        byte[] plain = Target.fitted(input, length, PLAIN);
        Offer offer = new Offer(
                header,
                NOW,
                eachBody().get(0),
                Arrays.copyOf(plain, Offer.DATA_SIZE),
                Arrays.copyOfRange(plain, Offer.DATA_SIZE, PLAIN));
        return cipher.reseal(offer, header.magic(), random);
    }

    private static OfferHeader header(long magic) {
        return new OfferHeader(magic, FLOCK, FLOCK, 0x0a000001);
    }

    private static List<byte[]> sealed() {
        List<byte[]> all = new ArrayList<>();
        RandomSource random = fixed();
        try (OfferCipher cipher = OfferCipher.peer(secret(), FLOCK, FLOCK)) {
            for (OfferBody body : eachBody()) {
                all.add(cipher.seal(header(Magic.SACRAMNT), NOW, body, null, random));
            }
        }
        return all;
    }

    private static Decoder offers(RandomSource random) {
        OfferCipher cipher = OfferCipher.peer(secret(), FLOCK, FLOCK);
        return (input, length) -> open(cipher, input, length);
    }

    private static Decoder authenticOffers(RandomSource random) {
        OfferCipher cipher = OfferCipher.cathedral(secret(), FLOCK);
        return (input, length) -> {
            byte[] datagram = seal(cipher, header(Magic.KATEDRAL), input, length, random);
            open(cipher, datagram, datagram.length);
        };
    }

    private static void open(OfferCipher cipher, byte[] datagram, int length) {
        try {
            cipher.open(datagram, 0, length, NOW);
        } catch (OfferException e) {
            // its own
        }
    }

    // ---- data packets

    private static SessionKey key(int number) {
        RandomSource random = new Random(number)::nextBytes;
        return new SessionKey(random.bytes(32), number, number);
    }

    private static List<byte[]> packets() {
        List<byte[]> all = new ArrayList<>();
        RandomSource random = fixed();
        for (int number = 1; number <= 3; number++) {
            TxSession session = new TxSession(key(number), FLOCK, FLOCK, 0);
            for (int size : new int[] {0, 14, 60, 1404}) {
                byte[] frame = random.bytes(size + DataHeader.TAIL);
                byte[] out = new byte[size + DataHeader.OVERHEAD];
                int next = size == 14 ? DataHeader.NEXT_GRACE : DataHeader.NEXT_FRAME;
                session.seal(0, session.reserve(1), frame, 0, size, next, out, 0);
                all.add(out);
            }
        }
        return all;
    }

    private static Decoder slots(RandomSource random) {
        RxSlots slots = new RxSlots(FLOCK, FLOCK);
        slots.install(key(1));
        slots.install(key(2));
        byte[] out = new byte[DATAGRAM];
        int[] seen = {0};
        return (input, length) -> {
            slots.open(input, 0, length, out, random.nextInt() & 0x3ff);
            if (++seen[0] % 1000 == 0) {
                slots.install(key(1 + seen[0] / 1000 % 3));
                slots.sweep(seen[0]);
            }
        };
    }

    // ---- shrouds

    private static List<byte[]> shrouded() {
        List<byte[]> all = new ArrayList<>();
        RandomSource random = fixed();
        try (Shroud shroud = Shroud.peer(secret(), FLOCK, FLOCK)) {
            for (byte[] inner : packets()) {
                byte[] out = new byte[DATAGRAM];
                ShroudIdentity identity = ShroudIdentity.random(random);
                int length = shroud.seal(identity, inner, 0, inner.length, 1422, out, 0, random);
                all.add(Arrays.copyOf(out, length));
            }
        }
        return all;
    }

    private static Decoder shroud(RandomSource random) {
        Shroud shroud = Shroud.peer(secret(), FLOCK, FLOCK);
        byte[] out = new byte[DATAGRAM];
        return (input, length) -> {
            int inner = shroud.open(input, 0, length, out, 0);
            if (inner != -1 && (inner < Shroud.MIN_INNER || inner > length - Shroud.HEADER_SIZE)) {
                throw new AssertionError("a length of " + inner + " out of " + length);
            }
        };
    }

    // ---- key exchange

    /** A party that has the secret and gets no data. */
    private static final class Party implements KeyExchange.Output, KeyExchange.Traffic {
        final List<byte[]> sent = new ArrayList<>();
        final KeyExchange exchange;
        long now = NOW * 1000;

        Party(int own, int peer, RandomSource random) {
            exchange = new KeyExchange(new KeyExchange.Parameters(FLOCK, FLOCK, own << 8 | peer), random, this);
            exchange.secret(secret(), false, now);
        }

        void tick(long millis) {
            now += millis;
            exchange.tick(now, this);
            while (sent.size() > 64) {
                sent.remove(0);
            }
        }

        @Override
        public void send(byte[] datagram) {
            sent.add(datagram);
        }

        @Override
        public void installRx(SessionKey key) {}

        @Override
        public void installTx(SessionKey key) {}

        @Override
        public void destroyKeys(KeyExchange.Loss why) {}

        @Override
        public long received() {
            return 0;
        }

        @Override
        public long receivedUnderNewest() {
            return 0;
        }

        @Override
        public long sent() {
            return 0;
        }

        void receive(byte[] datagram, int length) {
            try {
                exchange.receive(datagram, 0, length, now);
            } catch (OfferException e) {
                // its own
            }
        }
    }

    /** Whole keys in their fragments, so that now and then all of one are there. */
    private static List<byte[]> fragments() {
        RandomSource random = fixed();
        byte[] ecdh = random.bytes(32);
        List<byte[]> all = new ArrayList<>();
        for (int state : new int[] {ExchangeBody.PK, ExchangeBody.CT}) {
            for (int n = 0; n < ExchangeBody.FRAGMENTS; n++) {
                ByteBuffer out = ByteBuffer.allocate(PLAIN).put(EXCHANGE).putLong(NOW);
                new ExchangeBody(5, 0x01020001, 9, state, n, ecdh, random.bytes(392)).write(out);
                all.add(out.array());
            }
        }
        return all;
    }

    /** What the second of two parties sends to the first: keys, then answers. */
    private static List<byte[]> exchange() {
        Party a = new Party(1, 2, new Random(1)::nextBytes);
        Party b = new Party(2, 1, new Random(2)::nextBytes);
        for (int i = 0; i < 4; i++) {
            a.tick(1000);
            b.tick(1000);
            a.sent.forEach(datagram -> b.receive(datagram, datagram.length));
        }
        return b.sent;
    }

    private static Decoder exchangeOutside(RandomSource random) {
        Party party = new Party(1, 2, random);
        int[] seen = {0};
        return (input, length) -> {
            party.receive(input, length);
            if (++seen[0] % INPUTS_A_TICK == 0) {
                // Time goes on only as long as the seeds are good.
                party.tick(party.now < (NOW + 8) * 1000 ? 100 : 0);
            }
        };
    }

    private static Decoder exchangeInside(RandomSource random) {
        Party party = new Party(1, 2, random);
        OfferCipher cipher = OfferCipher.peer(secret(), FLOCK, FLOCK);
        int[] seen = {0};
        return (input, length) -> {
            byte[] plain = Target.fitted(input, length, PLAIN);
            ByteBuffer.wrap(plain).putLong(1, party.now / 1000);
            plain[0] = (plain[0] & 0xf0) == 0 ? EXCHANGE : plain[0];
            byte[] datagram = seal(cipher, header(Magic.SACRAMNT), plain, PLAIN, random);
            party.receive(datagram, datagram.length);
            if (++seen[0] % INPUTS_A_TICK == 0) {
                party.tick(1000);
            }
        };
    }
}
