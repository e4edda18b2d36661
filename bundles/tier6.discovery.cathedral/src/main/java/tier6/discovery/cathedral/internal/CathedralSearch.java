package tier6.discovery.cathedral.internal;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tier6.api.discovery.CathedralStatus;
import tier6.api.discovery.PeerSink;
import tier6.api.event.NodeEvent;
import tier6.api.frame.Batch;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.time.Clock;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlaySocket;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.Remembrance;
import tier6.sanctum.offer.LiturgyBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferBody;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.offer.OfferHeader;
import tier6.sanctum.offer.RemembranceBody;
import tier6.sanctum.shroud.Shroud;
import tier6.sanctum.shroud.ShroudIdentity;

/**
 * Asks a cathedral who is there: the client side of the liturgy (specification sections 8, 14.1 and 17.2). One thread calls
 * {@link #run} over and over; it never waits longer than it is told and starts no thread of its own.
 */
final class CathedralSearch implements AutoCloseable {
    private static final Logger LOG = System.getLogger(CathedralSearch.class.getName());

    /** How often it asks as long as it expects news, and otherwise: a cathedral answers every 3 s at most. */
    static final long ASK_FAST = SECONDS.toNanos(1),
            ASK_SLOW = Duration.ofMillis(3100).toNanos();

    /** How long after the last news it expects more. */
    private static final long FAST_TIME = SECONDS.toNanos(30);

    /** Silence that is worth telling. */
    private static final long SILENCE_TOLD = SECONDS.toNanos(10);

    /** Room for a question, and bound of its padding in a shroud. */
    private static final int LONGEST_ASKED = 1252;

    /** How long a shrouded identity is worn. */
    private static final long WORN = SECONDS.toNanos(300);

    private static final long RETRY_SOCKET = SECONDS.toNanos(5);
    private static final long LOG_INTERVAL = SECONDS.toNanos(60);
    private static final int LANE = Batch.CONTROL_LANE;
    private static final int LONGEST_DATAGRAM = 1 << 16;

    /** What a node knows that never had a remembrance. */
    static final Remembrance NOTHING_REMEMBERED = new Remembrance(List.of());

    private final Identity device;
    private final InetSocketAddress local;
    private final boolean wantRemembrance;
    private final UnderlayLoop loop;
    private final Clock clock;
    private final RandomSource random;
    private final PeerSink sink;
    private final Consumer<NodeEvent> events;
    private final Consumer<Remembrance> memory;
    private final OfferCipher cipher;
    private final Cathedrals cathedrals;
    private final Congregation congregation;
    private final Batch out = new Batch(LANE, 1, LONGEST_ASKED + Batch.TAILROOM);
    private final Wishes wishes;
    private final Shroud shroud;
    private final byte[] shroudBase;
    private final byte[] bare;
    private ShroudIdentity worn;
    private long wornUntil;
    private boolean begun;
    private int asked;

    private UnderlaySocket socket;
    private long openAt;
    private long askAt;
    private long askedAt;
    private boolean unanswered;
    private long fastUntil;
    private boolean answered;
    private boolean silenceTold;
    private long logAt;

    private volatile List<CathedralStatus> view = List.of();
    private volatile String problem;
    private volatile int peers;

    /**
     * Makes a search that has not begun yet.
     *
     * @param device who we are; cleared by its owner, not here
     * @param configured the cathedral to begin with
     * @param remembered others that are known already
     * @param wishes what it asks for
     * @param memory takes the list of cathedrals when one sends it; null if nobody wants to know
     */
    CathedralSearch(
            Identity device,
            Wishes wishes,
            InetSocketAddress configured,
            Remembrance remembered,
            InetAddress local,
            UnderlayLoop loop,
            Clock clock,
            RandomSource random,
            PeerSink sink,
            Consumer<NodeEvent> events,
            Consumer<Remembrance> memory) {
        this.device = device;
        this.wishes = wishes;
        this.shroud = wishes.shroud() ? Shroud.cathedral(device.cs(), device.flock(), device.flock()) : null;
        this.shroudBase = ShroudIdentity.base(device.flock(), device.flock(), device.csId());
        this.bare = new byte[wishes.shroud() ? LONGEST_DATAGRAM : 0];
        this.local = new InetSocketAddress(local, 0);
        this.wantRemembrance = memory != null;
        this.loop = loop;
        this.clock = clock;
        this.random = random;
        this.sink = sink;
        this.events = events;
        this.memory = memory;
        this.cipher = OfferCipher.cathedral(device.cs(), device.flock());
        long now = clock.nanos();
        this.cathedrals = new Cathedrals(configured, remembered.cathedrals(), now);
        this.congregation = new Congregation(device.kekId());
        openAt = now;
        askAt = now;
        logAt = now;
        fastUntil = now + FAST_TIME;
        wornUntil = now;
        look(now);
    }

