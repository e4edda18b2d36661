package tier6.sanctum.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.sanctum.file.RemembranceFile.Format;
import tier6.sanctum.offer.RemembranceBody;

class RemembranceFileTest {

    private static final Remembrance TWO = new Remembrance(
            List.of(new InetSocketAddress("10.0.0.1", 4500), new InetSocketAddress("203.0.113.7", 4564)));

    @Test
    void isEncodedAsTier6Does() {
        byte[] file = RemembranceFile.encode(TWO, Format.TIER6);
        byte[] wanted = new byte[260];
        place(wanted, 0, "07000000" + "0a000001" + "cb007107");
        place(wanted, 4 + 128, "11940000" + "11d40000");
        assertArrayEquals(wanted, file);
        assertEquals(TWO, RemembranceFile.decode(file));
    }

    @Test
    void isEncodedAsSanctumDoes() {
        byte[] file = RemembranceFile.encode(TWO, Format.SANCTUM);
        byte[] wanted = new byte[192];
        place(wanted, 0, "0a000001" + "cb007107");
        place(wanted, 128, "1194" + "11d4");
        assertArrayEquals(wanted, file);
        assertEquals(TWO, RemembranceFile.decode(file));
    }

    @Test
    void goesThroughFilesOfBothFormats(@TempDir Path directory) throws IOException {
        for (Format format : Format.values()) {
            Path file = directory.resolve(format.name());
            RemembranceFile.write(file, TWO, format);
            assertEquals(TWO, RemembranceFile.read(file));
        }
    }

    @Test
    void goesThroughOffers() {
        RemembranceBody body = TWO.toBody();
        assertEquals(2, body.count());
        assertEquals(0x0a000001, body.ips()[0]);
        assertEquals(4564, body.ports()[1]);
        assertEquals(TWO, Remembrance.of(body));
    }

    @Test
    void endsAtTheFirstEmptyPlace() {
        RemembranceBody body = TWO.toBody();
        body.ips()[3] = 0x01020304;
        body.ports()[3] = 5;
        assertEquals(TWO, Remembrance.of(body), "an address after a gap");
        body.ports()[1] = 0;
        assertEquals(1, Remembrance.of(body).cathedrals().size(), "an address without a port");
    }

    @Test
    void holdsThirtyTwo() {
        InetSocketAddress one = TWO.cathedrals().get(0);
        Remembrance full = new Remembrance(Collections.nCopies(32, one));
        assertEquals(full, RemembranceFile.decode(RemembranceFile.encode(full, Format.TIER6)));
        assertEquals(full, Remembrance.of(full.toBody()));
        List<InetSocketAddress> tooMany = Collections.nCopies(33, one);
        assertThrows(IllegalArgumentException.class, () -> new Remembrance(tooMany));
        List<InetSocketAddress> six = List.of(new InetSocketAddress("::1", 4500));
        assertThrows(IllegalArgumentException.class, () -> new Remembrance(six));
    }

    @Test
    void refusesOtherFiles(@TempDir Path directory) throws IOException {
        assertThrows(IllegalArgumentException.class, () -> RemembranceFile.decode(new byte[191]));
        byte[] otherEvent = new byte[260];
        otherEvent[0] = 6;
        Path file = Files.write(directory.resolve("event"), otherEvent);
        IOException e = assertThrows(IOException.class, () -> RemembranceFile.read(file));
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }

    private static void place(byte[] out, int at, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        System.arraycopy(bytes, 0, out, at, bytes.length);
    }
}
