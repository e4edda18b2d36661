package tier6.api.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PeerTest {
    private static final PeerId ID = new PeerId(0xc0ff_ee12_3456_7800L, 2);
    private static final InetSocketAddress ADDRESS = new InetSocketAddress("192.0.2.1", 2000);
    private static final InetSocketAddress CATHEDRAL = new InetSocketAddress("192.0.2.9", 4500);
    private static final Path SECRET = Path.of("secret");

    @Test
    void isNamedInHexadecimal() {
        assertEquals("c0ffee1234567800/02", ID.toString());
        assertEquals("0000000000000001/fe", new PeerId(1, 254).toString());
    }

    @Test
    void hasADeviceNumber() {
        for (int device : new int[] {-1, 0, 255, 256}) {
            assertThrows(IllegalArgumentException.class, () -> new PeerId(1, device));
        }
    }

    @Test
    void isOrderedByFlockAndDevice() {
        PeerId low = new PeerId(1, 9);
        PeerId next = new PeerId(2, 1);
        assertEquals(List.of(low, next, ID), List.copyOf(new TreeSet<>(List.of(ID, next, low))));
        assertTrue(ID.compareTo(new PeerId(ID.flock(), 3)) < 0);
    }

    @Test
    void canBeReachedSomehow() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Peer(ID, Optional.empty(), Optional.of(SECRET), Optional.empty(), 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Peer(ID, Optional.of(ADDRESS), Optional.empty(), Optional.empty(), 0));
    }

    @Test
    void joinsWhatTwoSourcesKnow() {
        Peer at = Peer.at(ID, ADDRESS, SECRET, 4711);
        Peer through = Peer.through(ID, CATHEDRAL);
        Peer both = new Peer(ID, Optional.of(ADDRESS), Optional.of(SECRET), Optional.of(CATHEDRAL), 4711);
        assertEquals(both, at.or(through));
        assertEquals(both, through.or(at));
        Peer elsewhere = Peer.at(ID, CATHEDRAL, SECRET, 1);
        assertEquals(at, at.or(elsewhere), "the first one wins");
    }
}