    /**
     * One turn: reads what arrived, asks if it is time.
     *
     * @param mostNanos how long it may wait for datagrams
     * @return when the next turn is due at the latest, in {@link Clock#nanos}
     */
    long run(long mostNanos) throws IOException {
        loop.poll(LANE, mostNanos);
        long now = clock.nanos();
        if (socket == null && now - openAt >= 0) {
            open(now);
        }
        if (!begun) {
            begun = true;
            announceTunnels();
        }
        if (cathedrals.silence(now) >= SILENCE_TOLD && !silenceTold) {
            silenceTold = true;
            answered = false;
            events.accept(new NodeEvent.CathedralSilent(cathedrals.current()));
        }
        InetSocketAddress before = cathedrals.current();
        if (cathedrals.changeIfSilent(now)) {
            change(before, now);
        }
        if (now - askAt >= 0) {
            ask(now);
        }
        look(now);
        return askAt;
    }

    private void open(long now) {
        try {
            socket = loop.open(local, this::receive);
            problem = null;
        } catch (IOException e) {
            openAt = now + RETRY_SOCKET;
            problem = "cannot open a UDP socket on " + local.getAddress().getHostAddress() + ": " + e.getMessage();
            LOG.log(Level.WARNING, problem);
        }
    }

    /** Whether the configured cathedral may have another address by now. The thread of {@link #run}. */
    boolean missesConfigured() {
        return cathedrals.missesConfigured(clock.nanos());
    }

    /** Says where the configured cathedral is, once more. The thread of {@link #run}. */
    void configure(InetSocketAddress address) {
        InetSocketAddress before = cathedrals.current();
        long now = clock.nanos();
        if (cathedrals.configure(address, now)) {
            change(before, now);
        }
        look(now);
    }

    private void change(InetSocketAddress before, long now) {
        answered = false;
        silenceTold = false;
        askAt = now;
        fastUntil = now + FAST_TIME;
        congregation.forgive();
        InetSocketAddress cathedral = cathedrals.current();
        events.accept(new NodeEvent.CathedralChanged(before, cathedral));
        congregation.present().stream().forEach(this::announce);
        announceTunnels();
    }

    private void announceTunnels() {
        wishes.tunnels().forEach(id -> sink.announce(Peer.through(id, cathedrals.current())));
    }

    private void ask(long now) {
        boolean doubt = cathedrals.doubtful(now);
        askAt = now + (now - fastUntil < 0 || !answered || doubt ? ASK_FAST : ASK_SLOW);
        if (socket == null) {
            return;
        }
        ask(cathedrals.current(), now);
        List<InetSocketAddress> others = cathedrals.others();
        if (doubt && !others.isEmpty()) {
            // Is it the cathedral that is gone, or are we?
            ask(others.get(asked++ % others.size()), now);
        }
        askedAt = now;
        unanswered = true;
    }

    private void ask(InetSocketAddress cathedral, long now) {
        LiturgyBody body = new LiturgyBody(
                device.kekId(),
                wishes.group(),
                new byte[LiturgyBody.PEERS],
                wishes.hidden() ? 1 : 0,
                wantRemembrance ? LiturgyBody.WANT_REMEMBRANCE : 0);
        OfferHeader header = new OfferHeader(Magic.KATEDRAL, device.flock(), 0, device.csId());
        byte[] offer = cipher.sealSigned(header, unixSeconds(), body, device.cosk(), random);
        out.clear();
        if (shroud == null) {
            out.append(offer, 0, offer.length);
        } else {
            if (now - wornUntil >= 0) {
                worn = ShroudIdentity.fresh(shroudBase, random);
                wornUntil = now + WORN;
            }
            out.append(shroud.seal(worn, offer, 0, offer.length, LONGEST_ASKED, out.data(), out.position(), random));
        }
        socket.send(out, cathedral);
    }

    private long unixSeconds() {
        return TimeUnit.MILLISECONDS.toSeconds(clock.unixMillis());
    }

