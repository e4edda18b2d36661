package tier6.sanctum.exchange;

import tier6.sanctum.session.DataHeader;
import tier6.sanctum.session.TxSession;

/** One end of the simulated link: ticks once a second, sends a packet now and then, takes what comes. */
abstract class SimulatedNode {

    static final long FLOCK = 0x493abf95a07e0c0aL;
    static final long EPOCH = 1_767_225_600_000L;

    final SimulatedWorld world;
    final int index;
    final int tunnel;
    TxSession tx;
    boolean dead;

    /** Our clock minus true time, milliseconds. */
    long skew;

    /** Milliseconds between packets; 0 sends none. */
    long pace = 1000;

    SimulatedNode(SimulatedWorld world, int index) {
        this.world = world;
        this.index = index;
        this.tunnel = index == 0 ? 0x0102 : 0x0201;
        world.nodes[index] = this;
        world.after(world.random.nextLong(1000), this::everySecond);
        world.after(world.random.nextLong(1000), this::everyPace);
    }

    long unixMillis() {
        return EPOCH + world.now() + skew;
    }

    private void everySecond() {
        if (!dead) {
            if (tx != null && tx.expired(world.now())) {
                tx.close();
                tx = null;
            }
            tick();
            world.after(1000, this::everySecond);
        }
    }

    private void everyPace() {
        if (!dead) {
            if (pace > 0) {
                sendPacket();
            }
            world.after(Math.max(10, pace), this::everyPace);
        }
    }

    final void sendPacket() {
        if (tx == null) {
            world.couldNotSend(index);
            return;
        }
        byte[] out = new byte[20 + DataHeader.OVERHEAD];
        long pn = tx.reserve(1);
        tx.seal(0, pn, new byte[22], 0, 20, DataHeader.NEXT_FRAME, out, 0);
        world.transmit(index, out, true);
    }

    /** The process ends; another one takes its place. */
    final void kill() {
        dead = true;
        pace = 0;
    }

    abstract void secret(byte[] secret, boolean ambry);

    abstract void tick();

    /** Takes a datagram. Returns whether it was data that opened. */
    abstract boolean receive(byte[] datagram);

    static boolean isOffer(byte[] datagram) {
        return datagram[0] == 'S' && datagram[1] == 'A' && datagram[2] == 'C' && datagram[3] == 'R';
    }
}
