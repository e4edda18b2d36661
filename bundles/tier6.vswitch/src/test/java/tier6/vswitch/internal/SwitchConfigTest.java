package tier6.vswitch.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tier6.api.frame.Ethernet;

class SwitchConfigTest {
    @Test
    void hasDefaults() {
        assertEquals(SwitchConfig.DEFAULT, SwitchConfig.from(Map.of("service.pid", "tier6.vswitch")));
        assertEquals(Duration.ofSeconds(300), SwitchConfig.DEFAULT.ageing());
    }

    @Test
    void readsWhatIsThere() {
        SwitchConfig config = SwitchConfig.from(Map.of(
                "ageing", "10",
                "capacity", 17,
                "unknown.unicast", "drop",
                "ethertypes", "0800, 88CC",
                "refresh", "off"));
        assertEquals(Duration.ofSeconds(10), config.ageing());
        assertEquals(17, config.capacity());
        assertFalse(config.floodUnknown());
        assertFalse(config.refresh());
        assertTrue(config.etherTypes().passes(0x88cc));
        assertTrue(config.etherTypes().passes(Ethernet.IPV4));
        assertFalse(config.etherTypes().passes(Ethernet.ARP));
    }

    @ParameterizedTest
    @CsvSource({
        "ageing, 9",
        "ageing, soon",
        "ageing, ''",
        "capacity, 0",
        "capacity, 99999999999",
        "unknown.unicast, maybe",
        "ethertypes, ipv4",
        "ethertypes, '0800,'",
        "ethertypes, 12345",
        "refresh, true"
    })
    void saysWhatIsWrong(String name, String value) {
        var e = assertThrows(IllegalArgumentException.class, () -> SwitchConfig.from(Map.of(name, value)));
        assertTrue(e.getMessage().startsWith(name + " "), e.getMessage());
        assertTrue(e.getMessage().endsWith(value), e.getMessage());
    }
}