    private void receive(Batch datagrams, InetSocketAddress remote) {
        boolean current = remote.equals(cathedrals.current());
        if (!current && !cathedrals.others().contains(remote)) {
            return;
        }
        byte[] data = shroud == null ? datagrams.data() : bare;
        for (int i = 0; i < datagrams.count(); i++) {
            int at = datagrams.offset(i);
            int length = datagrams.length(i);
            if (shroud != null) {
                length = shroud.open(datagrams.data(), at, length, bare, 0);
                at = 0;
            }
            if (length >= Offer.SIZE && OfferHeader.read(data, at).magic() == Magic.KATEDRAL) {
                try {
                    Offer offer = cipher.open(data, at, length, unixSeconds());
                    if (offer.header().spi() != device.csId()) {
                        continue;
                    }
                    if (current) {
                        receive(offer.body(), clock.nanos());
                    } else if (offer.body() instanceof LiturgyBody) {
                        cathedrals.heardOther(remote, clock.nanos());
                    }
                } catch (OfferException e) {
                    if (current) {
                        refuse(e, clock.nanos());
                    }
                }
            }
        }
    }

    private void refuse(OfferException e, long now) {
        String why = switch (e.reason()) {
            case CLOCK ->
                "this host's clock is " + Math.abs(e.skewSeconds()) + " s "
                        + (e.skewSeconds() < 0 ? "ahead of" : "behind") + " that of the cathedral "
                        + text(cathedrals.current()) + "; synchronise both (at most " + Offer.VALIDITY_SECONDS
                        + " s are allowed)";
            case NOT_AUTHENTIC ->
                "cathedral " + text(cathedrals.current()) + " answers with another cs; check cs-id and the cs file";
            default -> "cathedral " + text(cathedrals.current()) + " answers with a malformed offer";
        };
        problem = why;
        if (now - logAt >= 0) {
            logAt = now + LOG_INTERVAL;
            LOG.log(Level.WARNING, why);
        }
    }

    private void receive(OfferBody body, long now) {
        if (body instanceof LiturgyBody liturgy && liturgy.group() == wishes.group()) {
            heard(now, unanswered ? now - askedAt : -1);
            unanswered = false;
            congregation.answer(liturgy.peers(), now, device -> came(device, now), this::went);
            peers = congregation.present().cardinality();
        } else if (body instanceof RemembranceBody remembrance && wantRemembrance) {
            heard(now, -1);
            Remembrance list = Remembrance.of(remembrance);
            cathedrals.remember(list.cathedrals());
            memory.accept(list);
        }
    }

    private void heard(long now, long roundTrip) {
        cathedrals.heard(now, roundTrip);
        silenceTold = false;
        problem = null;
        if (!answered) {
            answered = true;
            events.accept(new NodeEvent.NodeAnnounced(cathedrals.current()));
        }
    }

    private void came(int found, long now) {
        fastUntil = now + FAST_TIME;
        announce(found);
    }

    private void announce(int found) {
        sink.announce(Peer.through(new PeerId(device.flock(), found), cathedrals.current()));
    }

    private void went(int lost) {
        PeerId id = new PeerId(device.flock(), lost);
        if (!wishes.tunnels().contains(id)) {
            sink.withdraw(id);
        }
    }

    private void look(long now) {
        List<CathedralStatus> all = new ArrayList<>();
        for (InetSocketAddress address : cathedrals.inOrder()) {
            all.add(new CathedralStatus(
                    address,
                    address.equals(cathedrals.current()),
                    duration(cathedrals.heardAgo(address, now)),
                    duration(cathedrals.roundTrip(address))));
        }
        view = all;
    }

    private static Optional<Duration> duration(long nanos) {
        return nanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    /** What is known about cathedrals, as of the last turn. Any thread. */
    List<CathedralStatus> cathedrals() {
        return view;
    }

    /** One line for people. Any thread. */
    String status() {
        String trouble = problem;
        if (trouble != null) {
            return trouble;
        }
        CathedralStatus current = view.get(0);
        String name = text(current.address());
        if (current.heard().isEmpty()) {
            return "asking cathedral " + name + ", no answer yet; check its address, our cs-id"
                    + (wishes.shroud() ? ", that it wears a shroud too" : "")
                    + ", this host's clock, and UDP in between";
        }
        return peers + (peers == 1 ? " peer" : " peers") + " through " + name + ", heard "
                + current.heard().get().toSeconds() + " s ago";
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Closes the socket and forgets keys; the loop is its owner's. */
    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
        cipher.close();
        if (shroud != null) {
            shroud.close();
        }
    }
}
