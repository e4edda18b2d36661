package tier6.transport.sanctum.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import tier6.api.counter.Counters;
import tier6.api.counter.Stopwatch;
import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.api.transport.Link;
import tier6.api.transport.LinkHandler;
import tier6.api.transport.LinkStatus;
import tier6.api.underlay.UnderlaySocket;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.session.DataHeader;
import tier6.sanctum.session.DropReason;
import tier6.sanctum.session.RxSlots;
import tier6.sanctum.session.TxSession;

/**
 * The data path of a link: frames are sealed and sent by whoever calls {@link #send}, datagrams are opened by the thread that
 * polls the underlay. What both need, keys and addresses, {@link LinkControl} leaves in volatile fields; nobody waits for
 * anybody.
 */
final class SanctumLink implements Link {
    /** The EtherType of a heartbeat, which only keeps a tunnel alive (specification section 17.1). */
    static final int HEARTBEAT = 0xdead;

    /** The largest payload of a UDP datagram over IPv4. */
    private static final int MAX_DATAGRAM = 65507;

    /** Offers that are worth the effort of opening, each second: three times what two busy peers and a cathedral send. */
    private static final int OFFERS_PER_SECOND = 100;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final DropReason[] REASONS = DropReason.values();

    private static final LinkCounter[] COUNTER_OF =
            Arrays.stream(REASONS).map(SanctumLink::counterOf).toArray(LinkCounter[]::new);

    private final PeerId id;
    private final TransportCore core;
    private final LinkHandler handler;
    private final LinkControl control;
    private final LinkShroud shroud;
    private final Probes probes;
    private final Counters<LinkCounter> counters = new Counters<>(LinkCounter.class);

    // Written by the control thread.
    private volatile UnderlaySocket socket;
    private volatile InetSocketAddress remote;
    private volatile Set<InetSocketAddress> relays = Set.of();
    private volatile TxSession tx;
    private volatile RxSlots rx;
    private volatile boolean closed;

    private volatile UnderlaySocket blamed; // once for each socket

    // Written by the receiving thread, read by the control thread.
    private volatile InetSocketAddress directSource;
    private volatile long directHeard;
    private volatile InetSocketAddress relaySource;
    private volatile long relayHeard;

    // The receiving thread's own.
    private final TokenBucket offers = new TokenBucket(OFFERS_PER_SECOND);
    private final int[] drops = new int[REASONS.length];
    private InetSocketAddress judged;
    private Set<InetSocketAddress> judgedBy;
    private boolean judgedRelay;

    SanctumLink(TransportCore core, Peer peer, LinkHandler handler, byte[] secret) {
        this.id = peer.id();
        this.core = core;
        this.handler = handler;
        this.shroud = core.shroudTowards(peer.id().flock());
        this.probes = new Probes(this, core.clock());
        this.control = new LinkControl(core, this, peer, secret);
    }

    PeerId id() {
        return id;
    }

    LinkControl control() {
        return control;
    }

    Counters<LinkCounter> counters() {
        return counters;
    }

    // ---- sending: data path threads, each in its lane; the control thread in lane 0

    @Override
    public void send(Batch frames) {
        InetSocketAddress to = remote;
        TxSession session = tx;
        if (closed) {
            counters.add(LinkCounter.DROP_CLOSED, frames.count());
        } else if (session == null) {
            counters.add(LinkCounter.DROP_NO_KEY, frames.count());
        } else if (to == null) {
            counters.add(LinkCounter.DROP_NO_ADDRESS, frames.count());
        } else {
            seal(session, frames, DataHeader.NEXT_FRAME, to, true);
        }
    }

    /**
     * Sends a payload that is no frame for the peer's Ethernet.
     *
     * @return whether there was a key to seal it with
     */
    boolean sendSign(Batch payload, int next, InetSocketAddress to) {
        TxSession session = tx;
        if (session == null || closed) {
            return false;
        }
        seal(session, payload, next, to, false);
        return true;
    }

