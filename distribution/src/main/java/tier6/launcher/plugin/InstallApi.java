package tier6.launcher.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tier6.launcher.command.Arguments;
import tier6.launcher.command.Command;

/** {@code tier6 plugin api}: lets Maven install the contracts of this tier6, and their tests, where builds find them. */
final class InstallApi {
    static final Command<Surroundings> COMMAND = new Command<>("plugin api", "", """
            Puts the contracts of this tier6 into the local Maven repository, so that plug-ins build:
            tier6:tier6.api, the interfaces with their documentation, and its test-jar, the tests that
            every implementation must pass. Runs 'mvn', which must be on the path.
            """, InstallApi::run);

    private static final String GOAL = "org.apache.maven.plugins:maven-install-plugin:3.1.4:install-file";

    private InstallApi() {}

    private static void run(Arguments arguments, Surroundings here) throws IOException {
        Path kit = here.installation().kit();
        Path pom = kit.resolve("tier6.api.pom");
        Path api = only(here.installation().bundles(), "tier6.api-*.jar");
        Path tests = only(kit, "tier6.api-*-tests.jar");
        maven("-Dfile=" + api, "-DpomFile=" + pom);
        maven("-Dfile=" + tests, "-DpomFile=" + pom, "-Dclassifier=tests", "-Dpackaging=jar");
        here.tell("%s", api.getFileName());
        here.tell("%s", tests.getFileName());
    }

    private static Path only(Path directory, String pattern) throws IOException {
        try (var found = Files.newDirectoryStream(directory, pattern)) {
            List<Path> files = new ArrayList<>();
            found.forEach(files::add);
            if (files.size() == 1) {
                return files.get(0).toAbsolutePath();
            }
            throw new IOException(directory + " has " + files.size() + " files like " + pattern
                    + " instead of one: unpack the archive again");
        }
    }

    private static void maven(String... properties) throws IOException {
        List<String> command = new ArrayList<>(List.of("mvn", "-q", "-B", "-ntp", GOAL));
        command.addAll(List.of(properties));
        Process maven;
        try {
            maven = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException("cannot run 'mvn': install Maven from 3.8 up and put it on the path", e);
        }
        try (Stream<String> output = maven.inputReader().lines()) {
            List<String> last = output.limit(200).toList();
            if (maven.waitFor() != 0) {
                throw new IOException("Maven could not install it:\n" + String.join("\n", last));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (InterruptedException e) {
            maven.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
