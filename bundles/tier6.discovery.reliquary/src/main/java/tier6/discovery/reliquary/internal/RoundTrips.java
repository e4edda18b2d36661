package tier6.discovery.reliquary.internal;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import tier6.api.frame.Batch;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlaySocket;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.offer.LiturgyBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferBody;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.offer.OfferHeader;
import tier6.sanctum.shroud.Shroud;
import tier6.sanctum.shroud.ShroudIdentity;

/**
 * Measures how far away cathedrals are, by a liturgy that each of them answers (specification section 9.5), with the shroud
 * and without, because only one of the two will do and nobody says which. The time runs from the first question, so that a
 * path that loses datagrams counts as a long one.
 *
 * <p>The question is one of signaling, in a group that nobody uses: of that a cathedral keeps a record of its own, so that
 * the device's presence in the group of the nodes is not touched. One thread.
 */
final class RoundTrips implements AutoCloseable {
    /** A group that no node looks into. */
    static final int GROUP = 0xffff;

    /** How long it takes at most. */
    static final long TIME = SECONDS.toNanos(4);

    private static final long ASK_AGAIN = SECONDS.toNanos(1);
    private static final int LANE = Batch.CONTROL_LANE;
    private static final int SHROUDED_SIZE = 1024;

    /**
     * An answer.
     *
     * @param nanos from the question
     * @param shrouded whether it wore the shroud
     */
    record Answer(long nanos, boolean shrouded) {}

    private static final class Target {
        final InetSocketAddress address;
        long askedAt;
        Answer answer;

        Target(InetSocketAddress address) {
            this.address = address;
        }
    }

    private final Identity device;
    private final LongSupplier nanos;
    private final LongSupplier unixMillis;
    private final RandomSource random;
    private final UnderlayLoop loop;
    private final UnderlaySocket socket;
    private final OfferCipher cipher;
    private final Shroud shroud;
    private final ShroudIdentity disguise;
    private final List<Target> targets = new ArrayList<>();
    private final Batch out = new Batch(LANE, 1, SHROUDED_SIZE + Batch.TAILROOM);
    private final byte[] scratch = new byte[1 << 16];
    private final long begun;
    private long askAt;

    /**
     * Prepares; {@link #run} does the work.
     *
     * @param device who asks; its owner clears it
     * @param loop its owner's to close
     */
    RoundTrips(
            Identity device,
            List<InetSocketAddress> cathedrals,
            InetAddress local,
            UnderlayLoop loop,
            LongSupplier nanos,
            LongSupplier unixMillis,
            RandomSource random)
            throws IOException {
        this.device = device;
        this.loop = loop;
        this.nanos = nanos;
        this.unixMillis = unixMillis;
        this.random = random;
        cathedrals.forEach(address -> targets.add(new Target(address)));
        socket = loop.open(new InetSocketAddress(local, 0), this::receive);
        cipher = OfferCipher.cathedral(device.cs(), device.flock());
        shroud = Shroud.cathedral(device.cs(), device.flock(), device.flock());
        disguise = ShroudIdentity.fresh(ShroudIdentity.base(device.flock(), device.flock(), device.csId()), random);
        begun = nanos.getAsLong();
        askAt = begun;
    }

    /** Whether all have answered or the time is over. */
    boolean isDone() {
        return nanos.getAsLong() - begun >= TIME || targets.stream().allMatch(target -> target.answer != null);
    }

    /**
     * One turn: asks whoever did not answer yet if it is time, reads what arrived.
     *
     * @param mostNanos how long it may wait for datagrams
     * @return when the next turn is due at the latest
     */
    long run(long mostNanos) throws IOException {
        if (nanos.getAsLong() - askAt >= 0) {
            boolean first = askAt == begun;
            askAt += ASK_AGAIN;
            for (Target target : targets) {
                if (target.answer == null) {
                    ask(target, first);
                }
            }
        }
        loop.poll(LANE, mostNanos);
        return askAt;
    }

    private void ask(Target target, boolean first) {
        LiturgyBody body =
                new LiturgyBody(device.kekId(), GROUP, new byte[LiturgyBody.PEERS], 0, LiturgyBody.SIGNALING);
        OfferHeader header = new OfferHeader(Magic.KATEDRAL, device.flock(), 0, device.csId());
        byte[] offer = cipher.sealSigned(header, unixSeconds(), body, device.cosk(), random);
        byte[] shrouded = new byte[SHROUDED_SIZE];
        int length = shroud.seal(disguise, offer, 0, offer.length, 0, shrouded, 0, random);
        if (first) {
            target.askedAt = nanos.getAsLong();
        }
        send(offer, offer.length, target);
        send(shrouded, length, target);
    }

    private void send(byte[] datagram, int length, Target target) {
        out.clear();
        out.append(datagram, 0, length);
        socket.send(out, target.address);
    }

    private long unixSeconds() {
        return MILLISECONDS.toSeconds(unixMillis.getAsLong());
    }

    private void receive(Batch datagrams, InetSocketAddress from) {
        long now = nanos.getAsLong();
        for (Target target : targets) {
            if (target.address.equals(from) && target.answer == null) {
                for (int i = 0; i < datagrams.count() && target.answer == null; i++) {
                    receive(datagrams, i, target, now);
                }
            }
        }
    }

    private void receive(Batch datagrams, int i, Target target, long now) {
        byte[] data = datagrams.data();
        int at = datagrams.offset(i);
        int length = datagrams.length(i);
        if (length < Offer.SIZE) {
            return;
        }
        boolean plain = OfferHeader.read(data, at).magic() == Magic.KATEDRAL;
        if (!plain) {
            length = length <= scratch.length ? shroud.open(data, at, length, scratch, 0) : -1;
            if (length < Offer.SIZE) {
                return;
            }
            data = scratch;
            at = 0;
        }
        try {
            Offer offer = cipher.open(data, at, length, unixSeconds());
            if (offer.header().spi() == device.csId() && answersUs(offer.body())) {
                target.answer = new Answer(now - target.askedAt, !plain);
            }
        } catch (OfferException e) {
            // Not from a cathedral that knows this device.
        }
    }

    private static boolean answersUs(OfferBody body) {
        return body instanceof LiturgyBody liturgy && liturgy.group() == GROUP;
    }

    /** The answer of the cathedral of that index, so far. */
    Optional<Answer> answer(int index) {
        return Optional.ofNullable(targets.get(index).answer);
    }

    /** Closes the socket and forgets keys. */
    @Override
    public void close() {
        socket.close();
        cipher.close();
        shroud.close();
    }
}
