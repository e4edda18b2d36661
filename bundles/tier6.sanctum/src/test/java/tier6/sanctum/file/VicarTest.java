package tier6.sanctum.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static tier6.sanctum.Vectors.hex;
import static tier6.sanctum.Vectors.id;
import static tier6.sanctum.Vectors.id32;
import static tier6.sanctum.Vectors.text;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.sanctum.Vectors;
import tier6.sanctum.crypto.PassphraseKdf;

/** The key derivation takes seconds, so it runs once for each vector and no more. */
class VicarTest {

    private static final List<JsonObject> CASES = Vectors.cases("vicar");

    @Test
    void readsAFileWithItsPassphrase(@TempDir Path directory) throws IOException {
        JsonObject v = CASES.get(0);
        Path file = Files.write(directory.resolve("vicar"), hex(v, "file"));
        try (Vicar vicar = Vicar.read(file, passphrase(v))) {
            assertFields(v, vicar);
        }
    }

    @Test
    void derivesTheKeyFromThePassphrase() {
        JsonObject v = CASES.get(1);
        assertArrayEquals(hex(v, "okm"), PassphraseKdf.derive(passphrase(v), hex(v, "salt"), "VICAR.PASSPHRASE.PBKDF"));
    }

    @Test
    void opensAndSealsTheSameFile() {
        for (JsonObject v : CASES) {
            try (Vicar vicar = Vicar.openWithKey(hex(v, "file"), hex(v, "okm"))) {
                assertFields(v, vicar);
                assertArrayEquals(hex(v, "file"), vicar.sealWithKey(hex(v, "salt"), hex(v, "okm")));
            }
        }
    }

    @Test
    void noticesAChangeOfAnyByte() {
        JsonObject v = CASES.get(1);
        byte[] file = hex(v, "file");
        byte[] key = hex(v, "okm");
        assertNotNull(Vicar.openWithKey(file, key));
        for (int i = 0; i < file.length; i++) {
            file[i] ^= 4;
            assertNull(Vicar.openWithKey(file, key), "byte " + i);
            file[i] ^= 4;
        }
    }

    @Test
    void noticesAnotherSize() {
        assertNull(Vicar.open(new byte[Vicar.FILE_SIZE - 1], new byte[1]));
        assertNull(Vicar.open(new byte[Vicar.FILE_SIZE + 1], new byte[1]));
    }

    @Test
    void makesADevice() {
        JsonObject v = CASES.get(1);
        try (Vicar vicar = Vicar.openWithKey(hex(v, "file"), hex(v, "okm"));
                Identity identity = vicar.identity()) {
            assertEquals(vicar.flock(), identity.flock());
            assertEquals(8, identity.kekId());
            assertEquals(vicar.csId(), identity.csId());
            assertArrayEquals(vicar.kek(), identity.kek());
            assertEquals("Vicar[flock=493abf95a07e0c0a, tunnel=0800, cs-id=0f056e10]", vicar.toString());
        }
    }

    private static byte[] passphrase(JsonObject v) {
        return text(v, "passphrase").getBytes(StandardCharsets.UTF_8);
    }

    private static void assertFields(JsonObject v, Vicar vicar) {
        JsonObject f = v.getAsJsonObject("fields");
        assertEquals(id32(f, "id_le32"), vicar.csId());
        assertEquals(id32(f, "ip_raw"), vicar.ip());
        assertEquals(id(f, "flock_le64"), vicar.flock());
        assertEquals(id32(f, "port_raw"), vicar.port());
        assertEquals(id32(f, "tunnel_le16"), vicar.tunnel());
        assertArrayEquals(hex(f, "kek"), vicar.kek());
        assertArrayEquals(hex(f, "cosk"), vicar.cosk());
        assertArrayEquals(hex(f, "secret"), vicar.cs());
    }
}
