package tier6.underlay.linux.internal;

import java.nio.ByteBuffer;
import tier6.libc.Libc;

/**
 * An array of {@code struct mmsghdr} of a 64-bit Linux (recvmmsg(2)), each with a place for one address, one piece of
 * data and one control message.
 */
final class Messages {
    /** Bytes of a message's place for control messages; one with a number needs 24. */
    static final int CONTROL = 32;

    private static final int SIZE = 64;
    private static final int NAME = 0,
            NAME_LENGTH = 8,
            IOV = 16,
            IOV_COUNT = 24,
            CONTROLS = 32,
            CONTROL_LENGTH = 40,
            LENGTH = 56;
    private static final int IOVEC = 16, IOVEC_LENGTH = 8;
    private static final int NAME_SIZE = 32;

    // struct cmsghdr and the number behind it
    private static final int CMSG_LEVEL = 8, CMSG_TYPE = 12, CMSG_DATA = 16, CMSG_SPACE = 24;

    private final ByteBuffer headers;
    private final ByteBuffer iovecs;
    private final ByteBuffer names;
    private final ByteBuffer controls;
    private final long address;

    /** Makes {@code count} messages without data. */
    Messages(int count) {
        headers = Libc.allocate(count * SIZE);
        iovecs = Libc.allocate(count * IOVEC);
        names = Libc.allocate(count * NAME_SIZE);
        controls = Libc.allocate(count * CONTROL);
        address = Libc.address(headers);
        long iovec = Libc.address(iovecs);
        long name = Libc.address(names);
        long control = Libc.address(controls);
        for (int i = 0; i < count; i++) {
            headers.putLong(i * SIZE + NAME, name + i * NAME_SIZE)
                    .putLong(i * SIZE + IOV, iovec + i * IOVEC)
                    .putLong(i * SIZE + IOV_COUNT, 1)
                    .putLong(i * SIZE + CONTROLS, control + i * CONTROL);
        }
    }

    /** Address of message {@code i} and those behind it. */
    long address(int i) {
        return address + (long) i * SIZE;
    }

    /** Says where the data of message {@code i} lies. */
    void data(int i, long at, int length) {
        iovecs.putLong(i * IOVEC, at).putLong(i * IOVEC + IOVEC_LENGTH, length);
    }

    /** Gives message {@code i} an address to be sent to. */
    void name(int i, RawAddress to) {
        to.put(names, i * NAME_SIZE);
        headers.putInt(i * SIZE + NAME_LENGTH, to.length());
    }

    /** Lets the system cut message {@code i} into datagrams of {@code size} bytes; 0: send it as it is. */
    void segment(int i, int size) {
        if (size == 0) {
            headers.putLong(i * SIZE + CONTROL_LENGTH, 0);
            return;
        }
        headers.putLong(i * SIZE + CONTROL_LENGTH, CMSG_SPACE);
        controls.putLong(i * CONTROL, CMSG_DATA + Short.BYTES)
                .putInt(i * CONTROL + CMSG_LEVEL, Libc.SOL_UDP)
                .putInt(i * CONTROL + CMSG_TYPE, Libc.UDP_SEGMENT)
                .putShort(i * CONTROL + CMSG_DATA, (short) size);
    }

    /** Gets message {@code i} ready to be received into. */
    void expect(int i) {
        headers.putInt(i * SIZE + NAME_LENGTH, RawAddress.SIZE).putLong(i * SIZE + CONTROL_LENGTH, CONTROL);
    }

    /** Bytes of data received as message {@code i}. */
    int length(int i) {
        return headers.getInt(i * SIZE + LENGTH);
    }

    /** Bytes of each datagram that message {@code i} was joined from; all of it, if it is one. */
    int segmentSize(int i) {
        int at = i * CONTROL;
        boolean joined = headers.getLong(i * SIZE + CONTROL_LENGTH) > CMSG_DATA
                && controls.getInt(at + CMSG_LEVEL) == Libc.SOL_UDP
                && controls.getInt(at + CMSG_TYPE) == Libc.UDP_GRO;
        int size = joined ? controls.getInt(at + CMSG_DATA) : 0;
        return size > 0 ? size : length(i);
    }

    /** Whether message {@code i} came from {@code sender}. */
    boolean isFrom(int i, RawAddress sender) {
        return sender.matches(names, i * NAME_SIZE);
    }

    /** Who message {@code i} came from. */
    RawAddress sender(int i) {
        return RawAddress.read(names, i * NAME_SIZE);
    }
}
