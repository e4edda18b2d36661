package tier6.transport.sanctum.internal;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import tier6.api.event.NodeEvent;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.peer.Peer;
import tier6.api.time.Clock;
import tier6.api.transport.LinkStatus;
import tier6.api.transport.LinkStatus.Path;
import tier6.api.transport.LinkStatus.State;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlaySocket;
import tier6.sanctum.ambry.Ambry;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.exchange.KeyExchange;
import tier6.sanctum.offer.AmbryBody;
import tier6.sanctum.offer.InfoBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferBody;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.session.DataHeader;
import tier6.sanctum.session.RxSlots;
import tier6.sanctum.session.SessionKey;
import tier6.sanctum.session.TxSession;

/**
 * The control path of a link: finds the peer through the cathedral, keeps NAT boxes open, has keys exchanged, chooses the
 * path, and gives the data path what it needs. All methods but {@link #status} belong to the control thread.
 */
final class LinkControl implements KeyExchange.Output, KeyExchange.Traffic {
    private static final Logger LOG = System.getLogger(LinkControl.class.getName());

    /** Between two calls of the key exchange. */
    private static final long TICK = SECONDS.toNanos(1);

    /** Between two announcements to the cathedral: while something happens, and when all is settled. */
    static final long ANNOUNCE_FAST = SECONDS.toNanos(1), ANNOUNCE_SLOW = SECONDS.toNanos(5);

    /** By how much slow announcements of neighbouring devices differ; of all together, by a second. */
    private static final long ANNOUNCE_SPREAD = SECONDS.toNanos(1) / 256;

    /** For how long something is said to happen: twice the 15 s until a cathedral discloses addresses. */
    private static final long FAST_TIME = SECONDS.toNanos(30);

    /** Between two heartbeats, and for how long they come each second after a change (specification section 17.1). */
    private static final long HEARTBEAT_SLOW = SECONDS.toNanos(5);

    private static final long HEARTBEAT_FAST = SECONDS.toNanos(1), HEARTBEAT_FAST_TIME = SECONDS.toNanos(15);

    private static final long RETRY_SOCKET = SECONDS.toNanos(5);
    private static final long LOG_INTERVAL = SECONDS.toNanos(60);

    /** For tests: seconds after which keys are renewed, long before they must be; 0: no sooner than they must. */
    private static final long REKEY = SECONDS.toNanos(Long.getLong("tier6.transport.rekey", 0));

    /** Any IPv6 address of this host, and any IPv4 address too. */
    private static final InetAddress ANY_OF_BOTH = address(new byte[16]);

    /** What others may see; replaced as a whole. */
    private record View(State state, Path path, InetSocketAddress remote, InetSocketAddress local, long since) {}

    private final TransportCore core;
    private final SanctumLink link;
    private final Clock clock;
    private final long instance;
    private final PathFinder path = new PathFinder();
    private final Batch sign = new Batch(Batch.CONTROL_LANE, 1, Offer.SIZE + Batch.TAILROOM);

    private Peer peer;
    private byte[] secret;
    private boolean direct;
    private KeyExchange exchange;
    private boolean haveSecret;
    private int generation;
    private RxSlots rx;
    private TxSession tx;
    private TxSession formerTx;
    private long formerSince;
    private boolean rxFresh;
    private boolean txFresh;
    private boolean haveRx;

    private UnderlaySocket socket;
    private UnderlayLoop openedOn;
    private boolean socketFailed;
    private int lastPort;
    private long openAt;
    private boolean started;
    private long due;
    private long tickAt;
    private long announceAt;
    private long announceFastUntil;
    private long heartbeatAt;
    private long heartbeatFastUntil;
    private long seenDirect;
    private long seenRelay;
    private long logAt;

    private volatile View view;
    private volatile long keySince;
    private volatile boolean haveKey;

    LinkControl(TransportCore core, SanctumLink link, Peer peer, byte[] secret) {
        this.core = core;
        this.link = link;
        this.clock = core.clock();
        this.peer = peer;
        this.secret = secret;
        this.instance = core.random().nextLong();
        this.view = new View(State.NO_SECRET, Path.NONE, null, null, clock.nanos());
    }

    // ---- life

