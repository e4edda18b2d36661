package tier6.discovery.lan.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tier6.sanctum.crypto.RandomSource;

class SegmentSecretTest {
    private static final long FLOCK = 0xc0ffee1234567800L;

    @TempDir
    private Path directory;

    private static SegmentSecret secret(int seed) {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return new SegmentSecret(bytes, RandomSource.secure());
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7", "2001:db8::7"})
    void opensWhatItSealed(String address) throws Exception {
        Announcement said = new Announcement(FLOCK, 0xfe, 26_624, InetAddress.getByName(address), 1_800_000_000L);
        String text = secret(1).seal(said);
        assertTrue(text.length() <= SegmentSecret.MOST_TEXT);
        assertEquals(said, secret(1).open(text));
        assertNull(secret(2).open(text), "another secret");
    }

    /** Nobody can tell whether two announcements come from the same flock, or what it is. */
    @Test
    void revealsNothing() throws Exception {
        SegmentSecret secret = secret(1);
        Announcement said = new Announcement(FLOCK, 2, 26_624, InetAddress.getByName("192.0.2.7"), 1_800_000_000L);
        byte[] flock = ByteBuffer.allocate(Long.BYTES).putLong(FLOCK).array();
        Set<String> texts = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String text = secret.seal(said);
            texts.add(text);
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            for (int at = 0; at + flock.length <= bytes.length; at++) {
                assertFalse(Arrays.equals(flock, Arrays.copyOfRange(bytes, at, at + flock.length)));
            }
        }
        assertEquals(100, texts.size());
    }

    @Test
    void believesNothingThatWasTouched() throws Exception {
        SegmentSecret secret = secret(1);
        byte[] sealed = Base64.getUrlDecoder()
                .decode(secret.seal(new Announcement(FLOCK, 2, 4500, InetAddress.getByName("192.0.2.7"), 1)));
        for (int bit = 0; bit < 8 * sealed.length; bit++) {
            byte[] touched = sealed.clone();
            touched[bit / 8] ^= (byte) (1 << bit % 8);
            assertNull(secret.open(Base64.getUrlEncoder().withoutPadding().encodeToString(touched)));
        }
        for (int length = 0; length < sealed.length; length++) {
            assertNull(secret.open(Base64.getUrlEncoder().encodeToString(Arrays.copyOf(sealed, length))));
        }
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            byte[] noise = new byte[random.nextInt(150)];
            random.nextBytes(noise);
            assertNull(secret.open(new String(noise, java.nio.charset.StandardCharsets.ISO_8859_1)));
            assertNull(secret.open(Base64.getUrlEncoder().encodeToString(noise)));
        }
        assertNull(secret.open(null));
    }

    @Test
    void eachPairHasASecretOfItsOwn() throws Exception {
        Path file = directory.resolve("a");
        secret(1).writePair(FLOCK, 2, 8, file);
        byte[] pair = Files.readAllBytes(file);
        assertEquals(32, pair.length);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        secret(1).writePair(FLOCK, 8, 2, file);
        assertArrayEquals(pair, Files.readAllBytes(file), "both ends have the same");
        secret(1).writePair(FLOCK, 8, 3, file);
        assertNotEquals(Arrays.hashCode(pair), Arrays.hashCode(Files.readAllBytes(file)));
        secret(1).writePair(FLOCK + 1, 8, 2, file);
        assertNotEquals(Arrays.hashCode(pair), Arrays.hashCode(Files.readAllBytes(file)));
        secret(2).writePair(FLOCK, 8, 2, file);
        assertNotEquals(Arrays.hashCode(pair), Arrays.hashCode(Files.readAllBytes(file)));
    }
}
