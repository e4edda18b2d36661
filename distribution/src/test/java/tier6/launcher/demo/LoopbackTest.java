package tier6.launcher.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class LoopbackTest {
    @Test
    void bothPortsOfAPairAreFree() throws Exception {
        InetSocketAddress pair = Loopback.freePair();
        try (DatagramSocket first = new DatagramSocket(pair);
                DatagramSocket second =
                        new DatagramSocket(new InetSocketAddress(pair.getAddress(), pair.getPort() + 1))) {
            assertTrue(first.isBound() && second.isBound());
        }
    }

    @Test
    void nodesHaveAddressesOfTheirOwnWhereTheyCan() {
        assertEquals("127.0.0.26", new Loopback(true).node(16));
        assertEquals("127.0.0.1", new Loopback(false).node(16));
    }
}
