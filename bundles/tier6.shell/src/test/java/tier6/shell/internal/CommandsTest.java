package tier6.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.service.command.CommandSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Through Gogo itself, as people type. */
class CommandsTest {
    private static final Set<Command> REPORTS = EnumSet.complementOf(EnumSet.of(Command.HELP));

    private Object type(Commands commands, String line) throws Exception {
        CommandProcessorImpl processor = new CommandProcessorImpl(null);
        for (Command command : Command.values()) {
            processor.addCommand("tier6", commands, command.word());
        }
        try (CommandSession session = processor.createSession(
                new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), new ByteArrayOutputStream())) {
            return session.execute(line);
        } finally {
            processor.stop();
        }
    }

    private String text(String line) throws Exception {
        return (String) type(Sample.commands(), line);
    }

    private static JsonElement json(Object text) {
        return JsonParser.parseString((String) text);
    }

    private static void assertFits(String text) {
        text.lines().forEach(line -> assertTrue(line.length() <= 80, line));
        assertFalse(text.isBlank());
    }

    @ParameterizedTest
    @EnumSource(Command.class)
    void everyCommandSaysWhatItDoes(Command command) throws Exception {
        String help = text("tier6:" + command.word() + " --help");
        assertFits(help);
        assertTrue(help.startsWith("tier6:" + command.word() + " ["), help);
        assertTrue(help.contains("-h, --help"), help);
        assertEquals(help, text("tier6:" + command.word() + " -h"));
        assertEquals(help, text("tier6:help " + command.word()));
        assertTrue(text("tier6:help").contains("tier6:" + command.word()));
    }

    @ParameterizedTest
    @EnumSource(Command.class)
    void everyReportFitsATerminal(Command command) throws Exception {
        assertFits(text("tier6:" + command.word()));
    }

    @ParameterizedTest
    @EnumSource(Command.class)
    void whatIsNotMeantIsRefusedWithAWayOut(Command command) {
        BadArgument option = assertThrows(BadArgument.class, () -> text("tier6:" + command.word() + " --jsn"));
        assertTrue(option.getMessage().contains("\"--jsn\""), option.getMessage());
        assertTrue(option.getMessage().contains("--help"), option.getMessage());
        BadArgument word = assertThrows(BadArgument.class, () -> text("tier6:" + command.word() + " rubbish"));
        assertTrue(word.getMessage().contains("\"rubbish\""), word.getMessage());
    }

    @Test
    void whatIsMissingIsSaidInASentence() throws Exception {
        for (Command command : REPORTS) {
            String text = (String) type(new Commands(), "tier6:" + command.word());
            assertTrue(text.endsWith("."), text);
            JsonObject json = json(type(new Commands(), "tier6:" + command.word() + " --json"))
                    .getAsJsonObject();
            assertEquals(text, json.get("problem").getAsString());
        }
    }

    @Test
    void swapShowsWhoServesAndWhoCould() throws Exception {
        String text = text("tier6:swap");
        assertTrue(text.contains("linux@0.1.0"), text);
        assertTrue(text.contains("7m00s"), text);
        assertTrue(text.contains("memory*"), text);
        assertTrue(text.contains("underlay  nobody"), text);
        assertTrue(text.contains("tap: there is no transport"), text);
        assertFalse(text("tier6:swap underlay").contains("memory"));
        JsonObject tap = json(text("tier6:swap --json"))
                .getAsJsonObject()
                .getAsJsonArray("roles")
                .get(0)
                .getAsJsonObject();
        assertEquals("memory", tap.getAsJsonObject("former").get("name").getAsString());
        assertEquals(420.0, tap.get("since").getAsDouble());
    }

    @Test
    void swapGivesARoleAwayOrSaysWhyNot() throws Exception {
        assertTrue(text("tier6:swap tap back").contains("linux@0.1.0"));
        assertEquals(
                Sample.PROBLEM,
                assertThrows(IOException.class, () -> text("tier6:swap tap memory"))
                        .getMessage());
        assertThrows(BadArgument.class, () -> text("tier6:swap tap memory back"));
    }

    @Test
    void statusSumsUp() throws Exception {
        String text = text("tier6:status");
        assertTrue(text.contains("uptime     3m12s"), text);
        assertTrue(text.contains("tier6, 06:01:0a:00:00:01, MTU 1408, driver linux"), text);
        assertTrue(text.contains("2 known, 1 up: 1 direct, 0 relayed"), text);
        assertTrue(text.contains("heard 4.0s ago"), text);
    }

    @Test
    void statusAsJson() throws Exception {
        JsonObject status = json(text("tier6:status --json")).getAsJsonObject();
        assertEquals(192.0, status.get("uptime").getAsDouble());
        assertEquals(
                "06:01:0a:00:00:01", status.getAsJsonObject("tap").get("mac").getAsString());
        assertEquals(Sample.PROBLEM, status.get("problem").getAsString());
        assertEquals(7, status.getAsJsonObject("counters").get("tap.frames-in").getAsLong());
    }

    @Test
    void peersAsJson() throws Exception {
        JsonElement peers = json(text("tier6:peers --json"));
        JsonObject up = peers.getAsJsonArray().get(0).getAsJsonObject();
        assertEquals("c0ffee1234567800/02", up.get("id").getAsString());
        JsonObject link = up.getAsJsonObject("link");
        assertEquals("up", link.get("state").getAsString());
        assertEquals(
                "[2001:db8:1234:5678:9abc:def0:1234:5678]:65535",
                link.get("remote").getAsString());
        assertEquals(0.25, link.get("heard").getAsDouble());
        assertEquals(
                Long.MAX_VALUE,
                link.getAsJsonObject("counters").get("frames-in").getAsLong());
        assertTrue(peers.getAsJsonArray().get(1).getAsJsonObject().get("link").isJsonNull());
    }

    @Test
    void macsAreSortedByPort() throws Exception {
        assertEquals("""
                MAC                PORT                  IDLE
                06:02:0a:00:00:01  c0ffee1234567800/02  4m59s
                06:01:0a:00:00:01  local                 12ms""", text("tier6:macs"));
        assertEquals(2, json(text("tier6:macs --json")).getAsJsonArray().size());
    }

    @Test
    void namesTellNumberAndAddresses() throws Exception {
        assertEquals("""
                NO  DEVICE          ADDRESSES
                02  laptop.home.t6  100.64.7.2 2001:db8:1234:5678:9abc:def0:1234:5678""", text("tier6:names"));
        JsonObject device =
                json(text("tier6:names --json")).getAsJsonArray().get(0).getAsJsonObject();
        assertEquals("c0ffee1234567800/02", device.get("id").getAsString());
        assertEquals("laptop", device.get("name").getAsString());
        assertEquals("100.64.7.2", device.getAsJsonArray("addresses").get(0).getAsString());
    }

    @Test
    void portsAddUpWhatWasDropped() throws Exception {
        String text = text("tier6:ports");
        assertTrue(text.lines().skip(1).anyMatch(line -> line.endsWith(" 42")), text);
        assertEquals(
                "tunnel",
                json(text("tier6:ports --json"))
                        .getAsJsonArray()
                        .get(1)
                        .getAsJsonObject()
                        .get("kind")
                        .getAsString());
    }

    @Test
    void sourcesAndCathedralsAsJson() throws Exception {
        JsonObject source =
                json(text("tier6:sources --json")).getAsJsonArray().get(0).getAsJsonObject();
        assertEquals(253, source.get("peers").getAsInt());
        assertTrue(source.get("status").getAsString().contains("\"answered\""));
        JsonElement cathedrals = json(text("tier6:cathedrals --json"));
        assertTrue(cathedrals
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .get("current")
                .getAsBoolean());
        assertTrue(cathedrals
                .getAsJsonArray()
                .get(1)
                .getAsJsonObject()
                .get("heard")
                .isJsonNull());
    }

    @Test
    void countersHideZerosUnlessAsked() throws Exception {
        assertFalse(text("tier6:counters").contains("transport.drop-malformed"));
        assertTrue(text("tier6:counters --all").contains("transport.drop-malformed"));
        JsonObject counters = json(text("tier6:counters --json")).getAsJsonObject();
        assertEquals(0, counters.get("transport.drop-malformed").getAsLong());
        assertEquals(42, counters.get("port.c0ffee1234567800/02.drop-own").getAsLong() + 2);
        assertEquals(3, counters.get("switch.flooded").getAsLong());
    }
}
