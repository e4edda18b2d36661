package tier6.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tier6.api.transport.LinkStatus;

class WordsTest {
    @ParameterizedTest
    @CsvSource({
        "-5, 0ms",
        "0, 0ms",
        "999, 999ms",
        "1000, 1.0s",
        "9999, 9.9s",
        "10000, 10s",
        "59999, 59s",
        "192000, 3m12s",
        "3599999, 59m59s",
        "18420000, 5h07m",
        "187200000, 2d04h"
    })
    void durationsHaveTwoUnitsAtMost(long millis, String words) {
        assertEquals(words, Words.duration(Duration.ofMillis(millis)));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "1449, 1.4 kB",
        "999949, 999.9 kB",
        "999950, 1.0 MB",
        "9223372036854775807, 9.2 EB"
    })
    void bytesHaveOneDecimal(long bytes, String words) {
        assertEquals(words, Words.bytes(bytes));
    }

    @Test
    void roundTripsAreFineWhereTheyAreShort() {
        assertEquals("0.35ms", Words.roundTrip(Optional.of(Duration.ofNanos(349_000))));
        assertEquals("212.3ms", Words.roundTrip(Optional.of(Duration.ofNanos(212_345_678))));
        assertEquals("-", Words.roundTrip(Optional.empty()));
    }

    @Test
    void addressesShowNoNames() {
        assertEquals("127.0.0.1:80", Words.address(new InetSocketAddress("127.0.0.1", 80)));
        assertEquals("[2001:db8:0:0:0:0:0:7]:80", Words.address(new InetSocketAddress("2001:db8::7", 80)));
        assertEquals("host.invalid:80", Words.address(InetSocketAddress.createUnresolved("host.invalid", 80)));
    }

    @Test
    void constantsAreWords() {
        assertEquals("no secret", Words.constant(LinkStatus.State.NO_SECRET));
    }
}
