package tier6.launcher;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tier6.control.Client;
import tier6.control.Places;
import tier6.launcher.network.Starter;

/** Starts nodes as {@code tier6 FILE} does, and stops them by their process. */
final class NodeStarter implements Starter {
    private static final long PATIENCE_SECONDS = 15;
    private static final long START_SECONDS = 30;
    private static final long TURN_MILLIS = 200;
    private static final int COLUMNS = 80;

    /** Where bin/tier6 wants to know what to run next; it then takes a new process for it. */
    private static final String NEXT = "TIER6_NEXT";

    @Override
    public int run(Path conf) throws IOException {
        String next = System.getenv(NEXT);
        if (next == null) {
            return Node.run(conf, false);
        }
        Files.writeString(Path.of(next), conf.toString());
        return 0;
    }

    @Override
    public boolean runs(Path conf) throws IOException {
        return NodeCache.holder(conf).isPresent();
    }

    @Override
    public void background(Path conf) throws IOException {
        String program = Installation.locate().home().resolve("bin/tier6").toString();
        try {
            if (new ProcessBuilder(program, "-d", conf.toString())
                            .inheritIO()
                            .start()
                            .waitFor()
                    != 0) {
                throw new IOException("the node does not start; what is wrong is said above");
            }
            awaitInterface(Places.socket(ControlPlace.name(conf)), conf);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Until others can be told that it is there. */
    private static void awaitInterface(Path socket, Path conf) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!hasInterface(socket)) {
            if (System.nanoTime() > end) {
                throw new IOException(
                        "the node does not come up, and its log in syslog says why; to see it here, run: tier6 "
                                + conf);
            }
            Thread.sleep(TURN_MILLIS);
        }
    }

    private static boolean hasInterface(Path socket) {
        if (!Files.exists(socket)) {
            return false;
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (Client client = new Client(socket, COLUMNS)) {
            return client.run(List.of("status", "--json"), said, said) == 0
                    && JsonParser.parseString(said.toString(StandardCharsets.UTF_8))
                            .getAsJsonObject()
                            .get("tap")
                            .isJsonObject();
        } catch (IOException | JsonParseException | IllegalStateException e) {
            return false;
        }
    }

    @Override
    public void stop(Path conf) throws IOException {
        Optional<ProcessHandle> node = NodeCache.holder(conf);
        if (node.isEmpty()) {
            return;
        }
        try {
            node.get().destroy();
            node.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("the node, process " + node.get().pid() + ", does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void forget(Path conf) throws IOException {
        NodeCache.discard(conf);
        ControlPlace.discard(conf);
    }
}
