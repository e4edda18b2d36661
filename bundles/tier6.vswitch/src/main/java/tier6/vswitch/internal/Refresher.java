package tier6.vswitch.internal;

import tier6.api.frame.Batch;
import tier6.api.frame.Ethernet;
import tier6.api.vswitch.PortKind;

/**
 * Reminds peers of the addresses of this host. A node of the C program forgets an address 10 s after the last frame
 * from it and then drops what is sent to it (specification section 17.1): it goes deaf on links that are idle, that
 * carry traffic in one direction only, or whose host talks to another peer at the moment. Its own side cannot be
 * mended from here, but ours can keep each address in its memory, by sending every peer a frame from each address, every
 * {@value #PERIOD} seconds: so one may get lost.
 *
 * <p>What the frame has to be: short; of an EtherType that the C program lets pass, because it learns from no other;
 * and without any effect where it arrives. It is an ARP packet from the address to the address itself. The receiving
 * node learns the source. Every switch and bridge, our own included, then knows the destination to be where the frame
 * came from and drops it, as IEEE 802.1D asks. A host's network card or stack takes nothing that is addressed to
 * somebody else. Even a program that listens to everything finds only zeros, a hardware type and an operation that are
 * reserved (RFC 5494), at which the algorithm of RFC 826 ends with its first question.
 */
final class Refresher {
    /** Seconds from one reminder of an address to the next; 0, 4 and 8 s are less than 10. */
    static final int PERIOD = 4;

    /** The most addresses that peers are reminded of, those that were heard of last. */
    static final int MAX_MACS = 128;

    /** A header and an ARP packet for Ethernet and IPv4. */
    static final int FRAME = Ethernet.HEADER + 28;

    private final Switch home;
    private final Batch batch = new Batch(Batch.SWITCH_LANE, MAX_MACS, MAX_MACS * (FRAME + Batch.TAILROOM));
    private final byte[] frame = new byte[FRAME];
    private int second;

    Refresher(Switch home) {
        this.home = home;
        frame[12] = (byte) (Ethernet.ARP >> 8);
        frame[13] = (byte) Ethernet.ARP;
    }

    /** Sends what is due. To be called once a second, by one thread. */
    void tick() {
        second = (second + 1) % PERIOD;
        batch.clear();
        Port[] ports = home.attached();
        for (Port port : ports) {
            if (port.kind == PortKind.LOCAL) {
                home.table().visit(port.number, MAX_MACS, this::remind);
            }
        }
        if (batch.isEmpty()) {
            return;
        }
        long now = home.now();
        for (Port port : ports) {
            if (port.kind == PortKind.TUNNEL) {
                home.output(port, batch, now);
                home.count(port, Count.FRAMES_REFRESH, batch.count());
            }
        }
    }

    /** Appends the frame of an address; different addresses have their turn in different seconds. */
    private void remind(long mac, int port, long time) {
        if (mac % PERIOD == second && batch.fits(FRAME)) {
            Ethernet.putMac(frame, 0, mac);
            Ethernet.putMac(frame, 6, mac);
            batch.append(frame, 0, FRAME);
        }
    }
}
