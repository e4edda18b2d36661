package tier6.cathedral;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import tier6.api.counter.Counters;
import tier6.api.frame.Batch;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.kdf.Flocks;
import tier6.sanctum.offer.AmbryBody;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.LiturgyBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferBody;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.offer.OfferHeader;
import tier6.sanctum.offer.P2pInfoBody;
import tier6.sanctum.offer.RemembranceBody;
import tier6.sanctum.shroud.Shroud;
import tier6.sanctum.shroud.ShroudIdentity;

/**
 * A cathedral as pure computation (specification section 9): no sockets, threads, clock or randomness of its own. Datagrams
 * and the time go in, datagrams come out. All methods but the queries belong to one thread.
 *
 * <p>Datagrams of both ports go into {@link #receive}; all output is to be sent from the main port. Times are unix
 * milliseconds. They may jump: what is measured against the clocks of others follows, ages and intervals do not.
 */
public final class CathedralCore implements AutoCloseable {
    /** Where datagrams go. */
    @FunctionalInterface
    public interface Output {
        /** Sends every element of {@code datagrams} to {@code to}; must not keep the batch nor call back. */
        void send(Batch datagrams, InetSocketAddress to);
    }

    /** Shorter than a data packet without payload (specification section 4). */
    static final int SHORTEST = 50;

    static final long COOLDOWN_MILLIS = 15_000;
    static final long REMEMBRANCE_INTERVAL_MILLIS = 15_000;
    static final long FEDERATION_INTERVAL_MILLIS = 3_000;
    static final long LIFETIME_MILLIS = 120_000;

    /**
     * After its start a cathedral does not know yet who is there, and a C node takes down every peer that an answer lacks: so
     * for so long liturgies are heard but not answered, until everybody had time to ask once more.
     */
    static final long SILENCE_AFTER_START_MILLIS = 2_000;

    /** Tunnels and liturgies that a single device may hold. */
    static final int MOST_TUNNELS = 1024;

    static final int MOST_LITURGIES = 32;

    /** Answers that an address can save up. */
    private static final int MOST_CREDIT = 4 * Offer.SIZE;

    /** A longer pause between two calls is a clock that was set. */
    private static final long CLOCK_JUMP_MILLIS = 60_000;

    private static final int LARGEST_RUN = 512;

    /** Room for whatever fits into an IPv4 datagram, so that nothing that was received is too long to be sent. */
    private static final int LARGEST_DATAGRAM = 65_535;

    private static final Logger LOG = System.getLogger(CathedralCore.class.getName());

    private final InetSocketAddress announced;
    private final int announcedIp;
    private final boolean p2pSync;
    private final byte[] sync;
    private final int initialCredit;
    private final RandomSource random;
    private final Output output;
    private final Counters<CathedralCounter> counters = new Counters<>(CathedralCounter.class);
    private final RefusalLog refusals = new RefusalLog();

    private final Disguise disguise;
    private final Veil veil;
    private final Shroud federationShroud;
    private final byte[] unveiled;

    /** Who wears the shroud of the datagram that is being looked at. */
    private Veil.Wearer wearer;

    private final Tunnels tunnels = new Tunnels();
    private final LongMap<LongMap<Liturgy>> congregations = new LongMap<>();
    private final SeedCache seeds;
    private final Signatures signatures;
    private final SourceLimiter limiter;
    private final Batch run;
    private final Batch single;
    private InetSocketAddress runTo;
    private Roster roster = Roster.empty();

    private int relayed;
    private long relayedBytes;
    private InetSocketAddress lastFrom;
    private int lastIp;
    private long lastWall;
    private long clockOffset;
    private long startedAt = -1;
    private volatile CathedralStatus status = CathedralStatus.NOTHING;

    /**
     * Makes a cathedral that knows nobody yet.
     *
     * @param lane lane of the thread that will call it
     * @param announced where clients are told to find it
     * @param sync the secret shared with federated cathedrals, 32 bytes, copied; or null to be alone
     * @param p2pSync whether other cathedrals are told, and believed, the addresses of clients
     */
    public CathedralCore(
            int lane, InetSocketAddress announced, byte[] sync, boolean p2pSync, RandomSource random, Output output) {
        this(lane, announced, sync, p2pSync, Disguise.NONE, 0, random, output);
    }

