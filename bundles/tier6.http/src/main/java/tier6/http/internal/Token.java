package tier6.http.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/** The secret that opens the API: a line of text in a file that only its owner can read. Safe for use by many threads. */
final class Token {
    /** Enough that nobody guesses it; shorter ones are refused. */
    private static final int FEWEST_CHARACTERS = 22;

    private static final int RANDOM_BYTES = 32;
    private static final int MOST_BYTES = 1024;
    private static final HexFormat HEX = HexFormat.of();

    private final byte[] bytes;

    private Token(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads the file, or makes it with a new token if there is none.
     *
     * @throws IOException with a sentence that says what to do
     */
    static Token of(Path file) throws IOException {
        try {
            return read(file);
        } catch (NoSuchFileException e) {
            return make(file);
        } catch (FileSystemException e) {
            throw new IOException(
                    "cannot read " + file + " (" + e + "); let " + System.getProperty("user.name")
                            + " read it, or name another file with http-token",
                    e);
        }
    }

    private static Token read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file + " is too long for a token; name another file or delete it");
        }
        if (othersCanRead(file)) {
            throw new IOException(file + " can be read by others; run: chmod 600 " + file);
        }
        byte[] text = Files.readAllBytes(file);
        int length = text.length;
        while (length > 0 && text[length - 1] <= ' ') {
            length--;
        }
        byte[] token = Arrays.copyOf(text, length);
        Arrays.fill(text, (byte) 0);
        if (length < FEWEST_CHARACTERS) {
            throw new IOException(file + " holds fewer than " + FEWEST_CHARACTERS
                    + " characters, which can be guessed; delete it and a new one is made");
        }
        return new Token(token);
    }

    private static boolean othersCanRead(Path file) throws IOException {
        if (!isPosix(file)) {
            return false;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        return permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static Token make(Path file) throws IOException {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        byte[] line = new byte[2 * RANDOM_BYTES + 1];
        for (int i = 0; i < RANDOM_BYTES; i++) {
            line[2 * i] = (byte) HEX.toHighHexDigit(random[i]);
            line[2 * i + 1] = (byte) HEX.toLowHexDigit(random[i]);
        }
        line[2 * RANDOM_BYTES] = '\n';
        Arrays.fill(random, (byte) 0);
        try {
            Path directory = file.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            Files.createFile(file, ownersOnly(directory));
            Files.write(file, line);
            return new Token(Arrays.copyOf(line, 2 * RANDOM_BYTES));
        } catch (IOException e) {
            if (e instanceof FileAlreadyExistsException && Files.exists(file)) {
                return read(file); // another process was faster
            }
            throw new IOException(
                    "cannot make " + file + " (" + e + "); name a place that " + System.getProperty("user.name")
                            + " can write to with http-token",
                    e);
        } finally {
            Arrays.fill(line, (byte) 0);
        }
    }

    private static FileAttribute<?>[] ownersOnly(Path place) {
        return isPosix(place)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path place) {
        return Files.getFileAttributeView(place, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS) != null;
    }

    /** Whether {@code word} is the token, in a time that does not tell where they differ. */
    boolean is(String word) {
        return MessageDigest.isEqual(word.getBytes(StandardCharsets.UTF_8), bytes);
    }

    /** Forgets it. */
    void clear() {
        Arrays.fill(bytes, (byte) 0);
    }
}
