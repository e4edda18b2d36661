package tier6.config.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangeTest {
    private static List<String> texts(Map<String, Map<String, Object>> before, Map<String, Map<String, Object>> after) {
        return Change.between(before, after).stream().map(Change::text).toList();
    }

    @Test
    void whatIsTheSameIsNoChange() {
        assertEquals(
                List.of(),
                texts(
                        Map.of("a", Map.of("peers", new String[] {"1", "2"}, "n", 5)),
                        Map.of("a", Map.of("peers", new String[] {"1", "2"}, "n", 5))));
    }

    @Test
    void saysWhatChangesAndWhatThatInterrupts() {
        assertEquals(
                List.of(
                        "tier6.discovery.static~main: peers [1, 2] -> [1] "
                                + "(peers are looked for anew, tunnels of peers that stay known stay up)",
                        "tier6.mesh: tap.mtu auto -> 1300 (the interface is opened anew, tunnels stay)",
                        "tier6.transport.sanctum: local - -> 192.0.2.1, shroud true -> - "
                                + "(all tunnels are made anew, which takes a few seconds)",
                        "tier6.vswitch: ageing 300 -> 60 (at once, interrupts nothing)"),
                texts(
                        Map.of(
                                "tier6.vswitch", Map.of("ageing", 300),
                                "tier6.mesh", Map.of("tap.mtu", "auto"),
                                "tier6.transport.sanctum", Map.of("shroud", true),
                                "tier6.discovery.static~main", Map.of("peers", new String[] {"1", "2"})),
                        Map.of(
                                "tier6.vswitch", Map.of("ageing", 60),
                                "tier6.mesh", Map.of("tap.mtu", "1300"),
                                "tier6.transport.sanctum", Map.of("local", "192.0.2.1"),
                                "tier6.discovery.static~main", Map.of("peers", new String[] {"1"}))));
    }

    @Test
    void componentsComeAndGo() {
        assertEquals(
                1, Change.between(Map.of(), Map.of("tier6.vswitch", Map.of())).size());
        assertEquals(
                List.of("tier6.discovery.cathedral~main: cathedral a:1 -> - "
                        + "(peers are looked for anew, tunnels of peers that stay known stay up)"),
                texts(Map.of("tier6.discovery.cathedral~main", Map.of("cathedral", "a:1")), Map.of()));
    }
}
