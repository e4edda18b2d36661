package tier6.libc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ways to the kernel, with real descriptors: they have to say the same. */
class CallsTest {
    private static final int POLLFD = 8, REVENTS = 6, NOWHERE = -1;

    @BeforeEach
    void linuxOnly() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "not Linux");
    }

    static Stream<Calls> ways() {
        return ForeignCalls.AVAILABLE
                ? Stream.of(new JnaCalls(), new ForeignCalls())
                : Stream.of((Calls) new JnaCalls());
    }

    @Test
    void theForeignOnesAreUsedWhereJavaHasThem() {
        assertEquals(Runtime.version().feature() >= 22, Calls.forThread() instanceof ForeignCalls);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatIsWrittenIsRead(Calls calls) {
        int event = Libc.eventfd(0, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        ByteBuffer number = Libc.allocate(Long.BYTES).putLong(0, 42);
        assertEquals(8, calls.write(event, Libc.address(number), 8));
        number.putLong(0, 0);
        assertEquals(8, calls.read(event, Libc.address(number), 8));
        assertEquals(42, number.getLong(0));
        Libc.close(event);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void anErrorIsItsNegativeNumber(Calls calls) {
        int event = Libc.eventfd(0, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        ByteBuffer number = Libc.allocate(Long.BYTES);
        assertEquals(-Libc.EAGAIN, calls.read(event, Libc.address(number), 8), "nothing to read");
        assertEquals(-Libc.EINVAL, calls.read(event, Libc.address(number), 1), "too short for an eventfd");
        assertEquals(-Libc.EINVAL, calls.epollWait(event, Libc.address(number), 1, 0), "no epoll descriptor");
        assertTrue(calls.write(NOWHERE, Libc.address(number), 8) < 0);
        assertTrue(calls.sendmmsg(event, Libc.address(number), 1, 0) < 0, "no socket");
        assertTrue(calls.recvmmsg(event, Libc.address(number), 1, 0) < 0, "no socket");
        Libc.close(event);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void pollTellsWhatIsReady(Calls calls) {
        int event = Libc.eventfd(0, Libc.O_NONBLOCK | Libc.O_CLOEXEC);
        ByteBuffer asked = Libc.allocate(POLLFD).putInt(0, event).putShort(4, (short) Libc.POLLIN);
        assertEquals(0, calls.poll(Libc.address(asked), 1, 0));
        ByteBuffer one = Libc.allocate(Long.BYTES).putLong(0, 1);
        calls.write(event, Libc.address(one), 8);
        assertEquals(1, calls.poll(Libc.address(asked), 1, 0));
        assertEquals(Libc.POLLIN, asked.getShort(REVENTS));
        Libc.close(event);
    }
}
