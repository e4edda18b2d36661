package tier6.launcher.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Runs programs. */
final class Program {
    private static final long PATIENCE_SECONDS = 10;

    private Program() {}

    /**
     * What a program said and how it ended.
     *
     * @param status exit status
     * @param output both streams, stripped
     */
    record Result(int status, String output) {}

    /**
     * Runs a program to its end.
     *
     * @throws IOException if it cannot be started or does not end
     */
    static Result run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(String.join(" ", command) + " does not end");
            }
            return new Result(process.exitValue(), output);
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * Runs a program that must succeed.
     *
     * @throws IOException with what it said if it does not
     */
    static void must(String... command) throws IOException, InterruptedException {
        Result result = run(command);
        if (result.status() != 0) {
            throw new IOException(String.join(" ", command) + ": " + result.output());
        }
    }
}