    /**
     * As the other, with more to say.
     *
     * @param disguise how it hides what it says
     * @param initialCredit bytes that a new address gets before it has sent as many; 0 but in tests
     */
    public CathedralCore(
            int lane,
            InetSocketAddress announced,
            byte[] sync,
            boolean p2pSync,
            Disguise disguise,
            int initialCredit,
            RandomSource random,
            Output output) {
        this(lane, announced, sync, p2pSync, disguise, initialCredit, new Signatures(), random, output);
    }

    CathedralCore(
            int lane,
            InetSocketAddress announced,
            byte[] sync,
            boolean p2pSync,
            Disguise disguise,
            int initialCredit,
            Signatures signatures,
            RandomSource random,
            Output output) {
        this.signatures = signatures;
        this.announced = announced;
        this.announcedIp = Address.ip(announced);
        this.sync = sync == null ? null : sync.clone();
        this.p2pSync = p2pSync;
        this.initialCredit = initialCredit;
        this.random = random;
        this.output = output;
        this.run = Batch.selection(lane, LARGEST_RUN);
        this.single = new Batch(lane, 1, LARGEST_DATAGRAM + Batch.TAILROOM);
        this.disguise = disguise;
        this.veil = disguise.shroud() ? new Veil() : null;
        this.federationShroud = disguise.shroud() && sync != null ? Shroud.federation(sync) : null;
        this.unveiled = disguise.shroud() ? new byte[LARGEST_DATAGRAM] : null;
        this.seeds = new SeedCache(random.nextLong(), 0);
        this.limiter = new SourceLimiter(random.nextLong());
    }

    /**
     * Takes a new roster: devices that lost their place lose their tunnels and liturgies at once, the others notice nothing.
     */
    public void apply(Roster next, long nowMillis) {
        Roster old = roster;
        roster = next;
        if (veil != null) {
            veil.apply(next);
        }
        tunnels.removeIf(t -> {
            Device device = device(t.src, t.csId);
            int index = device == null ? -1 : device.indexOf(t.id >>> 8);
            boolean gone = index < 0
                    || !next.permits(t.src, t.dst)
                    || t.federated && !federates(t.address)
                    || t.wearer != null && !veil.knows(t.wearer);
            if (gone) {
                t.usage.tunnels--;
                LOG.log(Level.INFO, "tunnel {0}: removed, the settings do not allow it any more", t);
            } else {
                t.limit(device.mbits()[index]);
            }
            return gone;
        });
        removeLiturgies((flock, l) -> {
            Device device = device(flock, l.csId);
            return device == null || !device.may(l.id) || l.federated && !federates(l.address);
        });
        old.flocks.forEach(flock -> flock.devices.forEach(device -> {
            Device now = device(flock.id, device.csId());
            if (device.keys() != null && (now == null || now.keys() != device.keys())) {
                device.keys().close();
            }
        }));
        publishStatus();
    }

    /** Takes datagrams that came in a row from one sender, on either port. Reads the elements, changes nothing. */
    public void receive(Batch datagrams, InetSocketAddress from, long nowMillis) {
        long now = steady(nowMillis);
        relayed = 0;
        relayedBytes = 0;
        run.selectFrom(datagrams);
        for (int i = 0; i < datagrams.count(); i++) {
            byte[] data = datagrams.data();
            int at = datagrams.offset(i);
            int length = datagrams.length(i);
            if (veil != null) {
                length = unveil(data, at, length, from, now);
                data = unveiled;
                at = 0;
            }
            if (length >= SHORTEST) {
                dispatch(data, at, length, from, now);
            } else if (length >= 0) {
                count(CathedralCounter.DROP_SHORT);
            }
        }
        flush();
        counters.add(CathedralCounter.RELAYED_DATAGRAMS, relayed);
        counters.add(CathedralCounter.RELAYED_BYTES, relayedBytes);
    }

    private void dispatch(byte[] data, int at, int length, InetSocketAddress from, long now) {
        long magic = Bytes.getLong(data, at);
        if (magic == Magic.KATEDRAL || magic == Magic.CIBORIUM || magic == Magic.CATACOMB) {
            flush();
            offer(magic, data, at, length, from, now);
            return;
        }
        boolean key = magic == Magic.SACRAMNT;
        Tunnel to = key ? keyOfferTo(data, at) : dataTo(data, at, length, now);
        if (to == null) {
            return;
        }
        if (to.federated && federates(from)) {
            // One hop between cathedrals, never two: two of them that each believe the other to have the device would
            // play with its datagrams for ever.
            count(CathedralCounter.DROP_TRANSIT);
            return;
        }
        if (veil != null) {
            send(data, length, to.address, to.federated ? federationShroud : to.wearer.shroud());
        } else {
            if (to.address != runTo || run.count() == run.maxCount()) {
                flush();
                runTo = to.address;
            }
            run.select(at, length);
        }
        if (key) {
            count(CathedralCounter.RELAYED_OFFERS);
        } else {
            relayed++;
            relayedBytes += length;
        }
    }

