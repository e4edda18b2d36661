package tier6.underlay.linux.internal;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * The functions of the C library that are needed here, mapped directly. Addresses are {@code long}, so that a call
 * costs no object. After a result of -1, {@link Native#getLastError} has the number of the error.
 */
final class Libc {
    static final int O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000;
    static final int AF_INET = 2, AF_INET6 = 10, SOCK_DGRAM = 2;
    static final int SOL_SOCKET = 1, SO_SNDBUF = 7, SO_RCVBUF = 8, SO_SNDBUFFORCE = 32, SO_RCVBUFFORCE = 33;
    static final int IPPROTO_IP = 0, IP_MTU_DISCOVER = 10;
    static final int IPPROTO_IPV6 = 41, IPV6_MTU_DISCOVER = 23, IPV6_V6ONLY = 26;
    static final int PMTUDISC_DONT = 0;
    static final int SOL_UDP = 17, UDP_SEGMENT = 103, UDP_GRO = 104;
    static final int MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000;
    static final int EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLLIN = 1;
    static final int EINTR = 4, EIO = 5, EAGAIN = 11, EINVAL = 22, EMSGSIZE = 90, EOPNOTSUPP = 95, ENOBUFS = 105;

    static {
        if (!Platform.isLinux() || Native.POINTER_SIZE != 8) {
            throw new UnsupportedOperationException("this is for Linux on 64-bit machines");
        }
        map();
    }

    private static final Logger LOG = System.getLogger("tier6.underlay.linux");

    // Guarded by the class.
    private static int users;
    private static boolean mapped;

    private Libc() {}

    private static void map() {
        // By the name alone JNA would note our class loader with the library, and keep that.
        Native.register(Libc.class, NativeLibrary.getInstance(Platform.C_LIBRARY_NAME));
        mapped = true;
    }

    /**
     * Somebody will call these functions, until {@link #unuse}. JNA keeps a class with mapped functions, and the class loader
     * of its bundle, for ever: so when the component has gone and all that it opened is closed, they are mapped no longer.
     */
    static synchronized void use() {
        users++;
        if (!mapped) {
            map();
        }
    }

    /** Somebody calls them no more. */
    static synchronized void unuse() {
        if (--users == 0) {
            Native.unregister(Libc.class);
            mapped = false;
            forget();
        }
    }

    /** Unregistering leaves an entry in a map of weak keys, whose value holds the key: nobody else can take it away. */
    private static void forget() {
        try {
            Field options = Native.class.getDeclaredField("typeOptions");
            options.setAccessible(true);
            ((Map<?, ?>) options.get(null)).remove(Libc.class);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(Level.DEBUG, "this JNA keeps the classes of a driver that was swapped away", e);
        }
    }

    static native int socket(int domain, int type, int protocol);

    static native int bind(int fd, long address, int length);

    static native int getsockname(int fd, long address, long length);

    static native int setsockopt(int fd, int level, int option, int[] value, int length);

    static native int sendmmsg(int fd, long messages, int count, int flags);

    static native int recvmmsg(int fd, long messages, int count, int flags, long timeout);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int operation, int fd, long event);

    static native int epoll_wait(int epoll, long events, int count, int timeoutMillis);

    static native int eventfd(int initial, int flags);

    static native long read(int fd, long buffer, long size);

    static native long write(int fd, long buffer, long size);

    static native int close(int fd);

    static native Pointer strerror(int errno);

    /** Sets an option that is a number; false if the system refuses. */
    static boolean set(int fd, int level, int option, int value) {
        return setsockopt(fd, level, option, new int[] {value}, Integer.BYTES) == 0;
    }

    /** Memory that native code can be given, in the byte order of the machine. */
    static ByteBuffer allocate(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    /** Where {@code buffer}, made by {@link #allocate}, lies; good for as long as the buffer is reachable. */
    static long address(ByteBuffer buffer) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    }

    /** What the C library says about an error. */
    static String message(int errno) {
        return strerror(errno).getString(0) + " (" + errno + ")";
    }
}
