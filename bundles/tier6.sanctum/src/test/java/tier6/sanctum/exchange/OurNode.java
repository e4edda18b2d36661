package tier6.sanctum.exchange;

import tier6.sanctum.offer.OfferException;
import tier6.sanctum.session.RxSlots;
import tier6.sanctum.session.SessionKey;
import tier6.sanctum.session.TxSession;

/** A node with the exchange under test. */
final class OurNode extends SimulatedNode implements KeyExchange.Output, KeyExchange.Traffic {

    final KeyExchange exchange;
    final RxSlots rx = new RxSlots(FLOCK, FLOCK);
    int rxInstalled;
    int txInstalled;
    int offersSent;

    OurNode(SimulatedWorld world, int index) {
        super(world, index);
        exchange = new KeyExchange(new KeyExchange.Parameters(FLOCK, FLOCK, tunnel), world.randomSource, this);
    }

    @Override
    void secret(byte[] secret, boolean ambry) {
        exchange.secret(secret, ambry, unixMillis());
    }

    @Override
    void tick() {
        exchange.tick(unixMillis(), this);
        rx.sweep(world.now());
        world.announce(index, rx.activeSpi(), rx.otherSpi());
    }

    @Override
    boolean receive(byte[] datagram) {
        if (!isOffer(datagram)) {
            return rx.open(datagram, 0, datagram.length, new byte[datagram.length], 0) >= 0;
        }
        if (!dead) {
            try {
                exchange.receive(datagram, 0, datagram.length, unixMillis());
            } catch (OfferException e) {
                // As it should be with an offer of another secret or another time.
            }
        }
        return false;
    }

    @Override
    public void send(byte[] datagram) {
        offersSent++;
        world.transmit(index, datagram, false);
    }

    @Override
    public void installRx(SessionKey key) {
        rxInstalled++;
        rx.install(key);
        world.announce(index, rx.activeSpi(), rx.otherSpi());
    }

    @Override
    public void installTx(SessionKey key) {
        txInstalled++;
        if (tx != null) {
            tx.close();
        }
        tx = new TxSession(key, FLOCK, FLOCK, world.now());
        sendPacket();
    }

    @Override
    public void destroyKeys(KeyExchange.Loss why) {
        rx.clear();
        if (tx != null) {
            tx.close();
            tx = null;
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
}