    /** Takes a single datagram, as {@link #receive(Batch, InetSocketAddress, long)} does. Copies it. */
    public void receive(byte[] data, int at, int length, InetSocketAddress from, long nowMillis) {
        Batch one = new Batch(run.lane(), 1, length + Batch.TAILROOM);
        one.append(data, at, length);
        receive(one, from, nowMillis);
    }

    /** To be called about once a second. */
    public void tick(long nowMillis) {
        long now = steady(nowMillis);
        refusals.flush(now);
        tunnels.removeIf(t -> {
            boolean gone = now - t.announcedAt >= LIFETIME_MILLIS;
            if (gone) {
                t.usage.tunnels--;
                LOG.log(Level.INFO, "tunnel {0}: removed after {1} s of silence", t, LIFETIME_MILLIS / 1000);
            }
            return gone;
        });
        removeLiturgies((flock, l) -> now - l.announcedAt >= LIFETIME_MILLIS);
        publishStatus();
    }

    /** What it counted. Any thread. */
    public Counters<CathedralCounter> counters() {
        return counters;
    }

    /** Who is there, as of the last {@link #tick}. Any thread. */
    public CathedralStatus status() {
        return status;
    }

    /** Forgets all secrets. */
    @Override
    public void close() {
        apply(Roster.empty(), lastWall);
        if (sync != null) {
            Secrets.clear(sync);
        }
        if (federationShroud != null) {
            federationShroud.close();
        }
    }

    // ------------------------------------------------------------------------------------------------ relay (9.6)

    private Tunnel dataTo(byte[] data, int at, int length, long now) {
        int spi = Bytes.getInt(data, at);
        Tunnel to = tunnels.get(Bytes.getLong(data, at + 24), Bytes.getLong(data, at + 16), spi >>> 16);
        if (to == null) {
            count(CathedralCounter.DROP_NO_TUNNEL);
            return null;
        }
        if (spi != to.rxActive && spi != to.rxPending) {
            count(CathedralCounter.DROP_WRONG_SPI);
            return null;
        }
        if (!to.admits(length, now)) {
            count(CathedralCounter.DROP_BANDWIDTH);
            return null;
        }
        return to;
    }

    private Tunnel keyOfferTo(byte[] data, int at) {
        Tunnel from = tunnels.get(
                Bytes.getLong(data, at + 8), Bytes.getLong(data, at + 16), Bytes.getInt(data, at + 24) >>> 16);
        Tunnel to = from == null ? null : tunnels.peerOf(from);
        if (to == null) {
            count(CathedralCounter.DROP_NO_TUNNEL);
        }
        return to;
    }

    private void flush() {
        if (!run.isEmpty()) {
            output.send(run, runTo);
            run.clear();
        }
        runTo = null;
    }

    // --------------------------------------------------------------------------------------------- admission (9.3)

