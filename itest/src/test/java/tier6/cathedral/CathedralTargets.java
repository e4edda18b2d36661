package tier6.cathedral;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tier6.itest.fuzz.Decoder;
import tier6.itest.fuzz.SanctumTargets;
import tier6.itest.fuzz.Scratch;
import tier6.itest.fuzz.Target;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.LiturgyBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferBody;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferHeader;
import tier6.sanctum.offer.P2pInfoBody;
import tier6.sanctum.shroud.Shroud;
import tier6.sanctum.shroud.ShroudIdentity;

/** A cathedral with two flocks, and its files. */
public final class CathedralTargets {
    private static final int DATAGRAM = 1600;
    private static final int PLAIN = Offer.DATA_SIZE + Offer.EXTRA_SIZE;
    private static final long FLOCK = 0xc0ffee1234567800L;
    private static final long OTHER = 0xbadcafe000000000L;
    private static final int DEVICES = 4;
    private static final int INPUTS_A_SECOND = 500;

    /** A signature takes longer than all the rest: so few are made, others are taken for good. */
    private static final int INPUTS_A_SIGNATURE = 16;

    /** Room for an offer in its shroud: what pads it costs time and hides nothing from us. */
    private static final int SHROUD_MTU = 700;

    private static final InetSocketAddress OWN = Address.endpoint("203.0.113.1:4500");
    private static final InetSocketAddress FEDERATED = Address.endpoint("203.0.113.2:4500");
    private static final AmbryBundle AMBRY = bundle();
    private static final byte[] SYNC = new byte[32];

    private CathedralTargets() {}

    public static List<Target> all() {
        Disguise shroud = new Disguise(true, false, SHROUD_MTU);
        Disguise padded = new Disguise(false, true, 1422);
        return List.of(
                new Target(
                        "cathedral",
                        DATAGRAM,
                        datagrams(),
                        random -> outside(new World(Disguise.NONE, new Signatures(), random))),
                new Target(
                        "cathedral-shroud",
                        DATAGRAM,
                        datagrams(),
                        random -> shrouded(new World(shroud, new Signatures(), random))),
                new Target("cathedral-inside", 8 + PLAIN, inside(), random -> inside(Disguise.NONE, random)),
                new Target("cathedral-inside-tfc", 8 + PLAIN, inside(), random -> inside(padded, random)),
                new Target("cathedral-settings", 4096, List.of(Target.text("""
                        # settings
                        flock c0ffee1234567800 {
                            allow 0a000001 spi 0x01 25
                            allow 0a000002 spi 0x02 0
                            ambry /etc/cathedral/ambry
                        }
                        flock 0xbadcafe000000000 {
                            allow 0a000001 spi fe 4294967295
                        }
                        xflock c0ffee1234567800 badcafe000000000 /etc/cathedral/cross ambry
                        federate 203.0.113.2 4500
                        """)), random -> CathedralTargets::settings),
                new Target("cathedral-conf", 2048, List.of(Target.text("""
                        mode cathedral
                        instance cathedral
                        local 203.0.113.1:4500
                        secret /dev/null
                        secretdir /tmp
                        settings /etc/passwd
                        cathedral_nat_port 4501
                        cathedral_p2p_sync yes
                        cathedral_ip 203.0.113.1:4500
                        cathedral_mtu 1422
                        shroud no
                        tfc off
                        pidfile /run/cathedral.pid
                        control /run/cathedral root
                        run cathedral as nobody
                        """)), random -> conf()));
    }

