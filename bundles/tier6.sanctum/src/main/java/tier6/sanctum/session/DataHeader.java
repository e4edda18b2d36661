package tier6.sanctum.session;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The 32 clear bytes before a payload and the 18 bytes after it (specification section 5). */
public final class DataHeader {

    /** Bytes before the payload. */
    public static final int SIZE = 32;

    /** Encrypted bytes after the payload: a zero, and what the payload is. */
    public static final int TAIL = 2;

    /** Bytes of the tag at the end. */
    public static final int TAG = 16;

    /** By how much a datagram is longer than its payload. */
    public static final int OVERHEAD = SIZE + TAIL + TAG;

    /** The payload is an Ethernet frame. */
    public static final int NEXT_FRAME = 0x00;

    /** The payload is a grace packet of a sanctum daemon (specification section 5.3). */
    public static final int NEXT_GRACE = 0xfc;

    static final int SPI = 0;
    static final int SEQUENCE = 4;
    static final int PACKET_NUMBER = 8;
    static final int FLOCK_SRC = 16;
    static final int FLOCK_DST = 24;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private DataHeader() {}

    /** The SPI of the packet that begins at {@code at}; at least 4 bytes must be there. */
    public static int spi(byte[] datagram, int at) {
        return getInt(datagram, at + SPI);
    }

    static int getInt(byte[] from, int at) {
        return (int) INT.get(from, at);
    }

    static void putInt(byte[] to, int at, int value) {
        INT.set(to, at, value);
    }

    static long getLong(byte[] from, int at) {
        return (long) LONG.get(from, at);
    }

    static void putLong(byte[] to, int at, long value) {
        LONG.set(to, at, value);
    }
}