    private void offer(long magic, byte[] data, int at, int length, InetSocketAddress from, long now) {
        if (length < Offer.SIZE) {
            count(CathedralCounter.DROP_SHORT);
            return;
        }
        int ip = ip(from);
        long flockId = Bytes.getLong(data, at + 8);
        int csId = Bytes.getInt(data, at + 24);
        boolean catacomb = magic == Magic.CATACOMB;
        boolean bare = veil != null && !catacomb && wearer == null;
        if (ip == 0 || bare || catacomb && (sync == null || !federates(from))) {
            refuse(CathedralCounter.DROP_UNKNOWN_CATHEDRAL, from, flockId, csId, now);
            return;
        }
        Flock flock = roster.flock(flockId);
        if (flock == null) {
            refuse(CathedralCounter.DROP_UNKNOWN_FLOCK, from, flockId, csId, now);
            return;
        }
        Device device = flock.device(csId);
        if (device == null || device.keys() == null) {
            refuse(CathedralCounter.DROP_UNKNOWN_DEVICE, from, flockId, csId, now);
            return;
        }
        long seed = seeds.key(data, at + OfferHeader.SIZE);
        if (seeds.contains(seed)) {
            refuse(CathedralCounter.DROP_REPLAYED, from, flockId, csId, now);
            return;
        }
        if (!limiter.admits(ip, from.getPort(), now)) {
            refuse(CathedralCounter.DROP_LIMITED, from, flockId, csId, now);
            return;
        }
        Offer offer = open(catacomb, device, flockId, data, at, length, from, now);
        if (offer == null) {
            return;
        }
        boolean unsigned = catacomb && offer.body() instanceof P2pInfoBody;
        if (!unsigned && !(offer.body() instanceof InfoBody) && !(offer.body() instanceof LiturgyBody)) {
            refuse(CathedralCounter.DROP_MALFORMED, from, flockId, csId, now);
            return;
        }
        if (!unsigned && !signatures.isGood(offer, device.keys().verifier())) {
            limiter.charge(ip, from.getPort(), now);
            refuse(CathedralCounter.DROP_SIGNATURE, from, flockId, csId, now);
            return;
        }
        seeds.add(seed, now);
        limiter.trust(ip, from.getPort(), now);

        boolean done = offer.body() instanceof InfoBody info
                ? info(offer, info, device, from, ip, now)
                : offer.body() instanceof LiturgyBody liturgy
                        ? magic != Magic.CIBORIUM && liturgy(offer, liturgy, device, from, now)
                        : p2pInfo(offer, (P2pInfoBody) offer.body(), device);
        if (!done) {
            refuse(CathedralCounter.DROP_NOT_ALLOWED, from, flockId, csId, now);
        } else if (catacomb) {
            count(CathedralCounter.CATACOMBS);
        }
    }

    private Offer open(
            boolean catacomb,
            Device device,
            long flockId,
            byte[] data,
            int at,
            int length,
            InetSocketAddress from,
            long now) {
        OfferCipher cipher =
                catacomb ? OfferCipher.catacomb(sync, flockId) : device.keys().cipher(flockId);
        boolean authentic = false;
        try {
            Offer offer = cipher.open(data, at, length, wallSeconds());
            authentic = true;
            return offer;
        } catch (OfferException e) {
            switch (e.reason()) {
                case CLOCK -> {
                    authentic = true;
                    count(CathedralCounter.DROP_CLOCK);
                    if (refusals.clock(device.csId(), flockId, e.skewSeconds(), now) && !catacomb) {
                        // Says nothing but when it was made: so the device learns which of the two clocks it is.
                        device.keys().keep(flockId, cipher);
                        answer(device, flockId, from, InfoBody.answer(0, 0, 0, 0, 0));
                    }
                }
                case MALFORMED -> {
                    authentic = true;
                    refuse(CathedralCounter.DROP_MALFORMED, from, flockId, device.csId(), now);
                }
                default -> {
                    limiter.charge(ip(from), from.getPort(), now);
                    refuse(CathedralCounter.DROP_NOT_AUTHENTIC, from, flockId, device.csId(), now);
                }
            }
            return null;
        } finally {
            if (authentic && !catacomb) {
                device.keys().keep(flockId, cipher);
            } else if (!device.keys().isKept(cipher)) {
                cipher.close();
            }
        }
    }

    // -------------------------------------------------------------------------------------------------- INFO (9.4)

