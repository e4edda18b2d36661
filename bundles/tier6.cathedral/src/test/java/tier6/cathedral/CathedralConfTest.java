package tier6.cathedral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CathedralConfTest {
    private static final String GOOD = """
            mode cathedral
            instance cathedral

            # where we are
            local 10.66.0.254:4500
            secret sync.key
            \tsecretdir\tsecrets
            settings settings.conf\s\s

            cathedral_mtu 1422
            cathedral_p2p_sync yes
            cathedral_nat_port 4501
            cathedral_ip 203.0.113.1:14500
            run control as root
            run cathedral as nobody
            control /run/cathedral.ctl root
            shroud no
            tfc off
            """;

    @TempDir
    Path directory;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectory(directory.resolve("secrets"));
        Files.writeString(directory.resolve("settings.conf"), "");
        Files.write(directory.resolve("sync.key"), new byte[32]);
    }

    private CathedralConf read(String text) throws IOException, CathedralConf.Faulty {
        return CathedralConf.read(Files.writeString(directory.resolve("cathedral.conf"), text));
    }

    @Test
    void readsTheFileOfTheCProgram() throws Exception {
        assertEquals(
                new CathedralConf(
                        "cathedral",
                        Address.endpoint("10.66.0.254:4500"),
                        4501,
                        Address.endpoint("203.0.113.1:14500"),
                        directory.resolve("sync.key"),
                        directory.resolve("secrets"),
                        directory.resolve("settings.conf"),
                        true,
                        new Disguise(false, false, 1422),
                        "nobody"),
                read(GOOD));
        assertEquals(Optional.of("nobody"), read(GOOD).user());
    }

    @Test
    void announcesWhereItIsUnlessToldOtherwise() throws Exception {
        assertEquals(
                Address.endpoint("10.66.0.254:4500"),
                read(GOOD.replaceAll("cathedral_ip.*", "")).announced());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mode tunnel                 | mode 'tunnel' is not for a cathedral
            local 0.0.0.0:4500          | not 0.0.0.0
            local 10.66.0.254           | has no port
            local 10.66.0.254:70000     | not a port
            local                       | has no value
            local host:4500             | not an IPv4 address
            secret nowhere.key          | is not a file
            secretdir sync.key          | is not a directory
            settings secrets            | is not a file
            cathedral_mtu many          | not an MTU
            cathedral_mtu 9000          | not an MTU
            cathedral_p2p_sync maybe    | neither 'yes' nor 'no'
            shroud on                   | neither 'yes' nor 'no'
            cathedral_nat_port 0        | not a port
            cathedral_ip 0.0.0.0:4500   | clients cannot reach
            run cathedral nobody        | write it as 'run
            tap yes                     | is not for a cathedral
            catedral_mtu 1422           | there is no option 'catedral_mtu'
            """)
    void tellsWhereAndWhatIsWrongAndHowToMendIt(String line, String complaint) throws IOException {
        String name = line.split(" ")[0];
        String text = GOOD.replaceAll("(?m)^\\s*" + name + "\\b(?! control).*$\n", "") + line + "\n";
        int number = text.split("\n").length;
        CathedralConf.Faulty e = assertThrows(CathedralConf.Faulty.class, () -> read(text));
        assertTrue(
                e.getMessage().startsWith(directory.resolve("cathedral.conf") + ":" + number + ": ")
                        && e.getMessage().contains(complaint),
                e.getMessage());
    }

    @Test
    void tellsWhatIsMissingOrThereTwice() {
        String nothing =
                assertThrows(CathedralConf.Faulty.class, () -> read("")).getMessage();
        for (String option : new String[] {"mode", "local", "secretdir", "settings"}) {
            assertTrue(nothing.contains("option '" + option + "' is missing"), nothing);
        }
        String twice = assertThrows(CathedralConf.Faulty.class, () -> read(GOOD + "mode cathedral\n"))
                .getMessage();
        assertTrue(twice.contains("is in line 1 already"), twice);
        String same = assertThrows(
                        CathedralConf.Faulty.class, () -> read(GOOD.replace("nat_port 4501", "nat_port 4500")))
                .getMessage();
        assertTrue(same.contains("must differ"), same);
    }

    @Test
    void tellsThatThereIsNoFile() {
        Path missing = directory.resolve("missing.conf");
        String message = assertThrows(CathedralConf.Faulty.class, () -> CathedralConf.read(missing))
                .getMessage();
        assertTrue(message.contains("no such file"), message);
    }
}
