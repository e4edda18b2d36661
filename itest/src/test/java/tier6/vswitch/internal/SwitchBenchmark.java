package tier6.vswitch.internal;

import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tier6.api.frame.Batch;
import tier6.api.vswitch.PortKind;
import tier6.api.vswitch.SwitchPort;

/** The switch with few and many addresses: an operation is a frame, out of batches that change from call to call. */
@State(Scope.Thread)
public class SwitchBenchmark {
    private static final int FRAMES = 64;
    private static final int BATCHES = 256;
    private static final int MAX_PORTS = 254;
    private static final long BASE = 0x0600_0000_0000L;
    private static final long HERE = 0x0200_0000_0001L;

    @Param({"3", "254", "10000"})
    private int macs;

    private SwitchPort tap;
    private SwitchPort[] peers;
    private MacTable table;
    private final Batch[] toMany = new Batch[BATCHES];
    private final Batch[] toOne = new Batch[BATCHES];
    private final Batch[] fromOne = new Batch[BATCHES];
    private final long[] addresses = new long[BATCHES * FRAMES];
    private int next;

    /** Makes a switch that knows all addresses. */
    @Setup
    public void setUp() {
        Random random = new Random(1);
        Switch fabric = new Switch(SwitchConfig.DEFAULT, System::nanoTime, random.nextLong(), (m, p, f) -> {});
        table = fabric.table();
        tap = fabric.attach("tap", PortKind.LOCAL, frames -> {});
        peers = new SwitchPort[Math.min(macs, MAX_PORTS)];
        for (int i = 0; i < peers.length; i++) {
            peers[i] = fabric.attach("peer " + i, PortKind.TUNNEL, frames -> {});
        }
        Batch one = new Batch(1, 1, 256);
        for (int mac = 0; mac < macs; mac++) {
            one.clear();
            append(one, HERE, BASE + mac);
            peers[mac % peers.length].input(one);
        }
        for (int i = 0; i < BATCHES; i++) {
            toMany[i] = new Batch(2, FRAMES, FRAMES * 128);
            toOne[i] = new Batch(2, FRAMES, FRAMES * 128);
            fromOne[i] = new Batch(1, FRAMES, FRAMES * 128);
            int destination = random.nextInt(macs);
            for (int f = 0; f < FRAMES; f++) {
                int mac = random.nextInt(macs);
                addresses[i * FRAMES + f] = BASE + mac;
                append(toMany[i], BASE + mac, HERE);
                append(toOne[i], BASE + destination, HERE);
                append(fromOne[i], HERE, BASE + mac / peers.length * peers.length); // all live behind the first peer
            }
        }
        one.clear();
        append(one, BASE, HERE);
        tap.input(one);
    }

    private static void append(Batch batch, long destination, long source) {
        int at = batch.append(64);
        for (int i = 0; i < 6; i++) {
            batch.data()[at + i] = (byte) (destination >>> 40 - 8 * i);
            batch.data()[at + 6 + i] = (byte) (source >>> 40 - 8 * i);
        }
        batch.data()[at + 12] = 8;
    }

    private Batch next(Batch[] batches) {
        return batches[next++ & BATCHES - 1];
    }

    /** From the TAP to one peer a batch, as with TCP. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void forwardToOnePeer() {
        tap.input(next(toOne));
    }

    /** From the TAP, each frame to another address. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void forwardToAnyPeer() {
        tap.input(next(toMany));
    }

    /** From a peer to the TAP, each frame from another address behind that peer. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void learn() {
        peers[0].input(next(fromOne));
    }

    /** The table alone. */
    @Benchmark
    public int lookUp() {
        return table.find(addresses[next++ & addresses.length - 1], 0);
    }
}
