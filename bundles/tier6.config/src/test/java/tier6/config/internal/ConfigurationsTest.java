package tier6.config.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tier6.config.Tier6Conf;

class ConfigurationsTest {
    private static final Tier6Conf.Cathedral CATHEDRAL = new Tier6Conf.Cathedral(
            "192.0.2.1:4500",
            Path.of("/k/id"),
            Path.of("/k/cosk"),
            Path.of("/k/kek"),
            Optional.of(Path.of("/k/r")),
            Optional.empty(),
            7,
            true,
            List.of());
    private static final Tier6Conf.StaticPeer PEER =
            new Tier6Conf.StaticPeer(0x0b, "192.0.2.2:4500", Path.of("/k/peer"), 0);

    @Test
    void everyOptionReachesItsComponent() throws Exception {
        Map<String, Map<String, Object>> all = Configurations.of(new Tier6Conf(
                "nobody",
                8,
                0x0a000001,
                0x00ffee1234567842L,
                "t6tap",
                "linux",
                "8950",
                Optional.of(InetAddress.getByName("192.0.2.7")),
                60,
                "drop",
                "compatible",
                true,
                Optional.of(CATHEDRAL),
                List.of(PEER, new Tier6Conf.StaticPeer(0x0c, "[2001:db8::2]:1", Path.of("/k/other"), 4501)),
                Tier6Conf.Sources.NONE,
                Optional.of(new Tier6Conf.Http(
                        "127.0.0.1:8086", false, Optional.of(Path.of("/k/token")), List.of("node8.example")))));

        Map<String, Object> tunnels = Map.of(
                "flock", "00ffee1234567842",
                "kek.id", "08",
                "local", "192.0.2.7",
                "shroud", true,
                "cs.id", "0a000001",
                "cs.path", "/k/id",
                "cosk.path", "/k/cosk",
                "kek.path", "/k/kek");
        Map<String, Object> discovery = new HashMap<>(tunnels);
        discovery.put("cathedral", "192.0.2.1:4500");
        discovery.put("remembrance", "/k/r");
        discovery.put("group", 7);
        discovery.put("hidden", true);

        assertEquals(
                Map.of(
                        "tap.name", "t6tap",
                        "tap.mac", "06:08:0a:00:00:01",
                        "tap.mtu", "8950",
                        "runas", "nobody",
                        "driver.target", "(kind=linux)"),
                all.get("tier6.mesh"));
        assertEquals(
                Map.of("ageing", 60, "unknown.unicast", "drop", "ethertypes", "compatible"), all.get("tier6.vswitch"));
        assertEquals(tunnels, all.get("tier6.transport.sanctum"));
        assertEquals(discovery, all.get("tier6.discovery.cathedral~main"));
        Map<String, Object> peers = all.get("tier6.discovery.static~main");
        assertEquals("00ffee1234567842", peers.get("flock"));
        assertArrayEquals(new String[] {"0b 192.0.2.2:4500 /k/peer", "0c [2001:db8::2]:1 /k/other 4501"}, (String[])
                peers.get("peers"));
        Map<String, Object> http = all.get("tier6.http");
        assertEquals("127.0.0.1:8086", http.get("listen"));
        assertEquals(false, http.get("remote"));
        assertEquals("/k/token", http.get("token.path"));
        assertArrayEquals(new String[] {"node8.example"}, (String[]) http.get("names"));
        assertEquals(6, all.size());
    }

    @Test
    void aReliquaryNamesTheCathedral() {
        Tier6Conf.Cathedral cathedral = new Tier6Conf.Cathedral(
                "",
                Path.of("/k/id"),
                Path.of("/k/cosk"),
                Path.of("/k/kek"),
                Optional.empty(),
                Optional.of(Path.of("/home/nobody/.config/reliquary")),
                7,
                true,
                List.of("badf00d123456742 02"));
        Map<String, Map<String, Object>> all = Configurations.of(new Tier6Conf(
                "",
                8,
                0x0a000001,
                0x00ffee1234567842L,
                "t",
                "",
                "auto",
                Optional.empty(),
                300,
                "flood",
                "all",
                false,
                Optional.of(cathedral),
                List.of(),
                Tier6Conf.Sources.NONE,
                Optional.empty()));
        assertEquals(
                Set.of("tier6.mesh", "tier6.vswitch", "tier6.transport.sanctum", "tier6.discovery.reliquary~main"),
                all.keySet());
        Map<String, Object> reliquary = all.get("tier6.discovery.reliquary~main");
        assertEquals(Set.of("flock", "directory", "group", "hidden", "tunnels"), reliquary.keySet());
        assertEquals("00ffee1234567842", reliquary.get("flock"));
        assertEquals("/home/nobody/.config/reliquary", reliquary.get("directory"));
        assertEquals(7, reliquary.get("group"));
        assertEquals(true, reliquary.get("hidden"));
        assertArrayEquals(new String[] {"badf00d123456742 02"}, (String[]) reliquary.get("tunnels"));
        assertEquals("/k/kek", all.get("tier6.transport.sanctum").get("kek.path"));
    }

    @Test
    void whatIsNotThereIsNotConfigured() {
        Map<String, Map<String, Object>> all = Configurations.of(new Tier6Conf(
                "",
                8,
                0,
                0,
                "t",
                "",
                "auto",
                Optional.empty(),
                300,
                "flood",
                "all",
                false,
                Optional.empty(),
                List.of(PEER),
                Tier6Conf.Sources.NONE,
                Optional.empty()));
        assertEquals(
                Set.of("tier6.mesh", "tier6.vswitch", "tier6.transport.sanctum", "tier6.discovery.static~main"),
                all.keySet());
        assertEquals(
                Set.of("tap.name", "tap.mac", "tap.mtu", "runas"),
                all.get("tier6.mesh").keySet());
        assertEquals(
                Set.of("flock", "kek.id"), all.get("tier6.transport.sanctum").keySet());
    }

    @Test
    void otherSourcesGetWhatTheyNeed() {
        Map<String, Map<String, Object>> all = Configurations.of(new Tier6Conf(
                "",
                8,
                0,
                0x00ffee1234567842L,
                "t",
                "",
                "auto",
                Optional.empty(),
                300,
                "flood",
                "all",
                false,
                Optional.empty(),
                List.of(),
                new Tier6Conf.Sources(
                        Optional.of(Path.of("/k/peers")),
                        Optional.of(new Tier6Conf.Dns("mesh.example.org", Path.of("/k/secrets"))),
                        Optional.of(new Tier6Conf.Lan(Path.of("/k/lan"), 26_624))),
                Optional.empty()));
        Map<String, Object> who = Map.of("flock", "00ffee1234567842", "kek.id", "08");
        assertEquals(with(who, "file", "/k/peers"), all.get("tier6.discovery.file~main"));
        assertEquals(
                with(with(who, "domain", "mesh.example.org"), "secrets", "/k/secrets"),
                all.get("tier6.discovery.dns~main"));
        assertEquals(
                with(with(with(who, "secret", "/k/lan"), "port", 26_624), "tap", "t"),
                all.get("tier6.discovery.lan~main"));
    }

    private static Map<String, Object> with(Map<String, Object> map, String key, Object value) {
        Map<String, Object> more = new HashMap<>(map);
        more.put(key, value);
        return more;
    }
}
