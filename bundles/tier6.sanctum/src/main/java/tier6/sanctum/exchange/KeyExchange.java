package tier6.sanctum.exchange;

import java.nio.ByteBuffer;
import java.util.Arrays;
import tier6.sanctum.crypto.MlKem1024;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.crypto.X25519;
import tier6.sanctum.kdf.BaseKey;
import tier6.sanctum.kdf.Purpose;
import tier6.sanctum.kdf.TrafficKey;
import tier6.sanctum.offer.ExchangeBody;
import tier6.sanctum.offer.Magic;
import tier6.sanctum.offer.Offer;
import tier6.sanctum.offer.OfferCipher;
import tier6.sanctum.offer.OfferException;
import tier6.sanctum.offer.OfferHeader;
import tier6.sanctum.session.SessionKey;
import tier6.sanctum.session.TxSession;

/**
 * Agrees on session keys with one peer, again and again (specification section 7; the package says what is ours).
 *
 * <p>For one thread at a time, the control thread. Nothing blocks; a complete public key costs some tenths of a
 * millisecond. Times are unix milliseconds. The clock may be set while we run: set back, timers pause for one tick; set
 * forward, keys count as older than they are and are renewed.
 */
public final class KeyExchange implements AutoCloseable {

    /** Pulses of an exchange that makes no progress. */
    public static final int TTL = 15;

    /** Between two pulses. A little less than a second, so that a tick each second that comes early is not a tick lost. */
    static final long PULSE_MILLIS = 950;

    /** From an ambry to the end of the session keys if no exchange succeeded with it. */
    static final long AMBRY_MILLIS = 75_000;

    /** Without data for so long, the keys are renewed. */
    static final long SILENT_MILLIS = 30_000;

    /** Without anything authentic for so long, the keys are destroyed. */
    static final long DEAD_MILLIS = 120_000;

    /** So many exchanges may fail in a row before there are pauses. */
    static final int PATIENCE = 4;

    /** Pause after a further failure. */
    static final long BACK_OFF_MILLIS = 10_000;

    /**
     * Who talks to whom.
     *
     * @param flock our flock with its domain, 0 without a cathedral
     * @param peerFlock the peer's flock with its domain, 0 without a cathedral
     * @param tunnel our kek-id and the peer's, {@code own << 8 | peer}: the upper half of our SPIs; 0 for random SPIs
     */
    public record Parameters(long flock, long peerFlock, int tunnel) {

        /** Without a cathedral: no flocks, random SPIs. */
        public static Parameters direct() {
            return new Parameters(0, 0, 0);
        }

        boolean cathedral() {
            return flock != 0;
        }
    }

    /** Why session keys were destroyed before their time. */
    public enum Loss {
        /** No exchange succeeded within 75 seconds of a new ambry: the peer may not have it (section 7.7). */
        AMBRY,
        /** Nothing came from the peer for two minutes (section 7.8). */
        SILENCE
    }

    /**
     * What an exchange asks of its transport. Called from within the methods of the exchange, on their thread; an
     * implementation must not call back and should not throw.
     */
    public interface Output {

        /** Sends a datagram of 623 bytes to the peer. The array is the transport's from now on. It may get lost. */
        void send(byte[] datagram);

        /**
         * Receive under this key too. Copy the key, it is erased when the call returns. The peer learns its half of the key
         * only from datagrams that are sent after this call; a relay should be told of the SPI now.
         */
        void installRx(SessionKey key);

        /** Send under this key from now on. Copy the key, it is erased when the call returns. */
        void installTx(SessionKey key);

        /** Destroy all keys of this peer. */
        void destroyKeys(Loss why);
    }

    /** What an exchange has to know about the data path. */
    public interface Traffic {

        /** Packets that came in authentic under any key, ever. */
        long received();

        /** Packets that came in authentic under the key installed last; 0 without one. */
        long receivedUnderNewest();

        /** Packets sent under the current transmit key. */
        long sent();
    }

    private final Parameters parameters;
    private final RandomSource random;
    private final Output output;
    private final SeenOffers seen = new SeenOffers();

    private OfferCipher cipher;
    private byte[] rxBase;
    private byte[] txBase;

    private long localId;
    private long formerId;
    private boolean changeId;

    private Attempt attempt;
    private FragmentSet answered;
    private boolean forced;
    private long notBefore;
    private int failures;