    private boolean info(Offer offer, InfoBody info, Device device, InetSocketAddress from, int ip, long now) {
        OfferHeader header = offer.header();
        int index = device.indexOf(info.tunnel() >>> 8);
        if (index < 0
                || roster.flock(header.flockDst()) == null
                || !roster.permits(header.flockSrc(), header.flockDst())) {
            return false;
        }
        Tunnel t = tunnels.get(header.flockSrc(), header.flockDst(), info.tunnel());
        if (header.magic() == Magic.CIBORIUM) {
            count(CathedralCounter.PROBES);
            if (t != null && !t.federated) {
                probe(t, device, ip, from.getPort(), now);
            }
            return true;
        }
        boolean catacomb = header.magic() == Magic.CATACOMB;
        boolean known = t != null;
        if (!known) {
            if (device.usage().tunnels >= MOST_TUNNELS) {
                count(CathedralCounter.DROP_TOO_MANY);
                return true;
            }
            t = new Tunnel(header.flockSrc(), header.flockDst(), info.tunnel(), device.csId(), device.usage());
            t.instance = info.instance();
            t.cooldownUntil = now + COOLDOWN_MILLIS;
            t.remembranceAt = now;
            t.federateAt = now;
            t.limit(device.mbits()[index]);
            t.usage.tunnels++;
            tunnels.add(t);
        } else if (catacomb && !t.federated && offer.timestamp() < t.timestamp) {
            // What another cathedral heard before the device spoke to us must not take the tunnel away from us.
            return true;
        }
        if (t.csId != device.csId()) {
            t.usage.tunnels--;
            t.csId = device.csId();
            t.usage = device.usage();
            t.usage.tunnels++;
        }
        boolean restarted = info.instance() != t.instance;
        if (restarted) {
            t.unverify();
            t.instance = info.instance();
            t.cooldownUntil = now + COOLDOWN_MILLIS;
            LOG.log(Level.INFO, "tunnel {0}: {1} restarted", t, Device.name(t.csId));
        }
        boolean moved = t.address == null || t.ip != ip || t.port != from.getPort() || t.federated != catacomb;
        if (moved) {
            move(t, from, ip, catacomb, known);
        }
        t.wearer = wearer;
        t.announcedAt = now;
        t.timestamp = offer.timestamp();
        t.rxActive = info.rxActive();
        t.rxPending = info.rxPending();
        t.generation = info.ambryGeneration();
        if (catacomb) {
            return true;
        }

        count(CathedralCounter.INFOS);
        t.credit = Math.min(MOST_CREDIT, t.credit + Offer.SIZE);
        t.owedInfo = !restarted;
        t.owedAmbry = (info.flags() & InfoBody.NO_AMBRY) == 0 && newAmbry(t) != null;
        t.owedRemembrance = !restarted
                && (info.flags() & InfoBody.WANT_REMEMBRANCE) != 0
                && (t.owedRemembrance || now >= t.remembranceAt);
        pay(t, device, now);

        if (now >= t.federateAt && sync != null && !roster.federations.isEmpty()) {
            t.federateAt = now + FEDERATION_INTERVAL_MILLIS;
            federate(offer, t.dst);
            federateAddress(t);
        }
        return true;
    }

    private void move(Tunnel t, InetSocketAddress from, int ip, boolean catacomb, boolean known) {
        if (!known) {
            LOG.log(
                    Level.INFO,
                    "tunnel {0}: {1} is at {2}{3}",
                    t,
                    Device.name(t.csId),
                    catacomb ? "cathedral " : "",
                    Address.name(from));
        } else {
            LOG.log(Level.INFO, "tunnel {0}: moved from {1} to {2}", t, Address.name(t.address), Address.name(from));
        }
        if (t.verified && !t.federated && (t.p2pIp != ip || t.p2pPort != from.getPort())) {
            t.unverify();
        }
        if (t.federated != catacomb) {
            t.unverify();
        }
        t.address = from;
        t.ip = ip;
        t.port = from.getPort();
        t.federated = catacomb;
        t.credit = initialCredit;
    }

    private void probe(Tunnel t, Device device, int ip, int port, long now) {
        if (t.ip != ip || t.port != port) {
            if (t.verified) {
                LOG.log(Level.INFO, "tunnel {0}: its NAT maps us to different ports, so it is relayed", t);
            }
            t.unverify();
            return;
        }
        t.credit = Math.min(MOST_CREDIT, t.credit + Offer.SIZE);
        if (now >= t.cooldownUntil) {
            if (!t.verified) {
                LOG.log(Level.INFO, "tunnel {0}: can be reached at {1}", t, Address.name(t.address));
            }
            t.verified = true;
            t.p2pIp = ip;
            t.p2pPort = port;
        }
        pay(t, device, now);
    }

