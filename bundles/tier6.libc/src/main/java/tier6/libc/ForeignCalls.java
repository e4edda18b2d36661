package tier6.libc;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * By {@code java.lang.foreign}, which is looked up by reflection, since this is compiled for Java 17. What reflection
 * gives are method handles, kept in constants, so that calling them is as quick as if it had been compiled against it.
 */
final class ForeignCalls extends Calls {
    private static final String PACKAGE = "java.lang.foreign.";

    private static final MethodHandle READ = function("read", long.class, int.class, long.class, long.class),
            WRITE = function("write", long.class, int.class, long.class, long.class),
            POLL = function("poll", int.class, long.class, long.class, int.class),
            EPOLL_WAIT = function("epoll_wait", int.class, int.class, long.class, int.class, int.class),
            SENDMMSG = function("sendmmsg", int.class, int.class, long.class, int.class, int.class),
            RECVMMSG = function("recvmmsg", int.class, int.class, long.class, int.class, int.class, long.class);

    /** Whether this Java can do it. */
    static final boolean AVAILABLE = READ != null;

    /** Where the C library's errno is put after each call: a {@code struct} of one {@code int}. */
    private final ByteBuffer errno = Libc.allocate(Integer.BYTES);

    /** The same as a {@code MemorySegment}. */
    private final Object state = segment(errno);

    /** A handle that takes where errno goes, then {@code parameters}; null if this Java has none. */
    private static MethodHandle function(String name, Class<?> result, Class<?>... parameters) {
        if (Runtime.version().feature() < 22) {
            return null;
        }
        try {
            Class<?> linkers = Class.forName(PACKAGE + "Linker");
            Object linker = linkers.getMethod("nativeLinker").invoke(null);
            Object library = linkers.getMethod("defaultLookup").invoke(linker);
            Optional<?> symbol = (Optional<?>) Class.forName(PACKAGE + "SymbolLookup")
                    .getMethod("find", String.class)
                    .invoke(library, name);

            Class<?> layouts = Class.forName(PACKAGE + "MemoryLayout");
            Object arguments = Array.newInstance(layouts, parameters.length);
            for (int i = 0; i < parameters.length; i++) {
                Array.set(arguments, i, layout(parameters[i]));
            }
            Class<?> descriptors = Class.forName(PACKAGE + "FunctionDescriptor");
            Object descriptor =
                    descriptors.getMethod("of", layouts, arguments.getClass()).invoke(null, layout(result), arguments);

            Class<?> options = Class.forName(PACKAGE + "Linker$Option");
            Object keepErrno = Array.newInstance(options, 1);
            Array.set(
                    keepErrno,
                    0,
                    options.getMethod("captureCallState", String[].class)
                            .invoke(null, (Object) new String[] {"errno"}));

            MethodHandle handle = (MethodHandle) linkers.getMethod(
                            "downcallHandle",
                            Class.forName(PACKAGE + "MemorySegment"),
                            descriptors,
                            keepErrno.getClass())
                    .invoke(linker, symbol.orElseThrow(), descriptor, keepErrno);
            MethodType type = handle.type();
            return handle.asType(type.changeParameterType(0, Object.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    private static Object layout(Class<?> type) throws ReflectiveOperationException {
        String name = type == int.class ? "JAVA_INT" : "JAVA_LONG";
        return Class.forName(PACKAGE + "ValueLayout").getField(name).get(null);
    }

    private static Object segment(ByteBuffer buffer) {
        try {
            return Class.forName(PACKAGE + "MemorySegment")
                    .getMethod("ofBuffer", Buffer.class)
                    .invoke(null, buffer);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public long read(int fd, long buffer, long size) {
        try {
            return result((long) READ.invokeExact(state, fd, buffer, size));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public long write(int fd, long buffer, long size) {
        try {
            return result((long) WRITE.invokeExact(state, fd, buffer, size));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int poll(long fds, long count, int timeoutMillis) {
        try {
            return result((int) POLL.invokeExact(state, fds, count, timeoutMillis));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int epollWait(int epoll, long events, int count, int timeoutMillis) {
        try {
            return result((int) EPOLL_WAIT.invokeExact(state, epoll, events, count, timeoutMillis));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int sendmmsg(int fd, long messages, int count, int flags) {
        try {
            return result((int) SENDMMSG.invokeExact(state, fd, messages, count, flags));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @Override
    public int recvmmsg(int fd, long messages, int count, int flags) {
        try {
            return result((int) RECVMMSG.invokeExact(state, fd, messages, count, flags, 0L));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private long result(long result) {
        return result >= 0 ? result : -errno.getInt(0);
    }

    private int result(int result) {
        return result >= 0 ? result : -errno.getInt(0);
    }

    /** A function of the C library throws nothing; only the Java around it could. */
    private static IllegalStateException unexpected(Throwable e) {
        return new IllegalStateException(e);
    }
}
