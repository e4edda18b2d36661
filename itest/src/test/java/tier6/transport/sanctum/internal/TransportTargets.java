package tier6.transport.sanctum.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.time.Clock;
import tier6.itest.fuzz.Decoder;
import tier6.itest.fuzz.SanctumTargets;
import tier6.itest.fuzz.Scratch;
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
import tier6.sanctum.session.DataHeader;
import tier6.sanctum.session.SessionKey;
import tier6.sanctum.session.TxSession;
import tier6.sanctum.shroud.Shroud;
import tier6.sanctum.shroud.ShroudIdentity;

/** A whole link: whatever arrives at its socket, from its peer, from its cathedral, or from anywhere. */
public final class TransportTargets {
    private static final int DATAGRAM = 1600;
    private static final int PLAIN = Offer.DATA_SIZE + Offer.EXTRA_SIZE;
    private static final long FLOCK = 0xc0ffee1234567800L;
    private static final int CS_ID = 0x0a000001;
    private static final int INPUTS_A_TURN = 16;
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.2", 40000);
    private static final InetSocketAddress CATHEDRAL = new InetSocketAddress("203.0.113.1", 4500);

    private TransportTargets() {}

    public static List<Target> all() {
        return List.of(
                new Target("link-outside", DATAGRAM, recorded(), random -> outside(random)),
                new Target("link-shroud", DATAGRAM, recorded(), random -> shrouded(random)),
                new Target("link-data", DATAGRAM, frames(), random -> data(random)),
                new Target("link-cathedral", PLAIN, SanctumTargets.plain(), random -> cathedral(random)));
    }

    private static byte[] secret() {
        RandomSource random = new Random(9)::nextBytes;
        return random.bytes(32);
    }

    /** A node with one link, on a host whose clock is moved by hand. */
    private static final class Node implements Clock {
        final StubLoop loop = new StubLoop();
        final TransportCore core;
        final SanctumLink link;
        final OfferCipher cipher = OfferCipher.cathedral(secret(), FLOCK);
        long unixMillis = SanctumTargets.NOW * 1000;

        /** A peer with a fixed address, or one that is found through the cathedral. */
        Node(int device, boolean direct, boolean shroud, RandomSource random) throws Exception {
            Identity identity = new Identity(FLOCK, device, CS_ID, secret(), Ed25519.ofSeed(secret()), new byte[32]);
            core = new TransportCore(
                    new NodeSettings(FLOCK, device, identity, InetAddress.getLoopbackAddress(), shroud),
                    this,
                    random,
                    event -> {});
            core.attach(loop);
            Scratch file = Scratch.file();
            file.write(secret(), Identity.SECRET_SIZE);
            PeerId peer = new PeerId(FLOCK, 3 - device);
            link = core.connect(
                    direct ? Peer.at(peer, PEER, file.path(), 0) : Peer.through(peer, CATHEDRAL), batch -> {});
            turn(0);
        }

        @Override
        public long nanos() {
            return unixMillis * 1_000_000;
        }

        @Override
        public long unixMillis() {
            return unixMillis;
        }

        void turn(long millis) {
            unixMillis += millis;
            core.control();
            link.status();
        }

        void hear(List<byte[]> datagrams) {
            for (byte[] datagram : datagrams) {
                loop.deliver(datagram, datagram.length, PEER);
            }
            core.control();
        }
    }