    private void seal(TxSession session, Batch frames, int next, InetSocketAddress to, boolean count) {
        UnderlaySocket way = socket;
        if (way == null) {
            counters.add(LinkCounter.DROP_BY_SYSTEM, frames.count());
            return;
        }
        long pn = session.reserve(frames.count());
        if (pn < 0) {
            counters.add(LinkCounter.DROP_KEY_SPENT, frames.count());
            return;
        }
        int lane = frames.lane();
        Stopwatch stopwatch = core.stopwatch(lane);
        stopwatch.begin();
        Batch out = core.sealed(lane);
        out.clear();
        byte[] data = frames.data();
        int sent = 0;
        int spent = 0;
        int badLength = 0;
        long bytes = 0;
        for (int i = 0; i < frames.count(); i++) {
            int length = frames.length(i);
            int size = length + DataHeader.OVERHEAD;
            if (size > MAX_DATAGRAM) {
                badLength++;
                continue;
            }
            if (!out.fits(size)) {
                counters.add(LinkCounter.NANOS_SEAL, stopwatch.lap());
                sent += dispatch(way, out, to, false);
                out.clear();
                stopwatch.lap();
            }
            if (session.seal(lane, pn + i, data, frames.offset(i), length, next, out.data(), out.position()) < 0) {
                spent++;
                continue;
            }
            out.append(size);
            bytes += length;
        }
        counters.add(LinkCounter.NANOS_SEAL, stopwatch.lap());
        if (!out.isEmpty()) {
            sent += dispatch(way, out, to, false);
        }
        counters.add(LinkCounter.DROP_TOO_LONG, badLength);
        counters.add(LinkCounter.DROP_KEY_SPENT, spent);
        counters.add(LinkCounter.DROP_BY_SYSTEM, frames.count() - badLength - spent - sent);
        if (count) {
            counters.add(LinkCounter.FRAMES_OUT, sent);
            counters.add(LinkCounter.BYTES_OUT, bytes);
        } else {
            counters.add(LinkCounter.HEARTBEATS_OUT, sent);
        }
    }

    /** Sends offers; tells how many the system took. */
    int sendOffers(UnderlaySocket way, Batch offers, InetSocketAddress to) {
        return dispatch(way, offers, to, true);
    }

    private int dispatch(UnderlaySocket way, Batch datagrams, InetSocketAddress to, boolean areOffers) {
        try {
            return shroud == null ? way.send(datagrams, to) : shroud.send(way, datagrams, to, areOffers);
        } catch (RuntimeException | Error e) { // of the underlay, which is a plug-in
            if (blamed != way) {
                blamed = way;
                core.underlayFailed(way, e);
            }
            return 0;
        }
    }

    /** Whether it sends on that socket. */
    boolean isOn(Object way) {
        return socket == way;
    }

    // ---- receiving: the thread that polls the underlay

    void receive(Batch datagrams, InetSocketAddress from) {
        if (closed) {
            return;
        }
        Stopwatch stopwatch = core.stopwatch(datagrams.lane());
        stopwatch.begin();
        RxSlots slots = rx;
        Batch frames = core.opened(datagrams.lane());
        frames.clear();
        int lane = datagrams.lane();
        byte[] data = shroud == null ? datagrams.data() : core.unshrouded(lane);
        int authentic = 0;
        int heartbeats = 0;
        int noShroud = 0;
        for (int i = 0; i < datagrams.count(); i++) {
            int at = datagrams.offset(i);
            int length = datagrams.length(i);
            if (shroud != null) {
                length = shroud.open(lane, datagrams.data(), at, length, from, data);
                at = 0;
                if (length < 0) {
                    noShroud++;
                    continue;
                }
            }
            if (length < DataHeader.OVERHEAD) {
                drops[DropReason.TOO_SHORT.ordinal()]++;
                continue;
            }
            if (isOffer(data, at)) {
                offer(data, at, length, from);
                continue;
            }
            if (!frames.fits(length)) {
                counters.add(LinkCounter.NANOS_OPEN, stopwatch.lap());
                deliver(frames);
                stopwatch.lap();
            }
            int payload = slots == null
                    ? DropReason.UNKNOWN_SPI.code()
                    : slots.open(data, at, length, frames.data(), frames.position());
            if (payload < 0) {
                drops[-1 - payload]++;
                continue;
            }
            authentic++;
            if (slots.lastNext() == DataHeader.NEXT_GRACE) {
                grace(frames, payload);
            } else if (payload < Ethernet.HEADER) {
                drops[DropReason.TAIL.ordinal()]++;
            } else if (Ethernet.etherType(frames.data(), frames.position()) == HEARTBEAT) {
                heartbeats++;
            } else {
                frames.append(payload);
            }
        }
        counters.add(LinkCounter.NANOS_OPEN, stopwatch.lap());
        if (!frames.isEmpty()) {
            deliver(frames);
        }
        if (authentic > 0) {
            heard(from);
        }
        counters.add(LinkCounter.HEARTBEATS_IN, heartbeats);
        counters.add(LinkCounter.DROP_IN_SHROUD, noShroud);
        countDrops();
    }

    private static boolean isOffer(byte[] data, int at) {
        long magic = (long) LONG.get(data, at);
        return magic == Magic.SACRAMNT || magic == Magic.KATEDRAL;
    }

    private void deliver(Batch frames) {
        counters.add(LinkCounter.FRAMES_IN, frames.count());
        counters.add(LinkCounter.BYTES_IN, frames.bytes());
        handler.receive(frames);
        frames.clear();
    }

