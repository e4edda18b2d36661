package tier6.sanctum.exchange;

import java.util.Arrays;
import tier6.sanctum.crypto.MlKem1024;
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
import tier6.sanctum.session.ReplayWindow;
import tier6.sanctum.session.RxSlots;
import tier6.sanctum.session.SessionKey;
import tier6.sanctum.session.TxSession;

/**
 * A node that behaves as the C programs do, weaknesses included (specification sections 7.3, 7.4, 7.7 and 7.8). There are two
 * kinds: libkyrka, and the chapel of the sanctum daemon.
 */
final class CNode extends SimulatedNode {

    enum Kind {
        LIBKYRKA,
        CHAPEL
    }

    private static final int PK = 1;
    private static final int CT = 2;
    private static final int ALL = 15;

    private final class State {
        final LocalKeys keys = new LocalKeys(localId, tunnel, world.randomSource);
        final byte[] pk = new byte[MlKem1024.EK_SIZE];
        final byte[] ct = new byte[MlKem1024.CT_SIZE];
        byte[] answer;
        int pkFragments;
        int ctFragments;
        int remoteSpi;
        int remoteSalt;
        int flags = PK;
        int ttl = 15;
        long pulse = seconds();
    }

    private final Kind kind;
    private final long localId;
    private RxSlots rx = new RxSlots(FLOCK, FLOCK, ReplayWindow.SANCTUM_BITS, 0);
    private byte[] secret;
    private OfferCipher cipher;
    private State offer;
    private long peerId;
    private int lastSpi;
    private boolean force;
    private long next;
    private int rxSpi;
    private long rxAge;
    private long heard;
    private int timedOut;
    private boolean newAmbry;
    private boolean ambrySwitch;
    private long ambryReceived;

    CNode(SimulatedWorld world, int index, Kind kind) {
        super(world, index);
        this.kind = kind;
        localId = world.random.nextLong();
        heard = seconds();
    }

    private long seconds() {
        return world.now() / 1000;
    }

    private boolean kyrka() {
        return kind == Kind.LIBKYRKA;
    }

    @Override
    void secret(byte[] shared, boolean ambry) {
        if (Arrays.equals(secret, shared)) {
            return;
        }
        boolean first = secret == null;
        secret = shared;
        cipher = OfferCipher.peer(shared, FLOCK, FLOCK);
        ambrySwitch = ambry;
        ambryReceived = seconds();
        if (kyrka()) {
            newAmbry = !first;
        } else if (ambry) {
            if (offer != null) {
                clear();
            }
            offer = new State();
        }
    }

    @Override
    void tick() {
        if (secret == null) {
            return;
        }
        if (!kyrka() && rxSpi != 0 && seconds() - heard >= 120) {
            reset();
        }
        if (ambrySwitch && seconds() - ambryReceived >= 75) {
            force = false;
            ambrySwitch = false;
            timedOut++;
            reset();
        }
        if (offer != null) {
            if (rxSpi == offer.keys.spi && rx.packetsUnderNewest() > 0) {
                newAmbry = false;
                offer.flags &= ~CT;
                if (offer.flags == 0) {
                    clear();
                }
            } else if (seconds() >= offer.pulse) {
                pulse();
            }
        } else {
            check();
        }
        world.announce(index, rx.activeSpi(), rx.otherSpi());
    }

    private void reset() {
        if (offer != null) {
            clear();
        }
        rx.clear();
        rxSpi = 0;
        tx = null;
    }

    private void clear() {
        offer = null;
        next = 0;
        if (kyrka()) {
            lastSpi = 0;
            force = false;
        }
    }

    private void check() {
        if (seconds() < next) {
            return;
        }
        if (!kyrka() && timedOut >= 4) {
            next = seconds() + 60;
            timedOut = 0;
            return;
        }
        boolean due;
        if (force) {
            due = true;
            force = false;
        } else if (rxSpi == 0) {
            due = true;
            heard = seconds();
        } else {
            due = seconds() - rxAge >= 3500 || newAmbry || !kyrka() && seconds() - heard >= 30;
        }
        if (due) {
            newAmbry = false;
            offer = new State();
        }
    }

    private void pulse() {
        offer.ttl--;
        offer.pulse = seconds() + 1;
        if ((offer.flags & PK) != 0) {
            send(PK);
        }
        if ((offer.flags & CT) != 0) {
            send(CT);
        }
        if (offer.ttl == 0) {
            clear();
            timedOut++;
            if (ambrySwitch) {
                force = true;
                next = seconds() + 10;
            }
        }
    }

