package tier6.libc;

/** By the direct mapping of JNA. */
final class JnaCalls extends Calls {
    @Override
    public long read(int fd, long buffer, long size) {
        return result(Libc.read(fd, buffer, size));
    }

    @Override
    public long write(int fd, long buffer, long size) {
        return result(Libc.write(fd, buffer, size));
    }

    @Override
    public int poll(long fds, long count, int timeoutMillis) {
        return result(Libc.poll(fds, count, timeoutMillis));
    }

    @Override
    public int epollWait(int epoll, long events, int count, int timeoutMillis) {
        return result(Libc.epoll_wait(epoll, events, count, timeoutMillis));
    }

    @Override
    public int sendmmsg(int fd, long messages, int count, int flags) {
        return result(Libc.sendmmsg(fd, messages, count, flags));
    }

    @Override
    public int recvmmsg(int fd, long messages, int count, int flags) {
        return result(Libc.recvmmsg(fd, messages, count, flags, 0));
    }

    private static long result(long result) {
        return result >= 0 ? result : -Libc.errno();
    }

    private static int result(int result) {
        return result >= 0 ? result : -Libc.errno();
    }
}