    private boolean haveRx;
    private boolean haveTx;
    private long rxSince;
    private long txSince;

    private boolean ambryPending;
    private long ambryDeadline;

    private long received;
    private long lastData;
    private long lastOffer;

    /** Milliseconds of a clock of our own, which follows the caller's but never goes back. */
    private long clock;

    private long unixMillis = Long.MIN_VALUE;

    /** One exchange, from the first fragment that we send until it succeeds or fails. */
    private final class Attempt {
        final LocalKeys keys = new LocalKeys(localId, parameters.tunnel(), random);
        FragmentSet pk = new FragmentSet();
        FragmentSet ct = new FragmentSet();
        byte[] answer;
        boolean sendPk = true;
        boolean sendCt;
        boolean peerStartedOver;
        int ttl = TTL;
        long pulseAt;

        /** The peer dropped the key that we answered: answer another one. Our own half stays as it is. */
        void startOver() {
            pk = new FragmentSet();
            ct = new FragmentSet();
            answer = null;
            sendPk = true;
            sendCt = false;
            peerStartedOver = true;
            keys.renewRemote(random);
        }
    }

    /** Makes an exchange without a secret: it does nothing yet. Draws the local id. */
    public KeyExchange(Parameters parameters, RandomSource random, Output output) {
        this.parameters = parameters;
        this.random = random;
        this.output = output;
        this.localId = random.nextLong();
        this.formerId = localId;
    }

    /**
     * Sets the secret shared with the peer. Another secret than before takes effect at once for all offers and starts an
     * exchange; session keys stay until it succeeds. The same secret again changes nothing.
     *
     * @param sharedSecret 32 bytes, not kept
     * @param ambry whether it came in an ambry: then session keys end if no exchange succeeds within 75 seconds
     * @param nowMillis unix time
     */
    public void secret(byte[] sharedSecret, boolean ambry, long nowMillis) {
        advance(nowMillis);
        byte[] base = baseKey(sharedSecret, Purpose.TRAFFIC_RX);
        if (rxBase != null && Secrets.equal(rxBase, base)) {
            Secrets.clear(base);
            return;
        }
        boolean first = cipher == null;
        abandon();
        forgetSecret();
        rxBase = base;
        txBase = baseKey(sharedSecret, Purpose.TRAFFIC_TX);
        cipher = OfferCipher.peer(sharedSecret, parameters.flock(), parameters.peerFlock());
        ambryPending = ambry;
        ambryDeadline = clock + AMBRY_MILLIS;
        failures = 0;
        notBefore = clock;
        if (!first) {
            start();
        }
    }

    /** Asks for new keys, with the next tick, whatever the state of the present ones. */
    public void renew() {
        forced = true;
    }

    /**
     * Lets time pass. Call it at least once a second while the peer can be reached, and as soon as that begins.
     *
     * @param nowMillis unix time
     */
    public void tick(long nowMillis, Traffic traffic) {
        advance(nowMillis);
        if (cipher == null) {
            return;
        }
        observe(traffic);
        if (attempt != null && attempt.answer != null && traffic.receivedUnderNewest() > 0) {
            attempt.sendCt = false;
            if (!attempt.sendPk) {
                succeed();
            }
        }
        if (attempt != null) {
            if (clock >= attempt.pulseAt) {
                pulse();
            }
        } else if (clock >= notBefore && due(traffic)) {
            start();
        }
    }

    /**
     * Takes a key offer, a datagram that begins with {@link Magic#SACRAMNT}.
     *
     * @param nowMillis unix time
     * @return whether the peer sent it, and it came for the first time: only then its source is the peer's address
     * @throws OfferException if it is none of the peer's, or none that is valid now
     */
    public boolean receive(byte[] datagram, int at, int length, long nowMillis) throws OfferException {
        advance(nowMillis);
        if (cipher == null) {
            return false;
        }
        Offer offer = cipher.open(datagram, at, length, Math.floorDiv(nowMillis, 1000));
        if (!(offer.body() instanceof ExchangeBody fragment)
                || fragment.spi() == 0
                || fragment.fragment() >= ExchangeBody.FRAGMENTS) {
            throw new OfferException(OfferException.Reason.MALFORMED);
        }
        boolean reflected = fragment.id() == localId || fragment.id() == formerId;
        if (reflected || !seen.add(seed(datagram, at))) {
            return false;
        }
        lastOffer = clock;
        switch (fragment.state()) {
            case ExchangeBody.PK -> takePk(offer, fragment);
            case ExchangeBody.CT -> takeCt(offer, fragment);
            default -> throw new OfferException(OfferException.Reason.MALFORMED);
        }
        return true;
    }

