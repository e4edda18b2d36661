package tier6.itest.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tier6.itest.felix.Distribution;

/**
 * The tour in the docs, followed word by word: types what stands behind each prompt into the shell of that host, and puts what
 * it says in place of what stood there. The sentences in between are the document's own.
 *
 * <p>A comment {@code <!-- await HOST: COMMAND -->} repeats a command, unseen, until it succeeds, and {@code <!-- status N -->}
 * tells how the last command before the next comment or block ends, if not with 0.
 */
public final class Tour implements AutoCloseable {
    private static final Pattern PROMPT = Pattern.compile("(host\\d)# (.*)");
    private static final Pattern AWAIT = Pattern.compile("<!-- await (host\\d): (.*) -->");
    private static final Pattern STATUS = Pattern.compile("<!-- status (\\d+) -->");
    private static final int HOSTS = 3;
    private static final long PATIENCE_SECONDS = 75;

    /** What happened on the way. */
    record Step(String host, String command, String output, int status) {
        @Override
        public String toString() {
            return host + "# " + command + "\n" + output + "[" + status + "]";
        }
    }

    private final Lab lab;
    private final Map<String, Terminal> terminals = new LinkedHashMap<>();
    private final TourNames names = new TourNames();
    private final List<Step> steps = new ArrayList<>();

    /** Three hosts that have nothing but the unpacked archive. */
    Tour(Path directory) throws IOException {
        lab = new Lab(directory, 1500);
        try {
            Path home = directory.resolve("tier6");
            Command.run("cp", "-a", Distribution.directory().toString(), home.toString());
            for (int n = 1; n <= HOSTS; n++) {
                String name = "host" + n;
                Path own = Files.createDirectory(directory.resolve(name));
                for (String part : List.of("lib", "cache", "run", "root")) {
                    Files.createDirectory(own.resolve(part));
                }
                Files.writeString(own.resolve("resolv.conf"), "nameserver 192.0.2.53\noptions timeout:1 attempts:1\n");
                Host host = lab.host(name, "10.66.0." + n);
                terminals.put(name, new Terminal(host, name, own, home));
            }
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Writes the document anew. */
    public static void main(String[] args) throws Exception {
        Path document = Path.of(args[0]);
        Path directory = Files.createTempDirectory("tier6-tour");
        try (Tour tour = new Tour(directory)) {
            try {
                Files.writeString(document, tour.follow(Files.readString(document)));
            } catch (AssertionError e) {
                tour.steps().forEach(System.err::println);
                throw e;
            }
        } finally {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    /** All that was typed, and what came of it. */
    List<Step> steps() {
        return List.copyOf(steps);
    }

    /** Runs something that is not part of the tour. */
    String ask(String host, String command) throws IOException {
        return terminals.get(host).type(command).output();
    }

    /** Follows a document; returns it as it should be now. */
    String follow(String document) throws IOException, InterruptedException {
        List<String> result = new ArrayList<>();
        List<String> lines = document.lines().toList();
        boolean inside = false;
        int expected = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            result.add(line);
            Matcher await = AWAIT.matcher(line);
            Matcher status = STATUS.matcher(line);
            Matcher prompt = PROMPT.matcher(line);
            if (line.startsWith("```")) {
                inside = line.equals("```console");
            } else if (status.matches()) {
                expected = Integer.parseInt(status.group(1));
            } else if (await.matches()) {
                await(terminals.get(await.group(1)), names.actual(await.group(2)));
            } else if (inside && prompt.matches()) {
                int end = i + 1;
                while (!lines.get(end).equals("```")
                        && !PROMPT.matcher(lines.get(end)).matches()) {
                    end++;
                }
                boolean last = lines.get(end).equals("```");
                Step step = type(prompt.group(1), prompt.group(2), last ? expected : 0);
                expected = last ? 0 : expected;
                List<String> now =
                        names.shown(step.output()).stripTrailing().lines().toList();
                List<String> before = lines.subList(i + 1, end);
                result.addAll(TourNames.shape(now).equals(TourNames.shape(before)) ? before : now);
                i = end - 1;
            }
        }
        return String.join("\n", result) + "\n";
    }

    private Step type(String host, String command, int expected) throws IOException {
        Command.Result said = terminals.get(host).type(names.actual(command));
        Step step = new Step(host, command, said.output(), said.status());
        steps.add(step);
        if (said.status() != expected) {
            throw new AssertionError("does not end with " + expected + ":\n" + step);
        }
        return step;
    }

    private void await(Terminal terminal, String command) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        Command.Result said = terminal.type(command);
        while (said.status() != 0) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain for " + command + ": " + said.output() + "\nafter "
                        + steps.subList(Math.max(0, steps.size() - 3), steps.size()));
            }
            Thread.sleep(100);
            said = terminal.type(command);
        }
    }

    @Override
    public void close() {
        terminals.values().forEach(Terminal::close);
        lab.close();
    }

    /** A shell on a host, with a name, a {@code /var}, a {@code /run} and a home of its own. */
    private static final class Terminal {
        private static final String MARK = "--- ended with ";
        private static final String HOST = """
                hostname "$1" && mount --bind "$2/resolv.conf" /etc/resolv.conf &&
                mount -t tmpfs tier6 /srv && mkdir /srv/tier6 && mount --bind "$3" /srv/tier6 &&
                mount --bind "$2/lib" /var/lib && mount --bind "$2/cache" /var/cache && mount --bind "$2/root" /root &&
                mount --bind "$2/run" /run && cd /root && exec env -i ${JAVA_HOME:+JAVA_HOME="$JAVA_HOME"} HOME=/root LC_ALL=C.UTF-8 TZ=UTC \
                    PATH=/srv/tier6/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin bash --norc
                """;

        private final Process shell;
        private final Writer in;
        private final BufferedReader out;

        Terminal(Host host, String name, Path own, Path home) throws IOException {
            shell = new ProcessBuilder(
                            "ip",
                            "netns",
                            "exec",
                            host.namespace(),
                            "unshare",
                            "--mount",
                            "--uts",
                            "sh",
                            "-c",
                            HOST,
                            "sh",
                            name,
                            own.toString(),
                            home.toString())
                    .redirectErrorStream(true)
                    .start();
            in = shell.outputWriter(StandardCharsets.UTF_8);
            out = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
        }

        /** Types a command and reads until it has ended. */
        Command.Result type(String command) throws IOException {
            in.write("{ " + command + "\n} </dev/null; echo \"" + MARK + "$?\"\n");
            in.flush();
            StringBuilder output = new StringBuilder();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                int mark = line.indexOf(MARK);
                if (mark >= 0) {
                    output.append(line, 0, mark);
                    return new Command.Result(
                            Integer.parseInt(line.substring(mark + MARK.length())), output.toString());
                }
                output.append(line).append('\n');
            }
            throw new IOException("the shell ended at " + command + ": " + output);
        }

        void close() {
            shell.destroy();
        }
    }
}