    /** Two nodes that speak to each other until both have keys; the last of it with a few frames. */
    private static List<byte[]> converse(Node a, Node b) {
        List<byte[]> heard = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            a.turn(500);
            b.turn(500);
            List<byte[]> fromB = b.loop.take();
            b.hear(a.loop.take());
            a.hear(fromB);
            heard.addAll(fromB);
        }
        Batch frame = new Batch(1, 1, 2000);
        frame.append(1000);
        b.link.send(frame);
        heard.addAll(b.loop.take());
        return heard;
    }

    private static List<byte[]> recorded() {
        try {
            return converse(one(false), other(false));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Both draw what they draw in every recording, so that later ones have the keys of the first. */
    private static Node one(boolean shroud) throws Exception {
        return new Node(1, true, shroud, new Random(1)::nextBytes);
    }

    private static Node other(boolean shroud) throws Exception {
        return new Node(2, true, shroud, new Random(2)::nextBytes);
    }

    private static InetSocketAddress source(RandomSource random) {
        int n = random.nextInt();
        return switch (n & 15) {
            case 0 -> CATHEDRAL;
            case 1 -> new InetSocketAddress("198.51.100." + (n >>> 8 & 0xff), n >>> 16);
            case 2 -> new InetSocketAddress("2001:db8::" + (n >>> 28), 4500);
            default -> PEER;
        };
    }

    private static Decoder outside(RandomSource random) throws Exception {
        Node node = one(false);
        converse(node, other(false));
        int[] seen = {0};
        return (input, length) -> {
            node.loop.deliver(input, length, source(random));
            if (++seen[0] % INPUTS_A_TURN == 0) {
                node.turn(node.unixMillis < (SanctumTargets.NOW + 9) * 1000 ? 10 : 0);
                node.loop.take();
            }
        };
    }

    /** The same under a shroud, and now and then without one. */
    private static Decoder shrouded(RandomSource random) throws Exception {
        Node node = one(true);
        converse(node, other(true));
        Shroud shroud = Shroud.peer(secret(), 0, 0);
        byte[] out = new byte[2 * DATAGRAM];
        int[] seen = {0};
        return (input, length) -> {
            int size = length;
            byte[] datagram = input;
            if ((random.nextInt() & 7) != 0) {
                ShroudIdentity identity = ShroudIdentity.random(random);
                size = shroud.seal(identity, input, 0, length, 1422, out, 0, random);
                datagram = out;
            }
            node.loop.deliver(datagram, size, source(random));
            if (++seen[0] % INPUTS_A_TURN == 0) {
                node.turn(node.unixMillis < (SanctumTargets.NOW + 9) * 1000 ? 10 : 0);
                node.loop.take();
            }
        };
    }

    /** Next header, then the payload. */
    private static List<byte[]> frames() {
        byte[] grace = new byte[40];
        byte[] heartbeat = new byte[1 + Ethernet.HEADER];
        heartbeat[13] = (byte) 0xde;
        heartbeat[14] = (byte) 0xad;
        byte[] arp = new byte[61];
        arp[13] = 8;
        arp[14] = 6;
        List<byte[]> all = new ArrayList<>(List.of(heartbeat, arp, new byte[1400]));
        for (int type = 0; type < 8; type++) {
            byte[] one = grace.clone();
            one[0] = 1;
            one[1] = (byte) type;
            all.add(one);
        }
        return all;
    }

    /** What a peer sends that has the keys. */
    private static Decoder data(RandomSource random) throws Exception {
        Node node = new Node(1, false, false, random);
        SessionKey key = new SessionKey(secret(), 0x01020001, 5);
        node.link.control().installRx(key);
        node.link.control().installTx(new SessionKey(secret(), 0x02010001, 6));
        TxSession session = new TxSession(new SessionKey(secret(), 0x01020001, 5), FLOCK, FLOCK, 0);
        byte[] plain = new byte[DATAGRAM + DataHeader.TAIL];
        byte[] out = new byte[DATAGRAM + DataHeader.OVERHEAD];
        int[] seen = {0};
        return (input, length) -> {
            int size = Math.max(0, length - 1);
            System.arraycopy(input, Math.min(1, length), plain, 0, size);
            int next = length > 0 && (input[0] & 1) != 0 ? DataHeader.NEXT_GRACE : DataHeader.NEXT_FRAME;
            int sealed = session.seal(0, session.reserve(1), plain, 0, size, next, out, 0);
            node.loop.deliver(out, sealed, source(random));
            if (++seen[0] % INPUTS_A_TURN == 0) {
                node.turn(0);
                node.loop.take();
            }
        };
    }

    /** What a cathedral answers. */
    private static Decoder cathedral(RandomSource random) throws Exception {
        Node node = new Node(1, false, false, random);
        OfferHeader header = new OfferHeader(Magic.KATEDRAL, 1, 2, CS_ID);
        int[] seen = {0};
        return (input, length) -> {
            byte[] plain = Target.fitted(input, length, PLAIN);
            ByteBuffer.wrap(plain).putLong(1, node.unixMillis / 1000);
            if ((random.nextInt() & 7) == 0) {
                OfferBody ambry = SanctumTargets.eachBody().get(3);
                ByteBuffer body =
                        ByteBuffer.wrap(plain).put((byte) ambry.type()).position(9);
                ambry.write(body);
            }
            byte[] datagram = SanctumTargets.seal(node.cipher, header, plain, PLAIN, random);
            node.loop.deliver(datagram, datagram.length, CATHEDRAL);
            node.turn(10);
            if (++seen[0] % INPUTS_A_TURN == 0) {
                node.loop.take();
            }
        };
    }
}
