package tier6.libc;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Functions of the C library, mapped directly; each is that of section 2 or 3 of the manual. Addresses are {@code long}.
 * After a result of -1, {@link #errno} has the number of the error, in the thread that called.
 *
 * <p>Loading this class elsewhere than on a 64-bit Linux throws an {@link ExceptionInInitializerError}.
 */
public final class Libc {
    public static final int O_RDWR = 2, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000;
    public static final int AF_INET = 2, AF_INET6 = 10, SOCK_DGRAM = 2;
    public static final int POLLIN = 1;
    public static final int EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLLIN = 1;
    public static final int SOL_SOCKET = 1, SO_SNDBUF = 7, SO_RCVBUF = 8, SO_SNDBUFFORCE = 32, SO_RCVBUFFORCE = 33;
    public static final int IPPROTO_IP = 0, IP_MTU_DISCOVER = 10;
    public static final int IPPROTO_IPV6 = 41, IPV6_MTU_DISCOVER = 23, IPV6_V6ONLY = 26;
    public static final int PMTUDISC_DONT = 0;
    public static final int SOL_UDP = 17, UDP_SEGMENT = 103, UDP_GRO = 104;
    public static final int MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000;
    public static final int EPERM = 1,
            ENOENT = 2,
            EINTR = 4,
            EIO = 5,
            ENXIO = 6,
            EAGAIN = 11,
            EACCES = 13,
            EBUSY = 16,
            ENODEV = 19,
            EINVAL = 22,
            EMSGSIZE = 90,
            EOPNOTSUPP = 95,
            ENOBUFS = 105;

    static {
        if (!Platform.isLinux() || Native.POINTER_SIZE != 8) {
            throw new UnsupportedOperationException("this is for Linux on 64-bit machines");
        }
        Native.register(Libc.class, Platform.C_LIBRARY_NAME);
    }

    private Libc() {}

    public static native int open(String path, int flags);

    public static native int close(int fd);

    public static native long read(int fd, long buffer, long size);

    public static native long write(int fd, long buffer, long size);

    public static native int ioctl(int fd, long request, long argument);

    static native int poll(long fds, long count, int timeoutMillis);

    public static native int eventfd(int initial, int flags);

    public static native int epoll_create1(int flags);

    public static native int epoll_ctl(int epoll, int operation, int fd, long event);

    static native int epoll_wait(int epoll, long events, int count, int timeoutMillis);

    public static native int socket(int domain, int type, int protocol);

    public static native int bind(int fd, long address, int length);

    public static native int getsockname(int fd, long address, long length);

    static native int setsockopt(int fd, int level, int option, int[] value, int length);

    static native int sendmmsg(int fd, long messages, int count, int flags);

    static native int recvmmsg(int fd, long messages, int count, int flags, long timeout);

    public static native int getuid();

    /** Address of a {@code struct passwd}, or null. */
    public static native Pointer getpwnam(String name);

    public static native int setgroups(long count, int[] groups);

    public static native int setresgid(int real, int effective, int saved);

    public static native int setresuid(int real, int effective, int saved);

    static native int sched_setscheduler(int thread, int policy, int[] parameters);

    static native int getrlimit(int resource, long[] limits);

    static native int setrlimit(int resource, long[] limits);

    private static native Pointer strerror(int errno);

    /** Sets an option of a socket that is a number; false if the system refuses. */
    public static boolean set(int fd, int level, int option, int value) {
        return setsockopt(fd, level, option, new int[] {value}, Integer.BYTES) == 0;
    }

    /** Why the last function that this thread called here failed. */
    public static int errno() {
        return Native.getLastError();
    }

    /** What the C library says about an error. */
    public static String message(int errno) {
        return strerror(errno).getString(0) + " (" + errno + ")";
    }

    /** Memory that native code can be given, in the byte order of the machine. */
    public static ByteBuffer allocate(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    /** Where {@code buffer}, made by {@link #allocate}, lies; good for as long as the buffer is reachable. */
    public static long address(ByteBuffer buffer) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    }
}
