package tier6.tap.linux.internal;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tier6.api.frame.Batch;
import tier6.libc.Libc;

/** Cutting up super-frames and joining frames: an operation is a frame of 1368 bytes of payload. */
@State(Scope.Thread)
public class OffloadBenchmark {
    private static final int FRAMES = 44;
    private static final int PAYLOAD = 1368;
    private static final int IP = 14;

    /** What the super-frame is. */
    public enum Kind {
        TCP4,
        TCP6,
        UDP4
    }

    @Param
    private Kind kind;

    private ByteBuffer superFrame;
    private int length;
    private final Segmenter segmenter = new Segmenter();
    private final Batch cut = new Batch(1, 128, 192 * 1024);
    private Coalescer coalescer;
    private long joined;

    /** Makes a super-frame as the kernel would, and the frames that it is cut into. */
    @Setup
    public void setUp() {
        int l4 = IP + (kind == Kind.TCP6 ? 40 : 20);
        int headers = l4 + (kind == Kind.UDP4 ? 8 : 32);
        length = Vnet.SIZE + headers + FRAMES * PAYLOAD;
        superFrame = Libc.allocate(Coalescer.PACKET);
        byte[] frame = new byte[headers + FRAMES * PAYLOAD];
        new Random(1).nextBytes(frame);
        if (kind == Kind.TCP6) {
            Checksum.u16(frame, 12, 0x86dd);
            Checksum.i32(frame, IP, 0x6000_0000);
            Checksum.u16(frame, IP + 4, frame.length - l4);
            frame[IP + 6] = 6;
        } else {
            Checksum.u16(frame, 12, 0x0800);
            Checksum.u16(frame, IP, 0x4500);
            Checksum.u16(frame, IP + 2, frame.length - IP);
            Checksum.u16(frame, IP + 6, 0x4000);
            frame[IP + 9] = (byte) (kind == Kind.UDP4 ? 17 : 6);
        }
        if (kind == Kind.UDP4) {
            Checksum.u16(frame, l4 + 4, frame.length - l4);
        } else {
            frame[l4 + 12] = (byte) 0x80;
            frame[l4 + 13] = 0x10;
        }
        int type = kind == Kind.TCP4 ? Vnet.GSO_TCPV4 : kind == Kind.TCP6 ? Vnet.GSO_TCPV6 : Vnet.GSO_UDP_L4;
        superFrame
                .put(Vnet.FLAGS, (byte) Vnet.NEEDS_CSUM)
                .put(Vnet.GSO_TYPE, (byte) type)
                .putShort(Vnet.HEADER_LENGTH, (short) headers)
                .putShort(Vnet.GSO_SIZE, (short) PAYLOAD)
                .putShort(Vnet.CSUM_START, (short) l4)
                .putShort(Vnet.CSUM_OFFSET, (short) (kind == Kind.UDP4 ? 6 : 16))
                .put(Vnet.SIZE, frame, 0, frame.length);
        coalescer = new Coalescer(EnumSet.allOf(Offload.class), Libc.allocate(Coalescer.PACKET), new Coalescer.Sink() {
            @Override
            public void plain(byte[] data, int at, int length) {
                throw new IllegalStateException("a frame was not joined");
            }

            @Override
            public boolean merged(ByteBuffer packet, int length, int frames) {
                joined += frames;
                return true;
            }
        });
        if (segment() != FRAMES || coalesce() != FRAMES) {
            throw new IllegalStateException("the super-frame is not cut into " + FRAMES + " and joined again");
        }
    }

    /** The benchmark for other uses, ready. */
    static OffloadBenchmark of(Kind kind) {
        OffloadBenchmark benchmark = new OffloadBenchmark();
        benchmark.kind = kind;
        benchmark.setUp();
        return benchmark;
    }

    /** What {@link #segment} made. */
    Batch frames() {
        return cut;
    }

    /** As {@link #coalesce}, of other frames. */
    void join(Batch frames) {
        coalescer.write(frames);
    }

    /** A super-frame from the TAP into frames. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public int segment() {
        cut.clear();
        segmenter.begin(superFrame, length);
        return segmenter.drain(cut);
    }

    /** Frames into a super-frame for the TAP, all checksums verified. */
    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public long coalesce() {
        long before = joined;
        coalescer.write(cut);
        return joined - before;
    }
}
