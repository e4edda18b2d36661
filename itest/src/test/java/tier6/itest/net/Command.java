package tier6.itest.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Runs a program to its end. */
public final class Command {
    private Command() {}

    /** What came of it: the exit status, and standard output and error together. */
    public record Result(int status, String output) {
        public boolean ok() {
            return status == 0;
        }
    }

    /** Runs it, whatever comes of it. */
    public static Result tryRun(String... words) {
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Runs it and fails the test if it fails. */
    public static String run(String... words) {
        Result result = tryRun(words);
        if (!result.ok()) {
            throw new AssertionError(
                    String.join(" ", words) + " ended with " + result.status() + ":\n" + result.output());
        }
        return result.output();
    }
}
