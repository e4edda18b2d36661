package tier6.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets that systemd hands over. */
class CredentialTest {
    @TempDir
    Path directory;

    private Tier6Conf parse(String secret, Path credentials) throws Exception {
        Path file = Files.writeString(directory.resolve("tier6.conf"), """
                runas -
                kek-id 01
                tapname tier6
                peer 02 192.0.2.2:4500 %s
                """.formatted(secret));
        return new Tier6ConfParser(file, new Host() {
                    @Override
                    public boolean isRoot() {
                        return true;
                    }

                    @Override
                    public boolean isLinux() {
                        return true;
                    }

                    @Override
                    public Optional<Path> homeOf(String user) {
                        return Optional.of(directory);
                    }

                    @Override
                    public Optional<Path> credentials() {
                        return Optional.ofNullable(credentials);
                    }
                })
                .parse();
    }

    @Test
    void standsForAFile() throws Exception {
        Path key = Files.write(directory.resolve("peer-02.key"), new byte[32]);
        assertEquals(
                key, parse("credential:peer-02.key", directory).peers().get(0).secret());
    }

    @Test
    void mistakesAreNamed() {
        assertProblem("systemd gives this process none", "credential:peer-02", null);
        assertProblem("there is no file", "credential:other", directory);
        assertProblem("is no name of a credential", "credential:../tier6.conf", directory);
        assertProblem("is no name of a credential", "credential:", directory);
    }

    private void assertProblem(String what, String secret, Path credentials) {
        ConfigException e = assertThrows(ConfigException.class, () -> parse(secret, credentials));
        assertTrue(e.getMessage().contains(what), e.getMessage());
    }
}