    /**
     * The id by which the peer knows us at present. It changes after a failed exchange; what the cathedral is told (INFO,
     * instance) should not, so draw that elsewhere.
     */
    public long localId() {
        return localId;
    }

    /** Whether no exchange is going on. */
    public boolean idle() {
        return attempt == null;
    }

    /** Exchanges that failed since one succeeded. */
    public int failures() {
        return failures;
    }

    /** Erases all secrets. Session keys stay with the transport. */
    @Override
    public void close() {
        abandon();
        forgetSecret();
    }

    private void advance(long nowMillis) {
        if (unixMillis != Long.MIN_VALUE) {
            clock += Math.max(0, nowMillis - unixMillis);
        }
        unixMillis = nowMillis;
    }

    /** Takes in what happened to the session keys since the last tick. */
    private void observe(Traffic traffic) {
        if (traffic.received() != received) {
            received = traffic.received();
            lastData = clock;
        }
        if (ambryPending && clock >= ambryDeadline) {
            ambryPending = false;
            abandon();
            destroy(Loss.AMBRY);
        }
        if (haveRx && clock - Math.max(lastData, lastOffer) >= DEAD_MILLIS) {
            destroy(Loss.SILENCE);
        }
        if (haveTx && (clock - txSince >= TxSession.HARD_MILLIS || traffic.sent() >= TxSession.HARD_PACKETS - 1)) {
            haveTx = false;
        }
    }

    private boolean due(Traffic traffic) {
        return forced
                || !haveRx
                || !haveTx
                || clock - rxSince > TxSession.SOFT_MILLIS
                || clock - txSince > TxSession.SOFT_MILLIS
                || traffic.receivedUnderNewest() > TxSession.SOFT_PACKETS
                || traffic.sent() > TxSession.SOFT_PACKETS
                || clock - lastData >= SILENT_MILLIS;
    }

    private void destroy(Loss why) {
        haveRx = false;
        haveTx = false;
        output.destroyKeys(why);
    }

    private void start() {
        forced = false;
        if (changeId) {
            changeId = false;
            formerId = localId;
            localId = random.nextLong();
        }
        attempt = new Attempt();
        pulse();
    }

    private void pulse() {
        attempt.ttl--;
        attempt.pulseAt = clock + PULSE_MILLIS;
        if (attempt.sendPk) {
            send(ExchangeBody.PK);
        }
        if (attempt.sendCt) {
            send(ExchangeBody.CT);
        }
        if (attempt.ttl <= 0) {
            fail();
        }
    }

    private void succeed() {
        attempt.keys.clear();
        attempt = null;
        failures = 0;
    }

    private void fail() {
        abandon();
        failures++;
        forced = true;
        notBefore = clock + (failures < PATIENCE ? 0 : BACK_OFF_MILLIS);
    }

    /** Drops an exchange in the middle. A C peer may wait for the rest of it, until it sees another id. */
    private void abandon() {
        if (attempt != null) {
            attempt.keys.clear();
            attempt = null;
            changeId = true;
        }
    }

    private void takePk(Offer offer, ExchangeBody fragment) {
        if (attempt == null) {
            if (answered != null && answered.belongs(offer, fragment)) {
                return;
            }
            // A C peer that restarted may hold the public key of our last exchange, and would ignore this one.
            changeId |= answered != null && answered.id() != fragment.id();
            start();
        } else if (attempt.pk.complete()) {
            if (attempt.pk.belongs(offer, fragment) || !attempt.pk.displacedBy(offer)) {
                return;
            }
            attempt.startOver();
        }
        if (attempt.pk.add(offer, fragment)) {
            answer();
        }
    }

