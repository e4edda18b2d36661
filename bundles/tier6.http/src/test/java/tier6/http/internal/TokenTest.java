package tier6.http.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {
    private static final String GOOD = "correct-horse-battery-staple";

    @TempDir
    Path directory;

    private Path file(String text, String mode) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void oneIsMadeThatOnlyItsOwnerCanRead() throws IOException {
        Path file = directory.resolve("new").resolve("token");
        Token made = Token.of(file);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        String word = Files.readString(file).strip();
        assertTrue(made.is(word));
        assertTrue(Token.of(file).is(word), "the next start reads it again");
        assertFalse(Token.of(directory.resolve("another")).is(word));
    }

    @Test
    void anythingElseIsNotTheToken() throws IOException {
        Token token = Token.of(file(GOOD + "\r\n", "rw-------"));
        assertTrue(token.is(GOOD));
        assertFalse(token.is(""));
        assertFalse(token.is(GOOD + "\n"));
        assertFalse(token.is(GOOD.substring(1)));
        assertFalse(token.is(GOOD.toUpperCase(java.util.Locale.ROOT)));
    }

    @Test
    void whatIsNoSecretIsRefusedWithAWayOut() throws IOException {
        assertRefused(file(GOOD, "rw-r--r--"), "chmod 600");
        assertRefused(file("guess", "rw-------"), "delete it");
        assertRefused(file("", "rw-------"), "delete it");
        assertRefused(file("x".repeat(2000), "rw-------"), "another file");
        assertRefused(Files.createFile(directory.resolve("file")).resolve("token"), "http-token");
    }

    private static void assertRefused(Path file, String remedy) {
        IOException e = assertThrows(IOException.class, () -> Token.of(file));
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        assertTrue(e.getMessage().contains(remedy), e.getMessage());
    }
}