    /** Notes when and from where the peer was heard, and wakes the control thread if that is news. */
    private void heard(InetSocketAddress from) {
        Set<InetSocketAddress> known = relays;
        boolean news = from != judged || known != judgedBy;
        if (news) {
            judged = from;
            judgedBy = known;
            judgedRelay = known.contains(from);
        }
        long now = core.clock().nanos();
        if (judgedRelay) {
            relayHeard = now;
            relaySource = from;
        } else {
            directHeard = now;
            directSource = from;
        }
        if (news) {
            core.wakeControl();
        }
    }

    private void offer(byte[] data, int at, int length, InetSocketAddress from) {
        if (length < Offer.SIZE) {
            counters.add(LinkCounter.DROP_OFFER_MALFORMED, 1);
        } else if (!offers.take(core.clock().nanos())
                || !core.enqueue(this, Arrays.copyOfRange(data, at, at + Offer.SIZE), from)) {
            counters.add(LinkCounter.DROP_OFFER_RATE, 1);
        } else {
            counters.add(LinkCounter.OFFERS_IN, 1);
        }
    }

    /** Answers an MTU probe; takes the ack of one of ours. A heartbeat needs no answer (specification section 5.3). */
    private void grace(Batch frames, int length) {
        byte[] data = frames.data();
        int at = frames.position();
        if (length == Grace.ACK_SIZE && Grace.type(data, at) == Grace.ACK) {
            probes.answered(Grace.size(data, at));
            return;
        }
        boolean probe =
                length >= Grace.ACK_SIZE && Grace.type(data, at) == Grace.PROBE && Grace.size(data, at) == length;
        InetSocketAddress to = remote;
        if (probe && to != null) {
            Batch reply = core.reply(frames.lane());
            reply.clear();
            Grace.ack(reply.data(), reply.append(Grace.ACK_SIZE), length);
            sendSign(reply, DataHeader.NEXT_GRACE, to);
        }
    }

    private void countDrops() {
        for (DropReason reason : REASONS) {
            int count = drops[reason.ordinal()];
            if (count != 0) {
                drops[reason.ordinal()] = 0;
                counters.add(COUNTER_OF[reason.ordinal()], count);
            }
        }
    }

    private static LinkCounter counterOf(DropReason reason) {
        return switch (reason) {
            case TOO_SHORT -> LinkCounter.DROP_IN_RUNT;
            case FLOCK -> LinkCounter.DROP_IN_FLOCK;
            case UNKNOWN_SPI, CLOSED -> LinkCounter.DROP_IN_SPI;
            case REPLAYED -> LinkCounter.DROP_IN_REPLAY;
            case NOT_AUTHENTIC -> LinkCounter.DROP_IN_NOT_AUTHENTIC;
            case SEQUENCE, TAIL, NO_ROOM -> LinkCounter.DROP_IN_MALFORMED;
        };
    }

    // ---- control: the control thread changes, everybody reads

    void route(UnderlaySocket newSocket, InetSocketAddress newRemote, Set<InetSocketAddress> newRelays) {
        socket = newSocket;
        remote = newRemote;
        if (shroud != null && newRelays != relays) {
            shroud.cathedrals(newRelays);
        }
        relays = newRelays;
    }

    /** Says what secret the peers have from now on, for the shroud; the array stays the caller's. */
    void share(byte[] secret, long own, long theirs) {
        if (shroud != null) {
            shroud.secret(secret, own, theirs);
        }
    }

    /** Forgets keys that the data path has, once it is closed. */
    void forgetKeys() {
        if (shroud != null) {
            shroud.close();
        }
    }

    void transmit(TxSession session) {
        tx = session;
    }

    void receiveWith(RxSlots slots) {
        rx = slots;
    }

    /** Where the peer was heard last without a cathedral in between; null if never. */
    InetSocketAddress directSource() {
        return directSource;
    }

    /** When; meaningful once {@link #directSource} is not null. */
    long directHeard() {
        return directHeard;
    }

    /** Through which cathedral the peer was heard last; null if never. */
    InetSocketAddress relaySource() {
        return relaySource;
    }

    /** When; meaningful once {@link #relaySource} is not null. */
    long relayHeard() {
        return relayHeard;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void update(Peer peer) {
        core.command(() -> control.update(peer));
    }

    @Override
    public CompletableFuture<Duration> probe(int size) {
        CompletableFuture<Duration> answer = new CompletableFuture<>();
        core.command(() -> probes.begin(size, remote, answer));
        return answer;
    }

    @Override
    public LinkStatus status() {
        return control.status();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            core.command(control::close);
        }
    }
}
