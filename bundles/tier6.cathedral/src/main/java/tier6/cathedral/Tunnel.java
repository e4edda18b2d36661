package tier6.cathedral;

import java.net.InetSocketAddress;

/** One end of a tunnel as its device announced it (specification section 9.2). Times are the core's own milliseconds. */
final class Tunnel {
    final long src;
    final long dst;
    final int id;

    /** The device that announced it last. */
    int csId;

    Device.Usage usage;

    /** Where its traffic goes: the device, or the cathedral that the device is at. */
    InetSocketAddress address;

    int ip;
    int port;
    boolean federated;

    /** What it wears on the way there, if the cathedral is shrouded and the device is here. */
    Veil.Wearer wearer;

    long announcedAt;
    long timestamp;
    long instance;
    int generation;
    int rxActive;
    int rxPending;

    /** The NAT probe came from the same endpoint, {@link #p2pIp}:{@link #p2pPort}. */
    boolean verified;

    int p2pIp;
    int p2pPort;
    long cooldownUntil;
    long federateAt;
    long remembranceAt;

    /** Answers that the device is owed, and how many bytes it may get at its present address. */
    boolean owedInfo;

    boolean owedRemembrance;
    boolean owedAmbry;
    boolean ambryBefore;
    int credit;

    private long bytesPerSecond;
    private long level;
    private long drainedAt;

    Tunnel(long src, long dst, int id, int csId, Device.Usage usage) {
        this.src = src;
        this.dst = dst;
        this.id = id;
        this.csId = csId;
        this.usage = usage;
    }

    /** Sets the bandwidth of what is relayed to the device; 0 is unlimited. A mebibit, as the C cathedral counts. */
    void limit(long mbits) {
        bytesPerSecond = mbits * (1 << 20) / 8;
    }

    /** A leaky bucket of one second: whether {@code bytes} more may be relayed now. */
    boolean admits(int bytes, long nowMillis) {
        if (bytesPerSecond == 0) {
            return true;
        }
        long elapsed = nowMillis - drainedAt;
        if (elapsed >= 1000) {
            level = 0;
            drainedAt = nowMillis;
        } else if (elapsed > 0) {
            level = Math.max(0, level - bytesPerSecond * elapsed / 1000);
            drainedAt = nowMillis;
        }
        if (level >= bytesPerSecond) {
            return false;
        }
        level += bytes;
        return true;
    }

    void unverify() {
        verified = false;
        p2pIp = 0;
        p2pPort = 0;
    }

    /** The swap of the two kek-ids gives the peer's name; for people. */
    @Override
    public String toString() {
        return src == dst ? String.format("%x:%04x", src, id) : String.format("%x-%x:%04x", src, dst, id);
    }
}
