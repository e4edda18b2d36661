package tier6.itest.net;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tier6.itest.felix.Distribution;

/** The tour in the docs can be taken as it stands, and passes by every command. */
@WithOneJava
class TourTest {
    @Test
    void everyCommandOfTheTourWorksAndNoneIsMissing(@TempDir Path directory) throws Exception {
        assumeTrue(
                Stream.of("bash", "unshare", "nft", "tcpdump").allMatch(TourTest::has),
                "needs the programs bash, unshare, nft and tcpdump");
        try (Tour tour = new Tour(directory)) {
            String help = tour.ask("host1", "tier6 help");
            tour.follow(Files.readString(Distribution.directory().resolve("docs/tour.md")));
            List<String> commands =
                    tour.ask("host1", "tier6 completion commands").lines().toList();
            assertTrue(commands.contains("up") && commands.contains("status"), commands.toString());
            for (String command : commands) {
                assertTrue(help.matches("(?s).*\\b" + command + "\\b.*"), "tier6 help does not name " + command);
                assertTrue(
                        tour.steps().stream()
                                .anyMatch(step -> step.command().matches(".*\\btier6 " + command + "\\b.*")),
                        "the tour passes by tier6 " + command);
            }
        }
    }

    private static boolean has(String program) {
        return Command.tryRun("sh", "-c", "command -v " + program).ok();
    }
}
