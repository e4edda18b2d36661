package tier6.launcher.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.osgi.framework.BundleException;
import tier6.config.ConfigException;
import tier6.config.Tier6Conf;
import tier6.control.Client;
import tier6.control.Places;
import tier6.diagnosis.Finding;
import tier6.diagnosis.HostExamination;
import tier6.json.Json;
import tier6.launcher.Installation;
import tier6.launcher.LineLoggers;
import tier6.launcher.NodeFramework;

/**
 * {@code tier6 doctor}: looks at this host, then at the running node; or, with a configuration file, runs a node of it for a
 * while, with an interface that only this program sees.
 */
public final class DoctorCommand {
    private static final int BAD_USAGE = 2;
    private static final int COLUMNS = 80;
    private static final long USUAL_WAIT = 15;
    private static final long TURN_MILLIS = 2_000;

    private static final String USAGE = """
            Usage: tier6 doctor [FILE] [--wait SECONDS] [--node NAME] [--json]

            Looks at all that may be wrong, and says for each what it is, why it matters and
            what to do: at this host, and at the node that runs here. With FILE it needs no
            node that runs: it starts one of it in this process, without its interface, and gives
            it up to 15 seconds, or as --wait says, to find its peers. Run it as root, or as the user of the node.

            It ends with 0 if nothing is wrong, else with 1.
            """;

    private final List<Finding> findings = new ArrayList<>();

    private DoctorCommand() {}

    /** Runs it; returns the exit status. */
    public static int run(List<String> arguments) {
        List<String> words = new ArrayList<>(arguments);
        if (words.remove("--help") || words.remove("-h")) {
            System.out.print(USAGE);
            return 0;
        }
        boolean json = words.remove("--json");
        String node = take("--node", words);
        String wait = take("--wait", words);
        if (wait != null && !wait.matches("\\d{1,4}")
                || words.size() > 1
                || words.stream().anyMatch(word -> word.startsWith("-"))) {
            System.err.print(USAGE);
            return BAD_USAGE;
        }
        DoctorCommand doctor = new DoctorCommand();
        if (words.isEmpty()) {
            doctor.examineRunning(node);
        } else {
            doctor.examineFile(Path.of(words.get(0)), wait == null ? USUAL_WAIT : Long.parseLong(wait));
        }
        return doctor.report(json);
    }

    /** The value of an option, which is taken out; null if it is not there. */
    private static String take(String option, List<String> words) {
        int at = words.indexOf(option);
        if (at < 0 || at + 1 == words.size()) {
            return null;
        }
        words.remove(at);
        return words.remove(at);
    }

    private int report(boolean json) {
        if (json) {
            System.out.println(Json.write(findings));
        } else {
            findings.forEach(finding -> System.out.println(finding.text()));
        }
        return Finding.anyBad(findings) ? 1 : 0;
    }

    private void examineHost(String tap) {
        findings.addAll(HostExamination.here(Optional.ofNullable(tap)).findings());
    }

    /** The node that runs here, if there is one. */
    private void examineRunning(String name) {
        Optional<Path> socket = Places.sockets().stream()
                .filter(path -> name == null || Places.name(path).equals(name))
                .filter(Places::isAlive)
                .findFirst();
        if (name != null && name.indexOf('/') >= 0) {
            socket = Optional.of(Path.of(name));
        }
        if (socket.isEmpty()) {
            examineHost(null);
            findings.add(Finding.bad(
                    "node",
                    name == null ? "no node runs here that this user may ask" : "no node '" + name + "' runs here",
                    "what follows is about a node",
                    "start one, ask as its user or root, or name a configuration file: tier6 doctor FILE"));
            return;
        }
        try {
            JsonElement tap = JsonParser.parseString(ask(socket.get(), "status", "--json"))
                    .getAsJsonObject()
                    .get("tap");
            examineHost(
                    tap == null || tap.isJsonNull()
                            ? null
                            : tap.getAsJsonObject().get("name").getAsString());
            findings.addAll(examineNode(socket.get()));
        } catch (IOException | JsonSyntaxException e) {
            findings.add(Finding.bad(
                    "node",
                    "the node at " + socket.get() + " does not answer: " + e.getMessage(),
                    "what follows is about a node",
                    "ask as its user or root"));
        }
    }

    private static List<Finding> examineNode(Path socket) throws IOException {
        List<Finding> all = new ArrayList<>();
        for (JsonElement element :
                JsonParser.parseString(ask(socket, "doctor", "--json")).getAsJsonArray()) {
            JsonObject finding = element.getAsJsonObject();
            all.add(new Finding(
                    finding.get("name").getAsString(),
                    Finding.Weight.valueOf(finding.get("weight").getAsString().toUpperCase(Locale.ROOT)),
                    finding.get("what").getAsString(),
                    finding.get("why").getAsString(),
                    finding.get("remedy").getAsString()));
        }
        return all;
    }

    private static String ask(Path socket, String... words) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (Client client = new Client(socket, COLUMNS)) {
            client.run(List.of(words), out, err);
        }
        if (out.size() == 0) {
            throw new IOException(err.toString(StandardCharsets.UTF_8).strip());
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** A node of a configuration file, which need not run. */
    private void examineFile(Path file, long seconds) {
        Tier6Conf conf;
        try {
            conf = Tier6Conf.parse(file);
            findings.add(Finding.good("config", file + " has no mistake"));
        } catch (ConfigException e) {
            e.problems()
                    .forEach(problem -> findings.add(Finding.bad(
                            "config",
                            problem.file() + (problem.line() > 0 ? ":" + problem.line() : "") + ": " + problem.what(),
                            "a node does not start with mistakes in its configuration",
                            problem.remedy())));
            examineHost(null);
            return;
        }
        examineHost(conf.tapName());
        try {
            findings.addAll(tryOut(file, seconds));
        } catch (IOException | BundleException | InterruptedException | IllegalStateException e) {
            findings.add(Finding.bad(
                    "node", "a node of it cannot be tried out: " + e.getMessage(), "so more cannot be said", ""));
        }
    }

    /** Runs a node until it has nothing to complain about, or long enough. */
    private static List<Finding> tryOut(Path file, long seconds)
            throws IOException, BundleException, InterruptedException {
        // Its log is not what was asked for; what matters of it is found again.
        LineLoggers.to((level, component, message) -> {});
        Path scratch = Files.createTempDirectory("tier6-doctor");
        NodeFramework.Settings settings = NodeFramework.Settings.of(Installation.locate(), scratch.resolve("cache"))
                .with(Tier6Conf.PROPERTY, file.toAbsolutePath().toString())
                .with(Tier6Conf.TAP_PROPERTY, "memory")
                .with(Places.PROPERTY, scratch.resolve("run/control").toString());
        try {
            NodeFramework node = NodeFramework.start(settings);
            try {
                return observe(scratch.resolve("run/control"), seconds);
            } finally {
                node.close();
            }
        } finally {
            delete(scratch);
        }
    }

    private static List<Finding> observe(Path socket, long seconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Finding> found;
        do {
            Thread.sleep(TURN_MILLIS);
            found = examineNode(socket);
        } while (Finding.anyBad(found) && System.nanoTime() < end);
        return found;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
