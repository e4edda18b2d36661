package tier6.tap.linux.internal;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import tier6.api.contract.TapDriverContract.OtherSide;
import tier6.libc.Calls;
import tier6.libc.Libc;

/** The kernel's side of an interface, by a packet socket (packet(7)). */
final class PacketSocket implements OtherSide {
    private static final int AF_PACKET = 17, SOCK_RAW = 3, ETH_P_ALL = 3;
    private static final int SOL_PACKET = 263, PACKET_VNET_HDR = 15;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int TIMEOUT_MILLIS = 2_000;

    static {
        Native.register(PacketSocket.class, Platform.C_LIBRARY_NAME);
    }

    private final int fd;
    private final int etherType;
    private final int header;
    private final Calls calls = Calls.forThread();
    private final ByteBuffer buffer = Libc.allocate(Coalescer.PACKET);
    private final long bufferAddress = Libc.address(buffer);

    static native int bind(int fd, long address, int length);

    static native int setsockopt(int fd, int level, int option, int[] value, int length);

    static native long send(int fd, long buffer, long size, int flags);

    static native long recv(int fd, long buffer, long size, int flags);

    /**
     * Opens one.
     *
     * @param etherType what to receive; the rest is ignored
     * @param vnet whether frames have a {@link Vnet} header in front
     */
    PacketSocket(String device, int etherType, boolean vnet) throws IOException {
        this.etherType = etherType;
        header = vnet ? Vnet.SIZE : 0;
        short all = Short.reverseBytes((short) ETH_P_ALL);
        fd = Libc.socket(AF_PACKET, SOCK_RAW, ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? all : ETH_P_ALL);
        check(fd, "socket");
        if (vnet) {
            check(setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, new int[] {1}, 4), "vnet");
        }
        int index = Integer.parseInt(
                Files.readString(Path.of("/sys/class/net", device, "ifindex")).trim());
        ByteBuffer address = Libc.allocate(20);
        address.putShort(0, (short) AF_PACKET).putInt(4, index);
        address.order(ByteOrder.BIG_ENDIAN).putShort(2, (short) ETH_P_ALL);
        check(bind(fd, Libc.address(address), 20), "bind");
    }

    private static void check(int result, String what) throws IOException {
        if (result < 0) {
            throw new IOException(what + ": " + Libc.message(Libc.errno()));
        }
    }

    @Override
    public void send(byte[] frame) throws IOException {
        buffer.put(0, frame);
        check((int) send(fd, bufferAddress, frame.length, 0), "send");
    }

    @Override
    public byte[] receive() {
        ByteBuffer poll = Libc.allocate(8);
        poll.putInt(0, fd).putShort(4, (short) Libc.POLLIN);
        while (calls.poll(Libc.address(poll), 1, TIMEOUT_MILLIS) > 0) {
            int n = (int) recv(fd, bufferAddress, buffer.capacity(), MSG_DONTWAIT);
            if (n >= header + 14 && Short.reverseBytes(buffer.getShort(header + 12)) == (short) etherType) {
                byte[] frame = new byte[n];
                buffer.get(0, frame);
                return frame;
            }
        }
        return null;
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
