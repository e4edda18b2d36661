package tier6.tap.linux.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import tier6.api.frame.Ethernet;
import tier6.libc.Libc;

/** A network interface as {@code ioctl} sees it (netdevice(7)): address, MTU and whether it is up. */
final class NetDevice implements AutoCloseable {
    /** Most bytes of an interface's name. */
    static final int NAME_MAX = 15;

    /** Bytes of {@code struct ifreq}, and where the value in it begins. */
    static final int IFREQ = 40, VALUE = 16;

    private static final int SIOCGIFFLAGS = 0x8913,
            SIOCSIFFLAGS = 0x8914,
            SIOCGIFMTU = 0x8921,
            SIOCSIFMTU = 0x8922,
            SIOCSIFHWADDR = 0x8924,
            SIOCGIFHWADDR = 0x8927,
            SIOCGIFINDEX = 0x8933;
    private static final int IFF_UP = 1;
    private static final int ARPHRD_ETHER = 1;

    private final String name;
    private final ByteBuffer request = Libc.allocate(IFREQ);
    private final long address = Libc.address(request);
    private final int socket;

    NetDevice(String name) throws IOException {
        this.name = name;
        socket = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.O_CLOEXEC, 0);
        if (socket < 0) {
            throw new IOException("cannot make a socket: " + Libc.message(Libc.errno()));
        }
    }

    /** Writes {@code name} into a {@code struct ifreq} that is zero elsewhere. */
    static void putName(ByteBuffer request, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        request.put(0, new byte[IFREQ]).put(0, bytes);
    }

    /** The name in a {@code struct ifreq}. */
    static String name(ByteBuffer request) {
        byte[] bytes = new byte[VALUE];
        request.get(0, bytes);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** Its number. */
    int index() throws IOException {
        get(SIOCGIFINDEX, "number");
        return request.getInt(VALUE);
    }

    boolean isUp() throws IOException {
        get(SIOCGIFFLAGS, "state");
        return (request.getShort(VALUE) & IFF_UP) != 0;
    }

    /** Brings it up, if it is not. */
    void up() throws IOException {
        if (!isUp()) {
            short flags = request.getShort(VALUE);
            clear();
            request.putShort(VALUE, (short) (flags | IFF_UP));
            set(SIOCSIFFLAGS, "cannot bring up " + name, "ip link set " + name + " up");
        }
    }

    /** Sets the hardware address, if it is another. */
    void mac(long mac) throws IOException {
        get(SIOCGIFHWADDR, "address");
        if (readMac() != mac) {
            clear();
            request.putShort(VALUE, (short) ARPHRD_ETHER);
            request.order(ByteOrder.BIG_ENDIAN)
                    .putShort(VALUE + 2, (short) (mac >> 32))
                    .putInt(VALUE + 4, (int) mac)
                    .order(ByteOrder.nativeOrder());
            String text = Ethernet.format(mac);
            set(
                    SIOCSIFHWADDR,
                    "cannot give " + name + " the address " + text + (Ethernet.isGroup(mac) ? ", a group address" : ""),
                    "ip link set " + name + " address " + text);
        }
    }

    private long readMac() {
        request.order(ByteOrder.BIG_ENDIAN);
        long mac = (request.getShort(VALUE + 2) & 0xffffL) << 32 | request.getInt(VALUE + 4) & 0xffff_ffffL;
        request.order(ByteOrder.nativeOrder());
        return mac;
    }

    /** Sets the MTU, if it is another. */
    void mtu(int mtu) throws IOException {
        get(SIOCGIFMTU, "MTU");
        if (request.getInt(VALUE) != mtu) {
            clear();
            request.putInt(VALUE, mtu);
            set(
                    SIOCSIFMTU,
                    "cannot give " + name + " an MTU of " + mtu + " (68 to 65521 are possible)",
                    "ip link set " + name + " mtu " + mtu);
        }
    }

    private void clear() {
        putName(request, name);
    }

    private void get(int what, String word) throws IOException {
        clear();
        if (Libc.ioctl(socket, what, address) < 0) {
            throw new IOException("cannot read the " + word + " of " + name + ": " + Libc.message(Libc.errno()));
        }
    }

    private void set(int what, String failure, String command) throws IOException {
        if (Libc.ioctl(socket, what, address) < 0) {
            int errno = Libc.errno();
            String remedy = errno == Libc.EPERM ? ": it takes CAP_NET_ADMIN; or have root run: " + command : "";
            throw new IOException(failure + remedy + ": " + Libc.message(errno));
        }
    }

    @Override
    public void close() {
        Libc.close(socket);
    }
}
