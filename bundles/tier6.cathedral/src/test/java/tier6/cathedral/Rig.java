package tier6.cathedral;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.crypto.Ed25519;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.LiturgyBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferBody;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.offer.OfferHeader;

/** A core with a clock that stands still unless told, and clients that talk to it without sockets. */
final class Rig {
    static final long FLOCK = 0x1122334455667700L;
    static final long OTHER_FLOCK = 0xaabbccddeeff0000L;
    static final InetSocketAddress CATHEDRAL = Address.endpoint("203.0.113.1:4500");
    static final byte[] SYNC = new byte[32];
    static final long START = 1_800_000_000_000L;

    final RandomSource random;
    final Recorder recorder = new Recorder();
    final CathedralCore core;
    long now = START;

    private final LongMap<Flock> flocks = new LongMap<>();
    private final List<Crossing> crossings = new ArrayList<>();
    private final List<InetSocketAddress> federations = new ArrayList<>();

    Rig() {
        this(Disguise.NONE);
    }

    Rig(Disguise disguise) {
        random = new Random(42)::nextBytes;
        core = new CathedralCore(1, CATHEDRAL, SYNC, false, disguise, 0, random, recorder);
        // A cathedral that has been there for a while.
        core.tick(now);
        passSeconds(10);
    }

    /** A client of the core: one device, one socket. */
    final class Client {
        final long flock;
        final int csId;
        final int kekId;
        final byte[] cs = random.bytes(32);
        final byte[] cosk = Ed25519.generate(random);
        final OfferCipher cipher;
        InetSocketAddress address;
        long instance = random.nextLong();
        int generation;
        int rx;
        int flags;
        long clockSkewSeconds;
        private final DeviceKeys keys;

        Client(long flock, int csId, int kekId, String address) {
            this.flock = flock;
            this.csId = csId;
            this.kekId = kekId;
            this.address = Address.endpoint(address);
            this.keys = new DeviceKeys(cs.clone(), Ed25519.publicKey(cosk));
            this.cipher = OfferCipher.cathedral(cs, flock);
        }

        byte[] sealed(long magic, long dst, OfferBody body) {
            return cipher.sealSigned(
                    new OfferHeader(magic, flock, dst, csId), now / 1000 + clockSkewSeconds, body, cosk, random);
        }

        byte[] info(long magic, long dst, int peer) {
            return sealed(magic, dst, InfoBody.announce(flags, kekId << 8 | peer, generation, rx, 0, instance));
        }

        /** Announces the tunnel to a peer of the same flock. */
        List<OfferBody> notifies(Client peer) {
            return sends(info(Magic.KATEDRAL, peer.flock, peer.kekId));
        }

        List<OfferBody> probes(Client peer) {
            return sends(info(Magic.CIBORIUM, peer.flock, peer.kekId));
        }

        List<OfferBody> probesFrom(String where, Client peer) {
            core.receive(info(Magic.CIBORIUM, peer.flock, peer.kekId), 0, Offer.SIZE, Address.endpoint(where), now);
            return answers();
        }

        /** INFO and probe together, as programs send them. */
        List<OfferBody> announces(Client peer) {
            List<OfferBody> all = new ArrayList<>(notifies(peer));
            all.addAll(probes(peer));
            return all;
        }

        List<OfferBody> sings(int group, boolean hidden, int flags, int... wanted) {
            byte[] peers = new byte[LiturgyBody.PEERS];
            for (int id : wanted) {
                peers[id] = 1;
            }
            return sends(sealed(Magic.KATEDRAL, 0, new LiturgyBody(kekId, group, peers, hidden ? 1 : 0, flags)));
        }

        /** Sends a datagram and opens what comes back to this address. */
        List<OfferBody> sends(byte[] datagram) {
            core.receive(datagram, 0, datagram.length, address, now);
            return answers();
        }

        List<OfferBody> answers() {
            List<OfferBody> bodies = new ArrayList<>();
            for (Recorder.Sent sent : recorder.take()) {
                if (sent.to().equals(address)) {
                    try {
                        bodies.add(cipher.open(sent.datagram(), 0, sent.datagram().length, now / 1000)
                                .body());
                    } catch (OfferException e) {
                        throw new AssertionError(e);
                    }
                }
            }
            return bodies;
        }
    }

    Client admit(int csId, int kekId, String address) {
        return admit(FLOCK, csId, kekId, 0, address);
    }

    Client admit(long flockId, int csId, int kekId, long mbits, String address) {
        Client client = new Client(flockId, csId, kekId, address);
        flock(flockId)
                .devices
                .put(csId, new Device(csId, new int[] {kekId}, new long[] {mbits}, client.keys, new Device.Usage()));
        apply();
        return client;
    }

    void dismiss(Client client) {
        LongMap<Device> devices = flock(client.flock).devices;
        devices.removeIf((id, device) -> device.csId() == client.csId);
        apply();
    }

    void federate(String cathedral) {
        federations.add(Address.endpoint(cathedral));
        apply();
    }

    void cross(long one, long other) {
        flock(one);
        flock(other);
        crossings.add(new Crossing(one & ~0xff, other & ~0xff, null));
        apply();
    }

    void ambry(long flockId, AmbryBundle bundle) {
        flock(flockId).ambry = bundle;
        apply();
    }

    /** A bundle of zeroes that is good for some years. */
    static AmbryBundle bundle(long flockId, int generation) {
        ByteBuffer out = ByteBuffer.allocate(AmbryBundle.INTRA_SIZE);
        out.putShort((short) 5000).putInt(generation).put(new byte[64]);
        for (int src = 1; src <= 255; src++) {
            for (int dst = 1; dst <= 255; dst++) {
                if (src != dst) {
                    out.putLong(flockId & ~0xff)
                            .putShort((short) (src << 8 | dst))
                            .put(new byte[48]);
                }
            }
        }
        try {
            return AmbryBundle.of(out.array());
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    private Flock flock(long id) {
        Flock flock = flocks.get(id & ~0xff);
        if (flock == null) {
            flock = new Flock(id & ~0xff);
            flocks.put(flock.id, flock);
        }
        return flock;
    }

    private void apply() {
        LongMap<Flock> copy = new LongMap<>();
        flocks.forEach(f -> {
            Flock flock = new Flock(f.id);
            flock.ambry = f.ambry;
            f.devices.forEach(d -> flock.devices.put(d.csId(), d));
            copy.put(flock.id, flock);
        });
        core.apply(new Roster(copy, crossings, federations), now);
    }

    void passSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now += 1000;
            core.tick(now);
        }
    }

    /** A data packet; only what stands in clear has a meaning. */
    static byte[] data(int spi, long src, long dst, int length) {
        byte[] packet = new byte[length];
        Arrays.fill(packet, (byte) 7);
        ByteBuffer.wrap(packet).putInt(spi).putInt(1).putLong(1).putLong(src).putLong(dst);
        return packet;
    }

    int relayed(byte[] packet, String from) {
        core.receive(packet, 0, packet.length, Address.endpoint(from), now);
        return recorder.take().size();
    }

    long count(CathedralCounter counter) {
        return core.counters().get(counter);
    }
}