    void start() {
        if (link.isClosed()) {
            return;
        }
        started = true;
        long now = clock.nanos();
        openAt = now;
        tickAt = now;
        logAt = now;
        openSocket(now);
        find(now);
        beginKeys();
        soon(now);
    }

    /** Takes over what is known about the peer now. */
    void update(Peer newPeer) {
        if (!started || link.isClosed()) {
            peer = newPeer;
            return;
        }
        Peer old = peer;
        boolean newSecret = !newPeer.secret().equals(old.secret());
        byte[] secretNow = secret;
        if (newSecret) {
            try {
                secretNow = core.readSecret(newPeer);
            } catch (IllegalArgumentException e) {
                LOG.log(Level.WARNING, "peer " + link.id() + " stays as it is: " + e.getMessage());
                return;
            }
        }
        peer = newPeer;
        long now = clock.nanos();
        if (newPeer.localPort() != old.localPort() || PathMtu.isIpv6(newPeer) != PathMtu.isIpv6(old)) {
            openSocketAgain();
        }
        find(now);
        if (newSecret) {
            Secrets.clear(secret);
            secret = secretNow;
        }
        if (newSecret || direct != newPeer.cathedral().isEmpty()) {
            endKeys("the peer is reached another way now");
            beginKeys();
        }
        if (!newPeer.cathedral().equals(old.cathedral())) {
            soon(now);
        }
    }

    private void find(long now) {
        path.configure(peer.cathedral().orElse(null), peer.address().orElse(null), now);
        publishPath();
    }

    /** Moves to the underlay of the moment. */
    void reopen() {
        if (started && !link.isClosed() && core.loop() != openedOn) {
            openSocketAgain();
        }
    }

    private void openSocketAgain() {
        long now = clock.nanos();
        closeSocket();
        openSocket(now);
        soon(now);
    }

    private void openSocket(long now) {
        openedOn = core.loop();
        openAt = now + RETRY_SOCKET;
        if (openedOn != null) {
            try {
                socket = openOn(openedOn);
                lastPort = socket.local().getPort();
                socketFailed = false;
            } catch (IOException e) {
                if (!socketFailed) {
                    socketFailed = true;
                    LOG.log(
                            Level.WARNING,
                            "peer " + link.id() + ": cannot open a UDP socket, will try again: " + e.getMessage());
                }
            } catch (RuntimeException | Error e) {
                core.underlayFailed(openedOn, e);
            }
        }
        publishPath();
    }

