package tier6.api.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EthernetTest {
    private static final byte[] FRAME = HexFormat.of().parseHex("ffeeddccbbaa" + "80a1b2c3d4e5" + "86dd" + "6000");

    @Test
    void readsHeaders() {
        assertEquals(0xffee_ddcc_bbaaL, Ethernet.mac(FRAME, 0));
        assertEquals(0x80a1_b2c3_d4e5L, Ethernet.mac(FRAME, 6));
        assertEquals(Ethernet.IPV6, Ethernet.etherType(FRAME, 0));
    }

    @Test
    void writesWhatItReads() {
        byte[] copy = new byte[FRAME.length + 3];
        Ethernet.putMac(copy, 3, Ethernet.mac(FRAME, 0));
        Ethernet.putMac(copy, 9, Ethernet.mac(FRAME, 6));
        assertArrayEquals(HexFormat.of().parseHex("000000ffeeddccbbaa80a1b2c3d4e500000000"), copy);
    }

    @Test
    void knowsGroups() {
        assertTrue(Ethernet.isGroup(Ethernet.BROADCAST));
        assertTrue(Ethernet.isGroup(Ethernet.parse("33:33:00:00:00:01")));
        assertTrue(Ethernet.isGroup(Ethernet.parse("01:00:5e:00:00:fb")));
        assertFalse(Ethernet.isGroup(Ethernet.parse("06:01:0a:00:00:01")));
        assertFalse(Ethernet.isGroup(Ethernet.parse("fe:ff:ff:ff:ff:ff")));
    }

    @Test
    void isReadableForPeople() {
        assertEquals("06:01:0a:00:00:01", Ethernet.format(0x0601_0a00_0001L));
        assertEquals(0x0601_0a00_0001L, Ethernet.parse("06:01:0A:00:00:01"));
        assertEquals(Ethernet.BROADCAST, Ethernet.parse(Ethernet.format(Ethernet.BROADCAST)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "06:01", "06-01-0a-00-00-01", "06:01:0a:00:00:01:02", "06:01:0a:00:00:0g", "6:1:a:0:0:1"})
    void refusesWhatIsNoAddress(String text) {
        var e = assertThrows(IllegalArgumentException.class, () -> Ethernet.parse(text));
        assertTrue(e.getMessage().endsWith(text));
    }
}
