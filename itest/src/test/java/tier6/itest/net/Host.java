package tier6.itest.net;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A network namespace with programs in it. */
public final class Host {
    private final String namespace;
    private final String name;
    private final String address;
    private final Path directory;
    private final Map<String, Process> running = new LinkedHashMap<>();
    private OptionalLong busySince = OptionalLong.empty();

    public Host(String namespace, String name, String address, Path directory) {
        this.namespace = namespace;
        this.name = name;
        this.address = address;
        this.directory = directory;
    }

    public String namespace() {
        return namespace;
    }

    /** Its address on the Ethernet of the lab. */
    public String address() {
        return address;
    }

    private String[] inside(String... words) {
        return Stream.concat(Stream.of("ip", "netns", "exec", namespace), Stream.of(words))
                .toArray(String[]::new);
    }

    /** Runs a program in the namespace to its end. */
    public Command.Result tryRun(String... words) {
        return Command.tryRun(inside(words));
    }

    /** Runs a program in the namespace to its end and fails the test if it fails. */
    public String run(String... words) {
        return Command.run(inside(words));
    }

    /** Starts a program that goes on; its output is appended to {@link #log}. */
    public void start(String what, Map<String, String> environment, String... words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(inside(words))
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log(what).toFile()));
        builder.environment().putAll(environment);
        busySince = OptionalLong.of(busySince.orElseGet(System::nanoTime));
        running.put(what, builder.start());
    }

    /** When the first program that goes on was started ({@link System#nanoTime}), or {@code otherwise} if none was. */
    public long busySince(long otherwise) {
        return busySince.orElse(otherwise);
    }

    /** The processes of a program: itself and its descendants. */
    public List<ProcessHandle> processes(String what) {
        Process process = running.get(what);
        return process == null
                ? List.of()
                : Stream.concat(Stream.of(process.toHandle()), process.descendants())
                        .toList();
    }

    /** The file with a program's output. */
    public Path log(String what) {
        return directory.resolve(name + "-" + what + ".log");
    }

    public String logText(String what) throws IOException {
        return Files.exists(log(what)) ? Files.readString(log(what)) : "";
    }

    /** Ends a program: politely, or with SIGKILL. */
    public void stop(String what, boolean kill) {
        Process process = running.remove(what);
        if (process == null) {
            return;
        }
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(handle -> {
            if (kill) {
                handle.destroyForcibly();
            } else {
                handle.destroy();
            }
        });
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                all.forEach(ProcessHandle::destroyForcibly);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public int await(String what, long seconds) throws InterruptedException {
        Process process = running.get(what);
        return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    public void stopAll() {
        List.copyOf(running.keySet()).forEach(what -> stop(what, false));
    }

    /** Whether one ping gets through within a second. */
    public boolean pings(String target, String... options) {
        String[] words = Stream.concat(
                        Stream.concat(Stream.of("ping", "-q", "-c", "1", "-W", "1"), Stream.of(options)),
                        Stream.of(target))
                .toArray(String[]::new);
        return tryRun(words).ok();
    }
}