    private UnderlaySocket openOn(UnderlayLoop loop) throws IOException {
        InetAddress local = core.settings().local();
        if (local.isAnyLocalAddress() && PathMtu.isIpv6(peer)) {
            local = ANY_OF_BOTH;
        }
        int port = peer.localPort();
        if (port == 0 && lastPort != 0) {
            try {
                // The port of the last time, if it is still free: NAT boxes and the peer know it.
                return loop.open(new InetSocketAddress(local, lastPort), link::receive);
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "peer {0}: port {1} cannot be kept: {2}", link.id(), lastPort, e.getMessage());
            }
        }
        return loop.open(new InetSocketAddress(local, port), link::receive);
    }

    private void closeSocket() {
        if (socket != null) {
            try {
                socket.close();
            } catch (RuntimeException | Error e) { // of the underlay, which nobody may use any more
                core.underlayFailed(openedOn, e);
            }
            socket = null;
        }
    }

    void close() {
        if (exchange != null) {
            endKeys("closed");
            retire(clock.nanos());
        }
        closeSocket();
        publishPath();
        Secrets.clear(secret);
        link.forgetKeys();
        core.forget(link);
    }

    // ---- keys

    private void beginKeys() {
        direct = peer.cathedral().isEmpty();
        long own = direct ? 0 : core.settings().flock();
        long theirs = direct ? 0 : peer.id().flock();
        exchange = new KeyExchange(
                direct ? KeyExchange.Parameters.direct() : new KeyExchange.Parameters(own, theirs, tunnel()),
                core.random(),
                this);
        rx = new RxSlots(theirs, own);
        link.receiveWith(rx);
        if (secret != null) {
            haveSecret = true;
            link.share(secret, own, theirs);
            exchange.secret(secret, false, clock.unixMillis());
        }
        publishState(clock.nanos());
    }

    private void endKeys(String why) {
        exchange.close();
        haveSecret = false;
        generation = 0;
        dropKeys(why);
    }

    private int tunnel() {
        return core.settings().kekId() << 8 | peer.id().device();
    }

    @Override
    public void send(byte[] datagram) {
        InetSocketAddress to = path.remote();
        if (to != null) {
            send(datagram, to);
        }
    }

    private void send(byte[] offer, InetSocketAddress to) {
        if (socket != null) {
            sign.clear();
            sign.append(offer, 0, offer.length);
            if (link.sendOffers(socket, sign, to) == 1) {
                link.counters().add(LinkCounter.OFFERS_OUT, 1);
            }
        }
    }

    @Override
    public void installRx(SessionKey key) {
        rx.install(key);
        haveRx = true;
        rxFresh = true;
        long now = clock.nanos();
        soon(now);
        announce(now); // before the peer can use the key: a relay drops what it does not know
        keysChanged(now);
    }

    @Override
    public void installTx(SessionKey key) {
        long now = clock.nanos();
        long own = direct ? 0 : core.settings().flock();
        long theirs = direct ? 0 : peer.id().flock();
        TxSession fresh = new TxSession(key, own, theirs, millis(now));
        link.transmit(fresh);
        retire(now);
        tx = fresh;
        txFresh = true;
        keySince = now;
        haveKey = true;
        heartbeatAt = now; // the peer is waiting for a packet under this key
        heartbeatFastUntil = now + HEARTBEAT_FAST_TIME;
        keysChanged(now);
    }

    /** A batch that is being sealed may still need the key that was replaced: it dies a tick later. */
    private void retire(long now) {
        if (formerTx != null) {
            formerTx.close();
        }
        formerTx = tx;
        formerSince = now;
        tx = null;
    }

    private void keysChanged(long now) {
        if (!haveRx || tx == null) {
            return;
        }
        boolean renewed = view.state == State.UP;
        if (!renewed || rxFresh && txFresh) {
            rxFresh = false;
            txFresh = false;
            link.counters().add(LinkCounter.EXCHANGES, 1);
            publishState(now);
            core.events().accept(new NodeEvent.TunnelUp(link.id(), renewed));
        }
    }

    @Override
    public void destroyKeys(KeyExchange.Loss why) {
        long now = clock.nanos();
        path.reset(now);
        publishPath();
        soon(now);
        dropKeys(
                switch (why) {
                    case AMBRY -> "no answer to the new ambry";
                    case SILENCE -> "the peer is silent";
                });
    }

    private void dropKeys(String why) {
        long now = clock.nanos();
        link.transmit(null);
        retire(now);
        haveKey = false;
        rx.clear();
        haveRx = false;
        rxFresh = false;
        txFresh = false;
        boolean wasUp = view.state == State.UP;
        publishState(now);
        if (wasUp) {
            core.events().accept(new NodeEvent.TunnelDown(link.id(), why));
        }
    }

    @Override
    public long received() {
        return rx.packets();
    }

    @Override
    public long receivedUnderNewest() {
        return rx.packetsUnderNewest();
    }

    @Override
    public long sent() {
        return tx == null ? 0 : tx.packets();
    }

    // ---- offers

    /** Takes an offer that the receiving thread found. */
    void offer(byte[] datagram, InetSocketAddress from) {
        if (link.isClosed() || exchange == null) {
            return;
        }
        long now = clock.nanos();
        try {
            if (ByteBuffer.wrap(datagram).getLong() == Magic.KATEDRAL) {
                cathedralOffer(datagram, from, now);
            } else if (exchange.receive(datagram, 0, datagram.length, clock.unixMillis())) {
                path.heardOffer(from, now);
                publishPath();
            }
        } catch (OfferException e) {
            refuse(e, from, now);
        }
    }

    private void cathedralOffer(byte[] datagram, InetSocketAddress from, long now) throws OfferException {
        if (core.client() == null || !from.equals(peer.cathedral().orElse(null))) {
            link.counters().add(LinkCounter.DROP_OFFER_STRANGER, 1);
            return;
        }
        OfferBody body = core.client().open(datagram, core.unixSeconds());
        if (body instanceof InfoBody info) {
            told(info, now);
        } else if (body instanceof AmbryBody ambry) {
            takeAmbry(ambry, now);
        }
    }

    private void told(InfoBody info, long now) {
        if (info.peerIp() == 0 || info.peerPort() == 0) {
            return;
        }
        path.told(new InetSocketAddress(address(info.peerIp()), info.peerPort()), now);
        publishPath();
        knock(now);
    }

    private static InetAddress address(int ip) {
        return address(ByteBuffer.allocate(Integer.BYTES).putInt(ip).array());
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 bytes are an address", e);
        }
    }

    private void takeAmbry(AmbryBody ambry, long now) {
        if (secret != null
                || !core.client().hasKek()
                || ambry.tunnel() != tunnel()
                || haveSecret && ambry.generation() == generation) {
            return;
        }
        byte[] unwrapped = core.client().unwrap(peer.id().flock(), ambry);
        if (unwrapped == null) {
            link.counters().add(LinkCounter.DROP_AMBRY, 1);
            log(now, "the ambry does not open with our KEK; check the kek file, or fetch a new one");
            return;
        }
        if (Ambry.expired(ambry.expires(), core.unixSeconds())) {
            link.counters().add(LinkCounter.DROP_AMBRY, 1);
            log(now, "the cathedral has an ambry that expired; whoever looks after the flock must make a new one");
        } else {
            generation = ambry.generation();
            haveSecret = true;
            link.share(unwrapped, core.settings().flock(), peer.id().flock());
            exchange.secret(unwrapped, true, clock.unixMillis());
            publishState(now);
            soon(now);
            tickAt = now;
        }
        Secrets.clear(unwrapped);
    }

    private void refuse(OfferException e, InetSocketAddress from, long now) {
        switch (e.reason()) {
            case CLOCK -> {
                link.counters().add(LinkCounter.DROP_OFFER_CLOCK, 1);
                log(
                        now,
                        "this host's clock is " + Math.abs(e.skewSeconds()) + " s "
                                + (e.skewSeconds() < 0 ? "ahead of" : "behind") + " that of "
                                + (from.equals(peer.cathedral().orElse(null))
                                        ? "the cathedral or the peer behind "
                                        : "")
                                + text(from) + "; synchronise both, at most " + Offer.VALIDITY_SECONDS
                                + " s are allowed");
            }
            case NOT_AUTHENTIC -> link.counters().add(LinkCounter.DROP_OFFER_NOT_AUTHENTIC, 1);
            default -> link.counters().add(LinkCounter.DROP_OFFER_MALFORMED, 1);
        }
    }

    private void log(long now, String message) {
        if (now - logAt >= 0) {
            logAt = now + LOG_INTERVAL;
            LOG.log(Level.WARNING, "peer " + link.id() + ": " + message);
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    // ---- time

    /** When {@link #run} has something to do again. */
    long due() {
        return due;
    }

    /** Does what is due. */
    void run() {
        long now = clock.nanos();
        due = now + TICK;
        if (!started || link.isClosed()) {
            return;
        }
        listen(now);
        if (socket == null && now - openAt >= 0) {
            openSocket(now);
        }
        if (now - tickAt >= 0) {
            tickAt = now + TICK;
            tick(now);
        }
        if (now - announceAt >= 0) {
            announce(now);
        }
        if (now - heartbeatAt >= 0 && path.remote() != null) {
            heartbeatAt = now + (now - heartbeatFastUntil < 0 ? HEARTBEAT_FAST : HEARTBEAT_SLOW);
            heartbeat(path.remote());
        }
        due = earliest(tickAt, earliest(announceAt, heartbeatAt));
    }

    private static long earliest(long a, long b) {
        return a - b < 0 ? a : b;
    }

    private void tick(long now) {
        path.tick(now);
        publishPath();
        rx.sweep(millis(now));
        if (formerTx != null && now - formerSince >= TICK) {
            formerTx.close();
            formerTx = null;
        }
        if (tx != null && tx.expired(millis(now))) {
            link.transmit(null);
            retire(now);
            haveKey = false;
            publishState(now);
            core.events().accept(new NodeEvent.TunnelDown(link.id(), "the key is too old"));
        }
        if (REKEY > 0 && haveKey && now - keySince >= REKEY && exchange.idle()) {
            exchange.renew();
        }
        if (path.remote() != null) {
            exchange.tick(clock.unixMillis(), this);
        }
        knock(now);
    }

    private void knock(long now) {
        InetSocketAddress door = path.knock(now);
        if (door != null) {
            heartbeat(door);
        }
    }

    /** Takes in what the receiving thread noticed. */
    private void listen(long now) {
        InetSocketAddress directly = link.directSource();
        long directAt = link.directHeard();
        if (directly != null && directAt != seenDirect) {
            seenDirect = directAt;
            heard(directly, now);
        }
        InetSocketAddress relay = link.relaySource();
        long relayAt = link.relayHeard();
        if (relay != null && relayAt != seenRelay) {
            seenRelay = relayAt;
            heard(relay, now);
        }
    }

    private void heard(InetSocketAddress from, long now) {
        path.heard(from, now);
        publishPath();
    }

    /** Has the cathedral told often for a while, beginning now. */
    private void soon(long now) {
        announceAt = now;
        announceFastUntil = now + FAST_TIME;
    }

    /** INFO and NAT probe (specification section 8). */
    private void announce(long now) {
        boolean fast = now - announceFastUntil < 0 || view.state != State.UP;
        announceAt = now + (fast ? ANNOUNCE_FAST : ANNOUNCE_SLOW - spread());
        InetSocketAddress cathedral = peer.cathedral().orElse(null);
        if (cathedral == null || core.client() == null || socket == null) {
            return;
        }
        int flags = secret != null || !core.client().hasKek() ? InfoBody.NO_AMBRY : 0;
        InfoBody info = InfoBody.announce(flags, tunnel(), generation, rx.activeSpi(), rx.otherSpi(), instance);
        long flock = peer.id().flock();
        send(core.client().announce(Magic.KATEDRAL, flock, info, core.unixSeconds()), cathedral);
        InetSocketAddress nat = core.settings().natProbes(cathedral);
        if (nat != null) {
            send(core.client().announce(Magic.CIBORIUM, flock, info, core.unixSeconds()), nat);
        }
    }

    /** Links that were made together shall not shout together for ever. */
    private long spread() {
        return peer.id().device() * ANNOUNCE_SPREAD;
    }

    private void heartbeat(InetSocketAddress to) {
        sign.clear();
        int at = sign.append(Ethernet.HEADER);
        byte[] data = sign.data();
        Arrays.fill(data, at, at + Ethernet.HEADER, (byte) 0);
        data[at + 12] = (byte) (SanctumLink.HEARTBEAT >> 8);
        data[at + 13] = (byte) SanctumLink.HEARTBEAT;
        link.sendSign(sign, DataHeader.NEXT_FRAME, to);
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }

    // ---- what others see

    private void publishPath() {
        InetSocketAddress remote = path.remote();
        InetSocketAddress local = socket == null ? null : socket.local();
        link.route(socket, remote, path.relays());
        View was = view;
        view = new View(was.state, path.path(), remote, local, was.since);
        if (remote != null && (path.path() != was.path || !remote.equals(was.remote))) {
            long now = clock.nanos();
            heartbeatAt = now;
            heartbeatFastUntil = now + HEARTBEAT_FAST_TIME;
            soon(now);
            core.events().accept(new NodeEvent.PathChanged(link.id(), path.path(), remote));
        }
    }

    private void publishState(long now) {
        State state = !haveSecret ? State.NO_SECRET : haveRx && tx != null ? State.UP : State.CONNECTING;
        View was = view;
        if (state != was.state) {
            view = new View(state, was.path, was.remote, was.local, now);
        }
    }

    /** Any thread. */
    LinkStatus status() {
        View now = view;
        long time = clock.nanos();
        InetSocketAddress directly = link.directSource();
        InetSocketAddress relay = link.relaySource();
        Optional<Duration> heard = Optional.empty();
        if (directly != null || relay != null) {
            long at = directly == null
                    ? link.relayHeard()
                    : relay == null || link.directHeard() - link.relayHeard() > 0
                            ? link.directHeard()
                            : link.relayHeard();
            heard = Optional.of(Duration.ofNanos(Math.max(0, time - at)));
        }
        return new LinkStatus(
                link.id(),
                now.state,
                now.path,
                Optional.ofNullable(now.remote),
                Optional.ofNullable(now.local),
                Duration.ofNanos(Math.max(0, time - now.since)),
                haveKey ? Optional.of(Duration.ofNanos(Math.max(0, time - keySince))) : Optional.empty(),
                heard,
                link.counters().snapshot());
    }
}
