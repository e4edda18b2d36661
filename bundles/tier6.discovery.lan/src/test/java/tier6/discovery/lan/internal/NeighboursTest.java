package tier6.discovery.lan.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.api.discovery.PeerSink;
import tier6.api.peer.Peer;
import tier6.api.peer.PeerId;
import tier6.sanctum.crypto.RandomSource;

/** What is believed and what is not. */
class NeighboursTest {
    private static final long FLOCK = 0xc0ffee1234567800L;
    private static final long NOW = 1_800_000_000L;

    @TempDir
    private Path directory;

    private final SegmentSecret secret = new SegmentSecret(new byte[32], RandomSource.secure());
    private final List<Object> told = new ArrayList<>();
    private Neighbours neighbours;

    @BeforeEach
    void begin() {
        neighbours = new Neighbours(FLOCK, 8, 26_000, secret, directory, new PeerSink() {
            @Override
            public void announce(Peer peer) {
                told.add(peer);
            }

            @Override
            public void withdraw(PeerId id) {
                told.add(id);
            }
        });
    }

    private String said(long flock, int device, int port, String address, long seconds) throws UnknownHostException {
        return secret.seal(new Announcement(flock, device, port, InetAddress.getByName(address), seconds));
    }

    private Peer two(String address, int port) {
        return Peer.at(
                new PeerId(FLOCK, 2), new InetSocketAddress(address, port), directory.resolve("pair-02"), 26_002);
    }

    /** Device 2 waits for us, device 8, eight ports further than it says; we wait for it two further than we do. */
    @Test
    void announcesAPeerOnceUntilItMoves() throws Exception {
        neighbours.heard(said(FLOCK, 2, 30_000, "192.0.2.2", NOW), NOW);
        neighbours.heard(said(FLOCK, 2, 30_000, "192.0.2.2", NOW + 30), NOW + 30);
        assertEquals(List.of(two("192.0.2.2", 30_008)), told);
        neighbours.heard(said(FLOCK, 2, 31_000, "192.0.2.2", NOW + 60), NOW + 60);
        assertEquals(two("192.0.2.2", 31_008), told.get(1));
        assertEquals("1 neighbour", neighbours.status());
    }

    @Test
    void believesNobodyWithoutTheSecret() throws Exception {
        SegmentSecret other = new SegmentSecret(
                new byte[] {
                    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
                    28, 29, 30, 31, 32
                },
                RandomSource.secure());
        neighbours.heard(other.seal(new Announcement(FLOCK, 2, 1, InetAddress.getByName("192.0.2.2"), NOW)), NOW);
        neighbours.heard("nonsense", NOW);
        neighbours.heard(said(FLOCK + 0x100, 2, 1, "192.0.2.2", NOW), NOW);
        assertEquals(List.of(), told);
        assertEquals("0 neighbours, 3 announcements of others", neighbours.status());
    }

    @Test
    void believesNothingOld() throws Exception {
        String old = said(FLOCK, 2, 30_000, "192.0.2.2", NOW);
        neighbours.heard(old, NOW + Neighbours.FRESH_SECONDS + 1);
        neighbours.heard(said(FLOCK, 2, 30_000, "192.0.2.2", NOW + 200), NOW);
        assertEquals(List.of(), told);
        neighbours.heard(said(FLOCK, 2, 31_000, "192.0.2.2", NOW + 20), NOW + 20);
        neighbours.heard(old, NOW + 30);
        assertEquals(List.of(two("192.0.2.2", 31_008)), told, "a replay within the time of freshness changes nothing");
    }

    @Test
    void isNotItsOwnNeighbour() throws Exception {
        neighbours.heard(said(FLOCK, 8, 30_000, "192.0.2.8", NOW), NOW);
        assertEquals(List.of(), told);
    }

    @Test
    void staysOnTheSegmentWhereAPeerWasHeardFirst() throws Exception {
        neighbours.heard(said(FLOCK, 2, 30_000, "192.0.2.2", NOW), NOW);
        neighbours.heard(said(FLOCK, 2, 30_000, "198.51.100.2", NOW + 1), NOW + 1);
        assertEquals(1, told.size());
        long later = NOW + Neighbours.FRESH_SECONDS + 2;
        neighbours.heard(said(FLOCK, 2, 30_000, "198.51.100.2", later), later);
        assertEquals(two("198.51.100.2", 30_008), told.get(1));
    }

    @Test
    void forgetsWhoFallsSilent() throws Exception {
        neighbours.heard(said(FLOCK, 2, 30_000, "192.0.2.2", NOW), NOW);
        neighbours.tick(NOW + Neighbours.GONE_SECONDS);
        assertEquals(1, told.size());
        neighbours.tick(NOW + Neighbours.GONE_SECONDS + 1);
        assertEquals(new PeerId(FLOCK, 2), told.get(1));
        long later = NOW + 1000;
        neighbours.heard(said(FLOCK, 2, 30_000, "192.0.2.2", later), later);
        assertTrue(told.get(2) instanceof Peer);
    }
}
