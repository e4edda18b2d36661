package tier6.tap.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tier6.api.tap.TapConfig;

class MemoryTapDriverTest {
    private final MemoryTapDriver driver = new MemoryTapDriver();

    private List<String> addresses(String tap) {
        return driver.host(tap).orElseThrow().addresses().stream()
                .map(InetAddress::getHostAddress)
                .filter(address -> !address.startsWith("fe80"))
                .toList();
    }

    private void open(String name) throws IOException {
        driver.open(new TapConfig(name, 0x0601_0a00_0001L, 1400, Optional.empty()));
    }

    @Test
    void givesHostsTheirAddresses() throws IOException {
        assertEquals(Optional.empty(), driver.host("tier6"));
        open("before");
        driver.configure(Map.of("addresses", "10.6.0.1, fd06::1"));
        open("after");
        assertEquals(List.of("10.6.0.1", "fd06:0:0:0:0:0:0:1"), addresses("before"));
        assertEquals(List.of("10.6.0.1", "fd06:0:0:0:0:0:0:1"), addresses("after"));
        driver.configure(Map.of());
        assertEquals(List.of(), addresses("before"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.6.0.2/24", "localhost", "10.6.0", "10.6.0.256", "fd06::1::2", "abc", "224.0.0.1", "::1"})
    void keepsWhatItHasIfTheConfigurationIsWrong(String text) throws IOException {
        open("tier6");
        driver.configure(Map.of("addresses", "10.6.0.1"));
        driver.configure(Map.of("addresses", "10.6.0.2," + text));
        assertEquals(List.of("10.6.0.1"), addresses("tier6"));
    }
}
