package tier6.underlay.nio.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tier6.api.contract.UnderlayContract;
import tier6.api.frame.Batch;
import tier6.api.underlay.Underlay;
import tier6.api.underlay.UnderlayLoop;
import tier6.api.underlay.UnderlaySocket;

class NioUnderlayTest extends UnderlayContract {
    @Override
    protected Underlay underlay() {
        return new NioUnderlay();
    }

    @Test
    void saysWhichAddressIsTaken() throws IOException {
        try (UnderlayLoop loop = underlay().open()) {
            UnderlaySocket first = loop.open(any(), (datagrams, remote) -> {});
            IOException e = assertThrows(IOException.class, () -> loop.open(first.local(), (datagrams, remote) -> {}));
            assertTrue(e.getMessage().contains(String.valueOf(first.local().getPort())), e.getMessage());
        }
    }

    @Test
    void opensNothingOnceClosed() throws IOException {
        UnderlayLoop loop = underlay().open();
        loop.close();
        assertThrows(IOException.class, () -> loop.open(any(), (datagrams, remote) -> {}));
        assertEquals(0, loop.poll(1, 1_000_000));
    }

    @Test
    void reachesIpv4FromTheIpv6Wildcard() throws IOException {
        assumeTrue(hasIpv6(), "no IPv6 here");
        try (UnderlayLoop loop = underlay().open()) {
            List<InetSocketAddress> remotes = new ArrayList<>();
            UnderlaySocket to = loop.open(any(), (datagrams, remote) -> remotes.add(remote));
            UnderlaySocket from = loop.open(new InetSocketAddress("::", 0), (datagrams, remote) -> {});
            Batch batch = new Batch(1, 1, 100);
            batch.append(new byte[] {1, 2, 3}, 0, 3);
            assertEquals(1, from.send(batch, to.local()));
            for (int tries = 0; remotes.isEmpty() && tries < 1000; tries++) {
                loop.poll(1, 10_000_000);
            }
            InetSocketAddress seen =
                    new InetSocketAddress("127.0.0.1", from.local().getPort());
            assertEquals(List.of(seen), remotes);
        }
    }
}
