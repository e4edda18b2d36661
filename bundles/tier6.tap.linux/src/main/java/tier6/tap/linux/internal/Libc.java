package tier6.tap.linux.internal;

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
    static final int O_RDWR = 2, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000;
    static final int EFD_NONBLOCK = O_NONBLOCK, EFD_CLOEXEC = O_CLOEXEC;
    static final int AF_INET = 2, SOCK_DGRAM = 2, SOCK_CLOEXEC = O_CLOEXEC;
    static final int POLLIN = 1;

    static final int EPERM = 1,
            ENOENT = 2,
            EINTR = 4,
            EIO = 5,
            ENXIO = 6,
            EAGAIN = 11,
            EACCES = 13,
            EBUSY = 16,
            ENODEV = 19,
            EINVAL = 22,
            EOPNOTSUPP = 95;

    static {
        if (!Platform.isLinux() || Native.POINTER_SIZE != 8) {
            throw new UnsupportedOperationException("this is for Linux on 64-bit machines");
        }
        map();
    }

    private static final Logger LOG = System.getLogger("tier6.tap.linux");

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

    static native int open(String path, int flags);

    static native int close(int fd);

    static native long read(int fd, long buffer, long size);

    static native long write(int fd, long buffer, long size);

    static native int ioctl(int fd, long request, long argument);

    static native int poll(long fds, long count, int timeoutMillis);

    static native int eventfd(int initial, int flags);

    static native int socket(int domain, int type, int protocol);

    static native int getuid();

    static native Pointer getpwnam(String name);

    static native int setgroups(long count, int[] groups);

    static native int setresgid(int real, int effective, int saved);

    static native int setresuid(int real, int effective, int saved);

    static native Pointer strerror(int errno);

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
