package tier6.launcher;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What root refuses to run. Owners can only be given by root. */
class DoorsTest {
    private static final int NOBODY = 65_534;

    @TempDir
    private Path directory;

    private Path home;
    private int us;

    @BeforeEach
    void unpack() throws IOException {
        assumeTrue(
                directory.getFileSystem().supportedFileAttributeViews().contains("unix"),
                "this system has no owners and modes of Unix");
        us = (int) Files.getAttribute(directory, "unix:uid");
        home = Files.createDirectory(directory.toRealPath().resolve("tier6"));
        for (String name : List.of("bundle", "plugins", "etc", "lib")) {
            mode(Files.createDirectory(home.resolve(name)), "rwxr-xr-x");
            mode(Files.writeString(home.resolve(name).resolve("file"), "x"), "rw-r--r--");
        }
        mode(home, "rwxr-xr-x");
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private String refusal() {
        return assertThrows(IOException.class, () -> Doors.refuseIfOpen(new Installation(home), us))
                .getMessage();
    }

    @Test
    void whatOnlyRootCanWriteIsFine() {
        assertDoesNotThrow(() -> Doors.refuseIfOpen(new Installation(home), us));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plugins", "bundle", "etc", "lib", "plugins/file", "bundle/file", "etc/file", ""})
    void everybodyCanWrite(String place) throws IOException {
        mode(home.resolve(place), "rwxr-xrwx");
        String words = refusal();
        assertTrue(words.contains("everybody can write to " + home.resolve(place)), words);
        assertTrue(words.contains("chmod -R go-w " + home), words);
    }

    @Test
    void whatALinkLeadsToCounts() throws IOException {
        Path elsewhere = Files.createDirectory(directory.toRealPath().resolve("elsewhere"));
        Path jar = Files.writeString(elsewhere.resolve("a.jar"), "x");
        mode(jar, "rw-r--rw-");
        Files.createSymbolicLink(home.resolve("plugins/a.jar"), jar);
        assertTrue(refusal().contains("everybody can write to " + jar));
    }

    @Test
    void aStickyDirectoryAboveIsFine() throws IOException {
        Path tmp = directory.toRealPath();
        Files.setAttribute(tmp, "unix:mode", 040_000 | 01_777);
        assertDoesNotThrow(() -> Doors.refuseIfOpen(new Installation(home), us));
        Files.setAttribute(tmp, "unix:mode", 040_000 | 0_777);
        assertTrue(refusal().contains("everybody can write to " + tmp));
    }

    @Test
    void whatBelongsToSomebodyElseIsTheirs() throws IOException {
        assumeTrue(us == 0, "not root, so files cannot be given away");
        Path plugins = home.resolve("plugins");
        Files.setAttribute(plugins, "unix:uid", NOBODY);
        assertTrue(refusal().contains(plugins + " belongs to "));
        assertDoesNotThrow(() -> Doors.refuseIfOpen(new Installation(home), NOBODY), "sudo by the owner");
    }

    @Test
    void aGroupThatCanWriteIsOthers() throws IOException {
        assumeTrue(us == 0, "not root, so files cannot be given away");
        Path etc = home.resolve("etc");
        mode(etc, "rwxrwxr-x");
        assertDoesNotThrow(() -> Doors.refuseIfOpen(new Installation(home), us), "the group of root");
        Files.setAttribute(etc, "unix:gid", NOBODY);
        assertTrue(refusal().contains("a group can write to " + etc));
    }
}