    private static AmbryBundle bundle() {
        ByteBuffer out = ByteBuffer.allocate(AmbryBundle.INTRA_SIZE);
        out.putShort((short) 5000).putInt(9).position(70);
        for (int src = 1; src <= 255; src++) {
            for (int dst = src + 1; dst <= 255; dst++) {
                out.putLong(FLOCK).putShort((short) (src << 8 | dst)).position(out.position() + 48);
                out.putLong(FLOCK).putShort((short) (dst << 8 | src)).position(out.position() + 48);
            }
        }
        try {
            return AmbryBundle.of(out.array());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A core, the secrets of its devices, and what its clock says. */
    private static final class World {
        final byte[][] cs = new byte[DEVICES][];
        final byte[][] cosk = new byte[DEVICES][];
        final OfferCipher[] ciphers = new OfferCipher[DEVICES];
        final OfferCipher catacomb = OfferCipher.catacomb(SYNC, FLOCK);
        final RandomSource random;
        final CathedralCore core;
        long now = SanctumTargets.NOW * 1000;
        private int seen;

        World(Disguise disguise, Signatures signatures, RandomSource random) {
            this.random = random;
            RandomSource fixed = new Random(3)::nextBytes;
            LongMap<Flock> flocks = new LongMap<>();
            for (long id : new long[] {FLOCK, OTHER}) {
                Flock flock = new Flock(id);
                flocks.put(id, flock);
            }
            flocks.get(FLOCK).ambry = AMBRY;
            for (int i = 0; i < DEVICES; i++) {
                cs[i] = fixed.bytes(32);
                cosk[i] = Ed25519.generate(fixed);
                ciphers[i] = OfferCipher.cathedral(cs[i], FLOCK);
                Device device = new Device(
                        csId(i),
                        new int[] {i + 1, 10 + i},
                        new long[] {i, 0},
                        new DeviceKeys(cs[i].clone(), Ed25519.publicKey(cosk[i])),
                        new Device.Usage());
                flocks.get(i == 3 ? OTHER : FLOCK).devices.put(csId(i), device);
            }
            core = new CathedralCore(1, OWN, SYNC, true, disguise, 0, signatures, random, (batch, to) -> {});
            core.tick(now - 5000);
            core.apply(new Roster(flocks, List.of(new Crossing(FLOCK, OTHER, null)), List.of(FEDERATED)), now);
        }

        InetSocketAddress source() {
            int n = random.nextInt();
            return switch (n & 7) {
                case 0 -> FEDERATED;
                case 1 -> new InetSocketAddress(FEDERATED.getAddress(), n >>> 8 & 0xffff);
                case 2 -> Address.of(n, n >>> 3 & 0xffff);
                default -> Address.of(0x0a000001 + (n >>> 8 & 3), 40_000);
            };
        }

        void receive(byte[] datagram, int length) {
            core.receive(datagram, 0, length, source(), now);
            if (++seen % INPUTS_A_SECOND == 0) {
                core.tick(now);
            }
        }
    }

    private static int csId(int device) {
        return 0x0a000001 + device;
    }

    private static OfferHeader header(long magic, long dst, int device) {
        return new OfferHeader(magic, FLOCK, dst, csId(device));
    }

    // ---- from outside

    private static List<byte[]> datagrams() {
        World world = new World(Disguise.NONE, new Signatures(), new Random(4)::nextBytes);
        List<byte[]> all = new ArrayList<>();
        byte[] peers = new byte[LiturgyBody.PEERS];
        for (int i = 0; i < 2; i++) {
            OfferBody info = InfoBody.announce(1, (i + 1) << 8 | 2 - i, 0, (i + 1) << 24 | 1, 0, 9);
            for (long magic : new long[] {Magic.KATEDRAL, Magic.CIBORIUM}) {
                all.add(signed(world, header(magic, FLOCK, i), info, i));
            }
            all.add(signed(world, header(Magic.KATEDRAL, 0, i), new LiturgyBody(i + 1, 1, peers, 0, 1), i));
            all.add(signed(world, header(Magic.SACRAMNT, FLOCK, i), info, i));
            all.add(packet((i + 1) << 24 | 1));
        }
        all.add(world.catacomb.seal(
                header(Magic.CATACOMB, FLOCK, 0),
                SanctumTargets.NOW,
                new P2pInfoBody(5, 6, 0x0102, 1),
                null,
                world.random));
        return all;
    }

    private static byte[] signed(World world, OfferHeader header, OfferBody body, int device) {
        return world.ciphers[device].sealSigned(header, SanctumTargets.NOW, body, world.cosk[device], world.random);
    }

    private static byte[] packet(int spi) {
        byte[] packet = new byte[120];
        ByteBuffer.wrap(packet).putInt(spi).putInt(1).putLong(1).putLong(FLOCK).putLong(FLOCK);
        return packet;
    }

    private static Decoder outside(World world) {
        return (input, length) -> {
            world.receive(input, length);
            // Good seeds are seen once in twenty seconds; the clock stays where they are good.
            world.now = SanctumTargets.NOW * 1000 + (world.now + 1) % 5000;
        };
    }

    private static Decoder shrouded(World world) {
        Shroud[] shrouds = new Shroud[DEVICES + 1];
        byte[][] bases = new byte[DEVICES][];
        for (int i = 0; i < DEVICES; i++) {
            shrouds[i] = Shroud.cathedral(world.cs[i], FLOCK, FLOCK);
            bases[i] = ShroudIdentity.base(FLOCK, FLOCK, csId(i));
        }
        shrouds[DEVICES] = Shroud.federation(SYNC);
        ShroudIdentity[] identities = new ShroudIdentity[DEVICES];
        Arrays.setAll(identities, i -> ShroudIdentity.fresh(bases[i], world.random));
        byte[] out = new byte[2 * DATAGRAM];
        return (input, length) -> {
            int who = Math.floorMod(world.random.nextInt(), DEVICES + 3);
            world.now += 2;
            if (who > DEVICES) {
                world.receive(input, length);
                return;
            }
            ShroudIdentity identity = who == DEVICES ? ShroudIdentity.random(world.random) : identities[who];
            world.receive(out, shrouds[who].seal(identity, input, 0, length, SHROUD_MTU, out, 0, world.random));
        };
    }

    // ---- from somebody who was let in

    /** How it is sent, two flocks in short, then what the offer says. */
    private static List<byte[]> inside() {
        List<byte[]> all = new ArrayList<>();
        for (byte[] plain : SanctumTargets.plain()) {
            for (int how = 0; how < 4; how++) {
                all.add(ByteBuffer.allocate(8 + PLAIN)
                        .put((byte) how)
                        .put(new byte[7])
                        .put(plain)
                        .array());
            }
        }
        return all;
    }

    /** Who believes most signatures. */
    private static final class Believer extends Signatures {
        boolean doubts;

        @Override
        boolean isGood(Offer offer, Ed25519.Verifier key) {
            return !doubts || super.isGood(offer, key);
        }
    }

    private static Decoder inside(Disguise disguise, RandomSource random) {
        Believer believer = new Believer();
        World world = new World(disguise, believer, random);
        long[] magics = {Magic.KATEDRAL, Magic.CIBORIUM, Magic.CATACOMB, Magic.SACRAMNT};
        long[] destinations = {FLOCK, 0, OTHER, FLOCK | 1};
        int[] seen = {0};
        return (input, length) -> {
            byte[] all = Target.fitted(input, length, 8 + PLAIN);
            byte[] plain = Arrays.copyOfRange(all, 8, all.length);
            long magic = magics[all[0] & 3];
            int device = all[1] & 1;
            world.now += 3;
            ByteBuffer.wrap(plain).putLong(1, world.now / 1000);
            believer.doubts = ++seen[0] % INPUTS_A_SIGNATURE == 0;
            if (believer.doubts) {
                byte[] signature = Ed25519.sign(world.cosk[device], Arrays.copyOf(plain, Offer.DATA_SIZE));
                System.arraycopy(signature, 0, plain, Offer.DATA_SIZE, signature.length);
            } else if (magic == Magic.CATACOMB) {
                plain[0] = SanctumTargets.P2P_INFO;
            }
            OfferCipher cipher = magic == Magic.CATACOMB ? world.catacomb : world.ciphers[device];
            OfferHeader header = header(magic, destinations[all[2] & 3], device);
            byte[] datagram = SanctumTargets.seal(cipher, header, plain, PLAIN, world.random);
            world.core.receive(
                    datagram, 0, datagram.length, magic == Magic.CATACOMB ? FEDERATED : world.source(), world.now);
            if (seen[0] % INPUTS_A_SECOND == 0) {
                world.core.tick(world.now);
            }
        };
    }

    // ---- files

    private static void settings(byte[] input, int length) {
        Settings before = Settings.empty();
        Settings read = Settings.parse(new String(input, 0, length, StandardCharsets.ISO_8859_1)
                .lines()
                .toList());
        read.keeping(before).keeping(read);
    }

    private static Decoder conf() throws IOException {
        Scratch file = Scratch.file();
        return (input, length) -> {
            file.write(input, length);
            try {
                CathedralConf.read(file.path());
            } catch (CathedralConf.Faulty e) {
                // its own
            }
        };
    }
}
