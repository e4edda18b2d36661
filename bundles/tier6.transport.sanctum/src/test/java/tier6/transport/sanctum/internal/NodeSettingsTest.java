package tier6.transport.sanctum.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class NodeSettingsTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private static NodeSettings settings(int kekId, int natPort) {
        return new NodeSettings(0, kekId, null, HERE, false, natPort);
    }

    @Test
    void natProbesGoToTheNextPortUnlessAnotherIsGiven() {
        InetSocketAddress cathedral = new InetSocketAddress(HERE, 4500);
        assertEquals(new InetSocketAddress(HERE, 4501), settings(1, 0).natProbes(cathedral));
        assertEquals(new InetSocketAddress(HERE, 4470), settings(1, 4470).natProbes(cathedral));
        InetSocketAddress last = new InetSocketAddress(HERE, 65535);
        assertNull(settings(1, 0).natProbes(last));
        assertEquals(new InetSocketAddress(HERE, 4470), settings(1, 4470).natProbes(last));
    }

    @Test
    void numbersMustBeInRange() {
        assertThrows(IllegalArgumentException.class, () -> settings(0, 0));
        assertThrows(IllegalArgumentException.class, () -> settings(255, 0));
        assertThrows(IllegalArgumentException.class, () -> settings(1, -1));
        assertThrows(IllegalArgumentException.class, () -> settings(1, 65536));
    }
}
