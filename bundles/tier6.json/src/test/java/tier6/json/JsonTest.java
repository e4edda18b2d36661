package tier6.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tier6.api.event.NodeEvent;
import tier6.api.peer.PeerId;
import tier6.api.transport.LinkStatus;
import tier6.api.vswitch.MacEntry;

class JsonTest {
    private static final PeerId PEER = new PeerId(0xc0ffee1234567800L, 2);

    @Test
    void anEventHasItsKind() {
        assertEquals(
                "{\"event\":\"path-changed\",\"peer\":\"c0ffee1234567800/02\",\"path\":\"direct\",\"remote\":\"[2001:db8:0:0:0:0:0:7]:4500\"}",
                Json.line(new NodeEvent.PathChanged(
                        PEER, LinkStatus.Path.DIRECT, new InetSocketAddress("2001:db8::7", 4500))));
    }

    @Test
    void whatIsAbsentIsNull() {
        assertEquals("[null,null,{}]", Json.line(List.of(Optional.empty(), Optional.empty(), Map.of())));
        assertTrue(Json.line(new NodeEvent.MacLearned(1, "peer-02", null)).endsWith("\"from\":null}"));
    }

    @Test
    void anAddressAndADurationReadAsPeopleAndProgramsExpect() {
        assertEquals(
                "{\"mac\":\"06:02:0a:00:00:01\",\"port\":\"peer-\\\"02\\\"\",\"idle\":1.25}",
                Json.line(new MacEntry(0x06020a000001L, "peer-\"02\"", Duration.ofMillis(1250))));
    }

    @Test
    void prettyTextHasTheSameValues() {
        MacEntry entry = new MacEntry(1, "local", Duration.ZERO);
        assertEquals(Json.line(entry), Json.write(entry).replaceAll("\\s", ""));
    }
}