    /**
     * Sends what the device is owed, but never more bytes to an address than came from there: whoever replays or diverts an
     * announcement gains nothing. What has to wait goes out with the next probe, a moment later.
     */
    private void pay(Tunnel t, Device device, long now) {
        Tunnel peer = t.owedInfo ? tunnels.peerOf(t) : null;
        boolean info = peer != null && (!peer.federated || p2pSync);
        int affordable = t.credit / Offer.SIZE;
        int owed = (info ? 1 : 0) + (t.owedAmbry ? 1 : 0) + (t.owedRemembrance ? 1 : 0);
        if (affordable < owed) {
            count(CathedralCounter.POSTPONED);
        }
        // The ambry first, for without it there are no keys; but not every time, for a device may not want it.
        boolean ambry = t.owedAmbry && affordable > (info && t.ambryBefore ? 1 : 0);
        info = info && affordable > (ambry ? 1 : 0);
        boolean remembrance = t.owedRemembrance && affordable > (ambry ? 1 : 0) + (info ? 1 : 0);
        t.ambryBefore = ambry;
        if (info) {
            t.owedInfo = false;
            t.credit -= answer(device, t.src, t.address, infoAnswer(t, peer, now));
        }
        if (remembrance) {
            t.owedRemembrance = false;
            t.remembranceAt = now + REMEMBRANCE_INTERVAL_MILLIS;
            t.credit -= answer(device, t.src, t.address, remembrance());
        }
        if (ambry) {
            t.owedAmbry = false;
            AmbryBody body = newAmbry(t);
            if (body != null) {
                LOG.log(Level.DEBUG, "tunnel {0}: gets ambry {1}", t, Device.name(body.generation()));
                t.credit -= answer(device, t.src, t.address, body);
            }
        }
    }

    private AmbryBody newAmbry(Tunnel t) {
        AmbryBundle bundle = roster.ambry(t.src, t.dst);
        return bundle == null || bundle.generation() == t.generation || bundle.expired(wallSeconds())
                ? null
                : bundle.find(t.src, t.id);
    }

    private InfoBody infoAnswer(Tunnel t, Tunnel peer, long now) {
        boolean both = t.verified && peer.verified;
        int peerIp = announcedIp;
        int peerPort = announced.getPort();
        int flags = 0;
        if (both && t.p2pIp != peer.p2pIp) {
            peerIp = peer.p2pIp;
            peerPort = peer.p2pPort;
        } else if (both && now >= t.cooldownUntil && now >= peer.cooldownUntil) {
            flags = InfoBody.SAME_ADDRESS;
        }
        // libkyrka ignores an answer whose peer address is the client's own, and sanctum does not take such an address:
        // right when a peer has it, but fatal when it is the cathedral that shares the client's host. Then we keep it.
        return peerIp == t.ip
                ? InfoBody.answer(flags, peerIp, peerPort, 0, 0)
                : InfoBody.answer(flags, peerIp, peerPort, t.ip, t.port);
    }

    private RemembranceBody remembrance() {
        int[] ips = new int[RemembranceBody.SLOTS];
        int[] ports = new int[RemembranceBody.SLOTS];
        ips[0] = announcedIp;
        ports[0] = announced.getPort();
        List<InetSocketAddress> others = roster.federations;
        for (int i = 0; i < others.size(); i++) {
            ips[i + 1] = Address.ip(others.get(i));
            ports[i + 1] = others.get(i).getPort();
        }
        return new RemembranceBody(ips, ports);
    }

    // ----------------------------------------------------------------------------------------------- LITURGY (9.5)

