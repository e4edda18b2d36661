package tier6.api.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {
    private static Setting of(String value) {
        return new Setting("tier6.example", "flock", value);
    }

    @Test
    void readsNumbersUnsigned() {
        assertEquals(0xfe, of(" fe ").hex(2));
        assertEquals(-1, of("FFFFffffFFFFffff").hex(16));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+f", "-1", "fff", "0x", "g"})
    void saysHowNumbersAreWritten(String value) {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> of(value).hex(2))
                .getMessage();
        assertEquals("tier6.example: flock '" + value + "': write up to 2 hexadecimal digits", message);
    }

    @Test
    void saysWhatIsMissing() {
        assertEquals("x", of("x").required().value());
        String message = assertThrows(IllegalArgumentException.class, () -> of(" ").required())
                .getMessage();
        assertEquals("tier6.example: flock is missing", message);
    }

    @Test
    void bindsToAnyAddressUnlessOneIsWritten() throws Exception {
        assertTrue(of("").local().isAnyLocalAddress());
        assertEquals(InetAddress.getByName("::1"), of("::1").local());
        assertThrows(IllegalArgumentException.class, () -> of("nowhere.invalid").local());
    }
}