    /** The peer's public key is complete: makes the receive key, then the ciphertext, in this order. */
    private void answer() {
        FragmentSet pk = attempt.pk;
        LocalKeys keys = attempt.keys;
        byte[] m = random.bytes(MlKem1024.SECRET_SIZE);
        MlKem1024.Encapsulation made = MlKem1024.encapsulate(pk.kem(), m);
        Secrets.clear(m);
        byte[] key = made == null ? null : trafficKey(true, pk, keys.remotePair, keys.remoteRandom, made.secret());
        if (key == null) {
            attempt.pk = new FragmentSet();
            return;
        }
        SessionKey session = new SessionKey(key, keys.spi, keys.salt);
        output.installRx(session);
        session.clear();
        haveRx = true;
        rxSince = clock;
        lastData = clock;

        answered = pk;
        attempt.answer = made.ct();
        attempt.sendCt = true;
        if (!attempt.peerStartedOver) {
            attempt.ttl = TTL;
        }
        attempt.pulseAt = clock + PULSE_MILLIS;
        send(ExchangeBody.CT);
    }

    private void takeCt(Offer offer, ExchangeBody fragment) {
        if (attempt == null || !attempt.sendPk || fragment.spi() != attempt.keys.spi) {
            return;
        }
        // The transmit key gets the name that the peer gave with its own public key, so both must come from one
        // exchange.
        FragmentSet pk = attempt.pk;
        if (!pk.complete() || fragment.id() != pk.id() || offer.timestamp() < pk.oldest()) {
            return;
        }
        if (attempt.ct.add(offer, fragment)) {
            conclude();
        }
    }

    /** The peer's ciphertext is complete: makes the transmit key. */
    private void conclude() {
        LocalKeys keys = attempt.keys;
        byte[] secret = keys.decapsulate(attempt.ct.kem());
        byte[] key = secret == null ? null : trafficKey(false, attempt.ct, keys.localPair, keys.localRandom, secret);
        if (key == null) {
            fail();
            return;
        }
        SessionKey session = new SessionKey(key, attempt.pk.spi(), attempt.pk.salt());
        output.installTx(session);
        session.clear();
        haveTx = true;
        txSince = clock;
        ambryPending = false;
        attempt.sendPk = false;
    }

    /**
     * Specification section 3.4. Erases {@code kemSecret}.
     *
     * @return null if the peer's X25519 key is unusable
     */
    private byte[] trafficKey(boolean rx, FragmentSet peer, X25519.KeyPair pair, byte[] ours, byte[] kemSecret) {
        byte[] shared = X25519.agree(pair.secret(), peer.ecdh());
        byte[] key = null;
        if (shared != null) {
            boolean big = Long.compareUnsigned(attempt.keys.id, peer.id()) > 0;
            byte[] base = rx == big ? rxBase : txBase;
            key = big
                    ? TrafficKey.derive(base, shared, kemSecret, pair.point(), peer.ecdh(), ours, peer.random())
                    : TrafficKey.derive(base, shared, kemSecret, peer.ecdh(), pair.point(), peer.random(), ours);
        }
        Secrets.clear(shared, kemSecret);
        return key;
    }

    private void send(int state) {
        LocalKeys keys = attempt.keys;
        boolean pk = state == ExchangeBody.PK;
        byte[] kem = pk ? keys.kem.ek() : attempt.answer;
        for (int i = 0; i < ExchangeBody.FRAGMENTS; i++) {
            int from = i * ExchangeBody.KEM_SIZE;
            ExchangeBody body = new ExchangeBody(
                    keys.id,
                    pk ? keys.spi : attempt.pk.spi(),
                    pk ? keys.salt : attempt.pk.salt(),
                    state,
                    i,
                    pk ? keys.localPair.point() : keys.remotePair.point(),
                    Arrays.copyOfRange(kem, from, from + ExchangeBody.KEM_SIZE));
            OfferHeader header = parameters.cathedral()
                    ? new OfferHeader(Magic.SACRAMNT, parameters.flock(), parameters.peerFlock(), keys.spi)
                    : OfferHeader.withRandomFlocks(Magic.SACRAMNT, keys.spi, random);
            output.send(cipher.seal(
                    header, Math.floorDiv(unixMillis, 1000), body, pk ? keys.localRandom : keys.remoteRandom, random));
        }
    }

    private byte[] baseKey(byte[] sharedSecret, Purpose purpose) {
        return BaseKey.derive(sharedSecret, purpose, parameters.flock(), parameters.peerFlock());
    }

    private void forgetSecret() {
        Secrets.clear(rxBase, txBase);
        rxBase = null;
        txBase = null;
        if (cipher != null) {
            cipher.close();
            cipher = null;
        }
    }

    private static long seed(byte[] datagram, int at) {
        return ByteBuffer.wrap(datagram, at + OfferHeader.SIZE, Long.BYTES).getLong();
    }
}
