package tier6.discovery.file.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.api.peer.PeerEntry;
import tier6.api.peer.PeerId;

/** What is read from records, good and bad. */
class PeerZoneTest {
    private static final String TYPE = "_tier6._udp.mesh.example";

    @TempDir
    private Path secrets;

    private ZoneServer server;
    private PeerZone zone;

    @BeforeEach
    void serve() throws IOException {
        server = new ZoneServer();
        zone = new PeerZone(0, 8, "mesh.example.", secrets, new NameService(server.address()));
        for (int device : new int[] {2, 3, 8}) {
            device(device, "0 0 " + (4000 + 1000 * device) + " host" + device + ".example");
        }
        server.put(TYPE, "PTR", "02." + TYPE, "03." + TYPE, "08." + TYPE);
    }

    private void device(int device, String service) throws IOException {
        String name = "%02x.%s".formatted(device, TYPE);
        server.put(name, "SRV", service);
        server.put(name, "TXT", "kek=%02x".formatted(device));
        Files.write(secrets.resolve("%02x".formatted(device)), new byte[32]);
    }

    @AfterEach
    void close() {
        server.close();
    }

    /** Device 8 is this node: at device 2 it uses port 6000 + 8, and is itself reached at 12000 + 2. */
    @Test
    void eachPairHasAPortAtBothEnds() throws IOException {
        Answer answer = zone.ask();
        assertEquals(List.of(), answer.problems());
        assertTrue(answer.complete());
        assertEquals(
                List.of(
                        new PeerEntry(new PeerId(0, 2), "host2.example", 6008, secrets.resolve("02"), 12_002),
                        new PeerEntry(new PeerId(0, 3), "host3.example", 7008, secrets.resolve("03"), 12_003)),
                answer.entries());
    }

    @Test
    void aRecordThatIsWrongSpoilsNoOther() throws IOException {
        server.put("02." + TYPE, "SRV", "0 0 65500 host2.example");
        Answer answer = zone.ask();
        assertFalse(answer.complete());
        assertEquals(1, answer.entries().size());
        assertTrue(
                answer.problems().get(0).contains("02." + TYPE),
                answer.problems().toString());
        assertTrue(answer.problems().get(0).contains("no SRV record with a host and a port"));

        server.put("02." + TYPE, "TXT", "kek=00", "other=1");
        assertTrue(zone.ask().problems().get(0).contains("no TXT record with its kek-id"));
    }

    @Test
    void aPeerWithoutASecretIsToldOf() throws IOException {
        Files.delete(secrets.resolve("03"));
        Answer answer = zone.ask();
        assertEquals(1, answer.entries().size());
        assertTrue(answer.complete(), "who left the zone is gone, whatever is wrong with others");
        assertTrue(
                answer.problems().get(0).contains("cannot read the secret"),
                answer.problems().toString());
    }

    @Test
    void aNodeThatIsNotInTheZoneSaysSo() throws IOException {
        server.put(TYPE, "PTR", "02." + TYPE);
        Answer answer = zone.ask();
        assertEquals(0, answer.entries().get(0).localPort());
        assertTrue(answer.problems().get(0).contains("no device with kek=08, this node"));
    }

    @Test
    void anEmptyZoneTakesNobodyAway() throws IOException {
        server.put(TYPE, "PTR");
        Answer answer = zone.ask();
        assertFalse(answer.complete());
        assertTrue(answer.problems().get(0).contains("has no PTR records"));
    }

    @Test
    void aServerThatIsSilentIsNoAnswer() {
        server.silent = true;
        IOException e = assertThrows(IOException.class, zone::ask);
        assertTrue(e.getMessage().contains("the name service does not tell the PTR records"), e.getMessage());
    }
}
