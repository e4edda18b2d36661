package tier6.tap.linux.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071) and the big-endian numbers of packet headers. A sum is 16 bits, not complemented,
 * folded; sums of parts that begin at even distances are combined with {@link #add}.
 */
final class Checksum {
    // A one's complement sum does not depend on the order of bytes, up to a swap at the end: little-endian loads are
    // free on the machines that matter.
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BIG_SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BIG_INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final long LOW = 0xffff_ffffL;

    private Checksum() {}

    /** The sum of {@code length} bytes; an odd last one counts as if a zero followed. */
    static int sum(byte[] data, int from, int length) {
        int at = from;
        int end = from + length;
        long sum = 0;
        // The plainest loop is the one that compilers turn into vector instructions.
        for (int last = end - 4; at <= last; at += 4) {
            sum += (int) INTS.get(data, at) & LOW;
        }
        if (at + 2 <= end) {
            sum += (short) SHORTS.get(data, at) & 0xffff;
            at += 2;
        }
        if (at < end) {
            sum += data[at] & 0xff;
        }
        sum = (sum & LOW) + (sum >>> 32);
        sum = (sum & LOW) + (sum >>> 32);
        int folded = fold((int) ((sum & 0xffff) + (sum >>> 16)));
        return (folded & 0xff) << 8 | folded >>> 8;
    }

    /** Two sums as one. */
    static int add(int a, int b) {
        return fold(a + b);
    }

    private static int fold(int sum) {
        int once = (sum & 0xffff) + (sum >>> 16);
        return (once & 0xffff) + (once >>> 16);
    }

    static int u8(byte[] data, int at) {
        return data[at] & 0xff;
    }

    static int u16(byte[] data, int at) {
        return (short) BIG_SHORTS.get(data, at) & 0xffff;
    }

    static void u16(byte[] data, int at, int value) {
        BIG_SHORTS.set(data, at, (short) value);
    }

    static int i32(byte[] data, int at) {
        return (int) BIG_INTS.get(data, at);
    }

    static void i32(byte[] data, int at, int value) {
        BIG_INTS.set(data, at, value);
    }

    static long i64(byte[] data, int at) {
        return (long) LONGS.get(data, at);
    }
}