    private void send(int state) {
        boolean pk = state == PK;
        byte[] kem = pk ? offer.keys.kem.ek() : offer.answer;
        for (int i = 0; i < ExchangeBody.FRAGMENTS; i++) {
            int from = i * ExchangeBody.KEM_SIZE;
            ExchangeBody body = new ExchangeBody(
                    localId,
                    pk ? offer.keys.spi : offer.remoteSpi,
                    pk ? offer.keys.salt : offer.remoteSalt,
                    state,
                    i,
                    pk ? offer.keys.localPair.point() : offer.keys.remotePair.point(),
                    Arrays.copyOfRange(kem, from, from + ExchangeBody.KEM_SIZE));
            OfferHeader header = new OfferHeader(Magic.SACRAMNT, FLOCK, FLOCK, offer.keys.spi);
            byte[] random = pk ? offer.keys.localRandom : offer.keys.remoteRandom;
            world.transmit(index, cipher.seal(header, unixMillis() / 1000, body, random, world.randomSource), false);
        }
    }

    @Override
    boolean receive(byte[] datagram) {
        if (!isOffer(datagram)) {
            boolean opened = rx.open(datagram, 0, datagram.length, new byte[datagram.length], 0) >= 0;
            if (opened) {
                heard = seconds();
            }
            return opened;
        }
        if (dead || cipher == null) {
            return false;
        }
        try {
            Offer opened = cipher.open(datagram, 0, datagram.length, unixMillis() / 1000);
            ExchangeBody body = (ExchangeBody) opened.body();
            if (body.id() != localId && body.spi() != 0) {
                if (body.state() == PK) {
                    takePk(opened, body);
                } else {
                    takeCt(opened, body);
                }
                peerId = body.id();
            }
        } catch (OfferException e) {
            // Another secret or another time.
        }
        return false;
    }

    private void takePk(Offer opened, ExchangeBody body) {
        if (body.spi() == lastSpi) {
            return;
        }
        if (offer == null) {
            offer = new State();
        }
        if (offer.pkFragments == ALL) {
            if (body.id() == peerId) {
                return;
            }
            clear();
            offer = new State();
        }
        if ((offer.pkFragments & 1 << body.fragment()) != 0) {
            return;
        }
        System.arraycopy(body.kem(), 0, offer.pk, body.fragment() * ExchangeBody.KEM_SIZE, ExchangeBody.KEM_SIZE);
        offer.pkFragments |= 1 << body.fragment();
        if (offer.pkFragments == ALL) {
            offer.ttl = 15;
            offer.remoteSpi = body.spi();
            offer.remoteSalt = body.salt();
            offer.flags |= CT;
            lastSpi = body.spi();
            byte[] m = world.randomSource.bytes(MlKem1024.SECRET_SIZE);
            MlKem1024.Encapsulation made = MlKem1024.encapsulate(offer.pk, m);
            if (made == null) {
                // Two halves of different keys. The C code does not look and makes some ciphertext.
                made = new MlKem1024.Encapsulation(
                        world.randomSource.bytes(MlKem1024.CT_SIZE), world.randomSource.bytes(MlKem1024.SECRET_SIZE));
            }
            offer.answer = made.ct();
            byte[] key = key(true, opened, body, offer.keys.remotePair, offer.keys.remoteRandom, made.secret());
            if (kyrka()) {
                rx.clear();
            }
            rx.install(new SessionKey(key, offer.keys.spi, offer.keys.salt));
            rxSpi = offer.keys.spi;
            rxAge = seconds();
        }
    }

    private void takeCt(Offer opened, ExchangeBody body) {
        if (offer == null || kyrka() && offer.remoteSpi == 0) {
            return;
        }
        if (body.spi() != offer.keys.spi) {
            clear();
            force = true;
            return;
        }
        if (offer.remoteSpi == 0 || (offer.flags & PK) == 0 || (offer.ctFragments & 1 << body.fragment()) != 0) {
            return;
        }
        System.arraycopy(body.kem(), 0, offer.ct, body.fragment() * ExchangeBody.KEM_SIZE, ExchangeBody.KEM_SIZE);
        offer.ctFragments |= 1 << body.fragment();
        if (offer.ctFragments == ALL) {
            offer.flags &= ~PK;
            byte[] secretOfKem = MlKem1024.decapsulate(offer.keys.kem.dk(), offer.ct);
            byte[] key = key(false, opened, body, offer.keys.localPair, offer.keys.localRandom, secretOfKem);
            tx = new TxSession(new SessionKey(key, offer.remoteSpi, offer.remoteSalt), FLOCK, FLOCK, world.now());
            ambrySwitch = false;
            timedOut = 0;
        }
    }

    private byte[] key(
            boolean receive, Offer opened, ExchangeBody body, X25519.KeyPair pair, byte[] ours, byte[] kemSecret) {
        boolean big = Long.compareUnsigned(localId, body.id()) > 0;
        byte[] base = BaseKey.derive(secret, receive == big ? Purpose.TRAFFIC_RX : Purpose.TRAFFIC_TX, FLOCK, FLOCK);
        byte[] shared = X25519.agree(pair.secret(), body.ecdh());
        byte[] theirs = opened.exchangeRandom();
        return big
                ? TrafficKey.derive(base, shared, kemSecret, pair.point(), body.ecdh(), ours, theirs)
                : TrafficKey.derive(base, shared, kemSecret, body.ecdh(), pair.point(), theirs, ours);
    }
}
