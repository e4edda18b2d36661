package tier6.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tier6.launcher.network.Starter;

/** Starts nodes as {@code tier6 FILE} does, and stops them by their process. */
final class NodeStarter implements Starter {
    private static final long PATIENCE_SECONDS = 15;

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
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
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
