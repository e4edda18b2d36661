package tier6.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of options in the documentation says what the parser does. */
class OptionsTableTest {
    private static Map<String, String> defaults() throws IOException {
        Map<String, String> defaults = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of("../../distribution/docs/options.md"))) {
            String[] cells = line.split("\\s*\\|\\s*");
            if (cells.length == 5 && cells[1].matches("`[a-z-]+`")) {
                defaults.put(cells[1].replace("`", ""), cells[3].replace("`", ""));
            }
        }
        return defaults;
    }

    @Test
    void hasEveryOptionInTheOrderOfTheParser() throws IOException {
        assertEquals(Tier6ConfParser.OPTIONS, List.copyOf(defaults().keySet()));
    }

    @Test
    void tellsTheDefaults(@TempDir Path directory) throws Exception {
        Path key = Files.write(directory.resolve("key"), new byte[32]);
        Path cosk = Files.write(directory.resolve("cosk"), new byte[64]);
        Tier6Conf conf = Tier6Conf.parse(Files.writeString(directory.resolve("tier6.conf"), """
                runas -
                kek-id 08
                cs-id 0a000001
                flock c0ffee1234567800
                tapname tier6
                cathedral 192.0.2.1:4500
                cs-path %1$s
                cosk-path %2$s
                kek-path %1$s
                """.formatted(key, cosk)));
        Map<String, String> defaults = defaults();
        assertEquals(defaults.get("mtu"), conf.mtu());
        assertEquals(defaults.get("mac-ageing"), "" + conf.macAgeing());
        assertEquals(defaults.get("unknown-unicast"), conf.unknownUnicast());
        assertEquals(defaults.get("ethertypes"), conf.ethertypes());
        assertEquals(defaults.get("shroud"), conf.shroud() ? "yes" : "no");
        Tier6Conf.Cathedral cathedral = conf.cathedral().orElseThrow();
        assertEquals(defaults.get("group"), "" + cathedral.group());
        assertEquals(defaults.get("hidden"), cathedral.hidden() ? "yes" : "no");
        assertEquals(defaults.get("tunnel").equals("none"), cathedral.tunnels().isEmpty());
        assertEquals(defaults.get("peer").equals("none"), conf.peers().isEmpty());
        assertEquals(
                defaults.get("remembrance").equals("off"),
                cathedral.remembrance().isEmpty());
        assertEquals(defaults.get("local").equals("any"), conf.local().isEmpty());
        assertEquals(Tier6Conf.Sources.NONE, conf.sources());
        assertEquals("", conf.tap());
    }
}
