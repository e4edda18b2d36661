package tier6.launcher.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tier6.launcher.Installation;

/** The template command, with the bundle that is the template. */
class PluginTest {
    private static final Path EXAMPLE = Path.of("../bundles/tier6.discovery.example");

    @TempDir
    private Path home;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void unpack() throws IOException {
        Path kit = home.resolve("kit/discovery");
        for (String file : List.of("pom.xml", "README.md")) {
            Files.createDirectories(kit);
            Files.copy(EXAMPLE.resolve(file), kit.resolve(file));
        }
        Path java = Path.of("src/main/java/tier6/discovery/example/ExampleSource.java");
        Files.createDirectories(kit.resolve(java).getParent());
        Files.copy(EXAMPLE.resolve(java), kit.resolve(java));
    }

    private int run(String... typed) {
        return Plugin.run(
                List.of(typed),
                new Surroundings(
                        new PrintStream(out, true), new PrintStream(err, true), directory, new Installation(home)));
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "my-source, my_source, MySource",
        "consul, consul, ConsulSource",
        "static, static_, StaticSource",
        "k8s-nodes-2, k8s_nodes_2, K8sNodes2Source"
    })
    void copiesUnderAnotherName(String name, String javaPackage, String className) throws IOException {
        assertEquals(0, run("new", "discovery", name), this::said);
        Path made = directory.resolve(name);
        String java = Files.readString(made.resolve("src/main/java/" + javaPackage + "/" + className + ".java"));
        assertTrue(java.startsWith("package " + javaPackage + ";\n"), java);
        assertTrue(java.contains("public final class " + className + " implements PeerSource {"), java);
        assertTrue(java.contains("@Component(configurationPid = \"" + javaPackage + "\""), java);
        assertTrue(java.contains("return \"" + name + "\";"), java);
        assertTrue(Files.readString(made.resolve("pom.xml")).contains("<artifactId>" + name + "</artifactId>"));
        try (Stream<Path> files = Files.walk(made)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertEquals(3, all.size(), "a plug-in has three files");
            for (Path file : all) {
                String text = Files.readString(file).toLowerCase(Locale.ROOT);
                assertFalse(text.contains("example"), file + ":\n" + text);
                assertTrue(said().contains(file.toString()), this::said);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"My-Source", "../up", "a/b", "a b", "-x", "a--b", "a-", "1st", "", "ä"})
    void refusesWhatIsNoName(String name) throws IOException {
        assertEquals(2, run("new", "discovery", "--", name));
        assertTrue(said().contains("cannot be a name"), this::said);
        try (Stream<Path> files = Files.list(directory)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void saysWhatTemplatesThereAre() {
        assertEquals(2, run("new", "tap", "my-tap"));
        assertTrue(said().contains("there is no template 'tap', only: discovery"), this::said);
        assertEquals(2, run("new", "..", "x"));
        assertEquals(0, run("--help"));
        assertEquals(0, run("new", "--help"));
    }

    @Test
    void overwritesNothing() throws IOException {
        Path there = Files.createDirectory(directory.resolve("mine"));
        assertEquals(1, run("new", "discovery", "mine"));
        assertTrue(said().contains("is there already"), this::said);
        try (Stream<Path> files = Files.list(there)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void saysWhatIsMissingOfTheArchive() {
        assertEquals(1, run("api"));
        assertTrue(said().contains("bundle"), this::said);
    }
}