    private boolean liturgy(Offer offer, LiturgyBody body, Device device, InetSocketAddress from, long now) {
        long flockId = offer.header().flockSrc();
        boolean catacomb = offer.header().magic() == Magic.CATACOMB;
        long wantedDst = catacomb ? Flocks.mask(flockId) : 0;
        if (Flocks.mask(offer.header().flockDst()) != wantedDst
                || !device.may(body.id())
                || body.id() >= LiturgyBody.PEERS) {
            return false;
        }
        boolean signaling = (body.flags() & LiturgyBody.SIGNALING) != 0;
        LongMap<Liturgy> congregation = congregations.get(flockId);
        Liturgy l = congregation == null ? null : congregation.get(Liturgy.key(body.id(), signaling));
        if (l == null) {
            if (device.usage().liturgies >= MOST_LITURGIES) {
                count(CathedralCounter.DROP_TOO_MANY);
                return true;
            }
            if (congregation == null) {
                congregation = new LongMap<>();
                congregations.put(flockId, congregation);
            }
            l = new Liturgy(body.id(), device.csId(), signaling, device.usage());
            l.remembranceAt = now;
            l.answerAt = now;
            l.usage.liturgies++;
            congregation.put(l.key(), l);
            LOG.log(
                    Level.INFO,
                    "liturgy {0} group {1}: {2} is here as {3}{4}",
                    Long.toHexString(flockId),
                    body.group(),
                    Device.name(device.csId()),
                    l.id,
                    body.hidden() != 0 ? ", hidden" : "");
        }
        if (l.csId != device.csId()) {
            l.usage.liturgies--;
            l.csId = device.csId();
            l.usage = device.usage();
            l.usage.liturgies++;
        }
        if (!from.equals(l.address)) {
            l.address = from;
            l.credit = initialCredit;
        }
        l.announcedAt = now;
        l.federated = catacomb;
        l.group = body.group();
        l.hidden = body.hidden() != 0;
        l.peers = body.peers();
        if (catacomb) {
            return true;
        }

        count(CathedralCounter.LITURGIES);
        l.credit = Math.min(MOST_CREDIT, l.credit + Offer.SIZE);
        boolean due = now >= l.answerAt;
        boolean answer = due && now - startedAt >= SILENCE_AFTER_START_MILLIS;
        boolean remembrance = (body.flags() & LiturgyBody.WANT_REMEMBRANCE) != 0 && now >= l.remembranceAt;
        if (remembrance && answer && l.credit < 2 * Offer.SIZE) {
            // One of the two has to wait; who asks so seldom that it is always the same one gets them in turns.
            count(CathedralCounter.POSTPONED);
            remembrance = now >= l.remembranceAt + REMEMBRANCE_INTERVAL_MILLIS;
            answer = !remembrance;
        }
        if (remembrance) {
            l.remembranceAt = now + REMEMBRANCE_INTERVAL_MILLIS;
            l.credit -= answer(device, flockId, from, remembrance());
        }
        if (due && answer == due) {
            l.answerAt = now + FEDERATION_INTERVAL_MILLIS;
        }
        if (due && sync != null && !roster.federations.isEmpty()) {
            federate(offer, flockId);
        }
        if (answer) {
            byte[] peers = new byte[LiturgyBody.PEERS];
            Liturgy self = l;
            congregation.forEach(other -> {
                if (self.sees(other)) {
                    peers[other.id] = 1;
                }
            });
            l.credit -= answer(device, flockId, from, new LiturgyBody(0, l.group, peers, 0, 0));
        }
        return true;
    }

    private interface Gone {
        boolean test(long flock, Liturgy liturgy);
    }

    private void removeLiturgies(Gone gone) {
        congregations.removeIf((flock, congregation) -> {
            congregation.removeIf((key, l) -> {
                boolean leaves = gone.test(flock, l);
                if (leaves) {
                    l.usage.liturgies--;
                    LOG.log(
                            Level.INFO,
                            "liturgy {0} group {1}: {2} is gone",
                            Long.toHexString(flock),
                            l.group,
                            Device.name(l.csId));
                }
                return leaves;
            });
            return congregation.size() == 0;
        });
    }

    // -------------------------------------------------------------------------------------------- federation (9.7)

