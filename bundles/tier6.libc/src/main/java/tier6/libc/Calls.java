package tier6.libc;

/**
 * The system calls that are made with each frame, without an object for any of them. A result is that of the call, or,
 * where that is -1, the negative number of the error, as the kernel itself has it.
 *
 * <p>Not for several threads at once: each has its own, from {@link #forThread}.
 */
public abstract sealed class Calls permits ForeignCalls, JnaCalls {
    /**
     * The quickest that this Java has: {@code java.lang.foreign} where there is one (Java 22, JEP 454), else JNA. What
     * counts is not the hundred nanoseconds between them in a loop but that JNA touches so much more memory, which is
     * out of the caches when a single frame comes after a pause.
     */
    public static Calls forThread() {
        return ForeignCalls.AVAILABLE ? new ForeignCalls() : new JnaCalls();
    }

    /** See read(2). */
    public abstract long read(int fd, long buffer, long size);

    /** See write(2). */
    public abstract long write(int fd, long buffer, long size);

    /** See poll(2). */
    public abstract int poll(long fds, long count, int timeoutMillis);

    /** See epoll_wait(2). */
    public abstract int epollWait(int epoll, long events, int count, int timeoutMillis);

    /** See sendmmsg(2). */
    public abstract int sendmmsg(int fd, long messages, int count, int flags);

    /** See recvmmsg(2); without a time-out. */
    public abstract int recvmmsg(int fd, long messages, int count, int flags);
}
