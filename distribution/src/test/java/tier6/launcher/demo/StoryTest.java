package tier6.launcher.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import tier6.api.event.NodeEvent;
import tier6.api.peer.PeerId;
import tier6.api.transport.LinkStatus;

class StoryTest {
    private static final PeerId PEER = new PeerId(0xc0ffee1234567800L, 2);
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.12", 4500);

    @Test
    void everyStepOfAMeetingHasItsWords() {
        Map<NodeEvent, String> words = Map.of(
                new NodeEvent.TapOpened("memory", "tier6-1", 0x06010a000001L, 1408),
                "interface tier6-1, 06:01:0a:00:00:01, MTU 1408",
                new NodeEvent.NodeAnnounced(ADDRESS),
                "announced to the cathedral at 127.0.0.12:4500",
                new NodeEvent.PeerFound(PEER, "cathedral"),
                "found node 2",
                new NodeEvent.TunnelUp(PEER, false),
                "tunnel to node 2 is up",
                new NodeEvent.PathChanged(PEER, LinkStatus.Path.RELAY, ADDRESS),
                "node 2 is reached by relay through 127.0.0.12:4500",
                new NodeEvent.PathChanged(PEER, LinkStatus.Path.DIRECT, ADDRESS),
                "node 2 is reached directly at 127.0.0.12:4500",
                new NodeEvent.MacLearned(0x06020a000001L, "peer-02", null),
                "learned 06:02:0a:00:00:01 on port peer-02");
        words.forEach((event, text) -> assertEquals(Optional.of(text), Story.words(event)));
    }

    @Test
    void linesAreAlignedAndEndWithTheDemo() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        AtomicBoolean over = new AtomicBoolean();
        Story story = new Story(new PrintStream(bytes, true, StandardCharsets.UTF_8), over::get);
        story.tell("node 1", new NodeEvent.TunnelUp(PEER, true));
        story.tell("cathedral", "hears");
        over.set(true);
        story.tell("node 1", "late");
        String[] lines = bytes.toString(StandardCharsets.UTF_8).split("\\R");
        assertEquals(2, lines.length);
        assertTrue(lines[0].matches(" +\\d+\\.\\ds  node 1     tunnel to node 2 has new keys"), lines[0]);
        assertTrue(lines[1].matches(" +\\d+\\.\\ds  cathedral  hears"), lines[1]);
    }
}
