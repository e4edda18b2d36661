package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tier6.itest.felix.Distribution;

/** Root does not start a node where others decide what it runs. */
class OpenDoorTest {
    @ParameterizedTest
    @ValueSource(strings = {"plugins", "bundle", "etc"})
    void rootRefusesWhatOthersCanWrite(String place, @TempDir Path directory) throws Exception {
        assumeTrue(Lab.isRoot(), "needs root, who is refused");
        Path home = directory.resolve("tier6");
        Command.run("cp", "-r", Distribution.directory().toRealPath().toString(), home.toString());
        Command.run("chown", "-R", "0:0", home.toString());
        Command.run("chmod", "-R", "go-w", home.toString());
        Command.run("chmod", "o+w", home.resolve(place).toString());
        Path conf = Files.writeString(directory.resolve("door.conf"), """
                runas nobody
                kek-id 01
                tapname door
                tap memory
                cathedral -
                """);
        Command.Result result =
                Command.tryRun("timeout", "30", home.resolve("bin/tier6").toString(), conf.toString());
        assertEquals(1, result.status(), result.output());
        assertTrue(result.output().contains("everybody can write to " + home.resolve(place)), result.output());
        assertTrue(result.output().contains("chmod -R go-w " + home), result.output());
    }
}
