package tier6.diagnosis.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tier6.api.node.DeviceNames;
import tier6.api.node.Node;
import tier6.api.node.NodeStatus;
import tier6.api.node.PeerStatus;
import tier6.api.node.RoleStatus;
import tier6.api.node.SourceStatus;
import tier6.api.peer.PeerId;

class PeersTest {
    private static final long FLOCK = 0xc0ffee1234567800L;

    private final DeviceNames names =
            () -> List.of(device(1, "desk"), device(2, "laptop"), device(0xbe, "server"), device(3, "be"));

    private static DeviceNames.Device device(int number, String name) {
        return new DeviceNames.Device(new PeerId(FLOCK, number), name, name + ".home.t6", List.of());
    }

    private static String meant(DeviceNames names, String word) {
        return "%02x".formatted(Peers.named(new Three(), names, word).id().device());
    }

    private static String refusal(DeviceNames names, String word) {
        return assertThrows(IllegalArgumentException.class, () -> meant(names, word))
                .getMessage();
    }

    @Test
    void aPeerHasManyNames() {
        for (String word : List.of("02", "peer-02", "c0ffee1234567800/02", "laptop", "Laptop", "laptop.home.t6")) {
            assertEquals("02", meant(names, word), word);
        }
        assertEquals("02", meant(null, "02"));
    }

    @Test
    void whatFitsNobodyOrSeveralIsRefusedWithWhomThereIs() {
        assertEquals(
                "no peer \"nobody\". There are c0ffee1234567800/02 (laptop), c0ffee1234567800/03 (be),"
                        + " c0ffee1234567800/be (server)",
                refusal(names, "nobody"));
        assertTrue(refusal(null, "laptop").endsWith("/02, c0ffee1234567800/03, c0ffee1234567800/be"));
        assertTrue(refusal(names, "be").startsWith("several peers are \"be\""));
        assertEquals("03", meant(names, "be.home.t6"));
        assertTrue(refusal(names, "desk").startsWith("desk.home.t6 is device 01, which is not a peer"));
    }

    /** A node with three peers, of which one has a number that is the name of another. */
    private static final class Three implements Node {
        @Override
        public List<PeerStatus> peers() {
            return Stream.of(2, 3, 0xbe)
                    .map(number -> new PeerStatus(
                            new PeerId(FLOCK, number),
                            "peer-%02x".formatted(number),
                            List.of(),
                            Optional.empty(),
                            Optional.empty()))
                    .toList();
        }

        @Override
        public NodeStatus status() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<SourceStatus> sources() {
            return List.of();
        }

        @Override
        public List<RoleStatus> roles() {
            return List.of();
        }

        @Override
        public void swap(String role, String backend) {
            throw new UnsupportedOperationException();
        }
    }
}