    private boolean federates(InetSocketAddress address) {
        List<InetSocketAddress> all = roster.federations;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).equals(address)) {
                return true;
            }
        }
        return false;
    }

    private void federate(Offer offer, long dst) {
        OfferHeader header = offer.header();
        Offer copy = new Offer(
                new OfferHeader(Magic.CATACOMB, header.flockSrc(), dst, header.spi()),
                offer.timestamp(),
                offer.body(),
                offer.data(),
                offer.extra());
        try (OfferCipher cipher = OfferCipher.catacomb(sync, header.flockSrc())) {
            sendToAll(cipher.reseal(copy, Magic.CATACOMB, random));
        }
    }

    private void federateAddress(Tunnel t) {
        P2pInfoBody body = p2pSync
                ? new P2pInfoBody(t.ip, t.port, t.id, t.verified ? P2pInfoBody.NAT_CHECKED : 0)
                : new P2pInfoBody(0, 0, t.id, 0);
        try (OfferCipher cipher = OfferCipher.catacomb(sync, t.src)) {
            sendToAll(cipher.seal(
                    new OfferHeader(Magic.CATACOMB, t.src, t.dst, t.csId), wallSeconds(), body, null, random));
        }
    }

    private void sendToAll(byte[] datagram) {
        List<InetSocketAddress> all = roster.federations;
        for (int i = 0; i < all.size(); i++) {
            send(datagram, all.get(i), federationShroud);
        }
        counters.add(CathedralCounter.FEDERATED, all.size());
    }

    private boolean p2pInfo(Offer offer, P2pInfoBody body, Device device) {
        OfferHeader header = offer.header();
        if (!device.may(body.tunnel() >>> 8) || !roster.permits(header.flockSrc(), header.flockDst())) {
            return false;
        }
        Tunnel t = tunnels.get(header.flockSrc(), header.flockDst(), body.tunnel());
        if (p2pSync && t != null && t.federated) {
            t.verified = (body.flags() & P2pInfoBody.NAT_CHECKED) != 0 && body.ip() != 0 && body.port() != 0;
            t.p2pIp = body.ip();
            t.p2pPort = body.port();
        }
        return true;
    }

    // ----------------------------------------------------------------------------------------------------- the rest

    /** Seals and sends an answer; returns its size. */
    private int answer(Device device, long flockId, InetSocketAddress to, OfferBody body) {
        OfferHeader header = OfferHeader.withRandomFlocks(Magic.KATEDRAL, device.csId(), random);
        // The asker's offer has just been opened with it, so it is kept.
        OfferCipher cipher = device.keys().cipher(flockId);
        byte[] datagram = cipher.seal(header, wallSeconds(), body, null, random);
        send(datagram, to, wearer == null ? null : wearer.shroud());
        count(CathedralCounter.ANSWERS);
        return datagram.length;
    }

    // ------------------------------------------------------------------------------------ disguise (11 and 12)

    /** Takes the shroud off into {@link #unveiled}; the length of what is under it, or -1 if it is nobody's. */
    private int unveil(byte[] data, int at, int length, InetSocketAddress from, long now) {
        wearer = null;
        if (length < Shroud.OVERHEAD + SHORTEST || length - Shroud.HEADER_SIZE > unveiled.length) {
            return 0;
        }
        wearer = veil.find(data, at, ip(from), now);
        Shroud shroud = wearer != null ? wearer.shroud() : federates(from) ? federationShroud : null;
        if (shroud == null) {
            count(CathedralCounter.DROP_UNKNOWN_SHROUD);
            return -1;
        }
        int inner = shroud.open(data, at, length, unveiled, 0);
        if (wearer != null && wearer.twin() != null && !wearer.said(unveiled, inner)) {
            wearer = wearer.twin();
            inner = wearer.shroud().open(data, at, length, unveiled, 0);
            if (wearer.said(unveiled, inner)) {
                veil.remember(data, at, ip(from), wearer);
            }
        }
        return Math.max(0, inner);
    }

    /** Sends an offer of our own. */
    private void send(byte[] offer, InetSocketAddress to, Shroud shroud) {
        byte[] datagram = offer;
        if (disguise.tfc()) {
            int full = disguise.mtu() + SHORTEST;
            byte[] padding = random.bytes(Math.max(0, full - offer.length));
            datagram = Arrays.copyOf(offer, offer.length + padding.length);
            System.arraycopy(padding, 0, datagram, offer.length, padding.length);
        }
        send(datagram, datagram.length, to, shroud);
    }

    private void send(byte[] data, int length, InetSocketAddress to, Shroud shroud) {
        single.clear();
        if (veil == null) {
            single.append(data, 0, length);
        } else {
            if (length + Shroud.OVERHEAD > single.room()) {
                return;
            }
            ShroudIdentity noise = ShroudIdentity.random(random);
            single.append(
                    shroud.seal(noise, data, 0, length, disguise.mtu(), single.data(), single.position(), random));
        }
        output.send(single, to);
    }

    private Device device(long flockId, int csId) {
        Flock flock = roster.flock(flockId);
        return flock == null ? null : flock.device(csId);
    }

    private void count(CathedralCounter counter) {
        counters.add(counter, 1);
    }

    private void refuse(CathedralCounter why, InetSocketAddress from, long flockId, int csId, long now) {
        count(why);
        refusals.refused(why, from, flockId, csId, now);
    }

    private int ip(InetSocketAddress from) {
        if (from != lastFrom) {
            lastFrom = from;
            lastIp = Address.ip(from);
        }
        return lastIp;
    }

    private long wallSeconds() {
        return lastWall / 1000;
    }

    /** A time that goes on evenly while the clock is set. */
    private long steady(long wallMillis) {
        long step = wallMillis - lastWall;
        if (startedAt < 0) {
            startedAt = wallMillis;
        } else if (step < 0 || step > CLOCK_JUMP_MILLIS) {
            clockOffset += step;
        }
        lastWall = wallMillis;
        return wallMillis - clockOffset;
    }

    private void publishStatus() {
        int[] liturgies = {0};
        congregations.forEach(c -> liturgies[0] += c.size());
        int federated = tunnels.count(t -> t.federated);
        status = new CathedralStatus(
                roster.flockCount(), roster.deviceCount(), tunnels.size() - federated, federated, liturgies[0]);
    }
}
