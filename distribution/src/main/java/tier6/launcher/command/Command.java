package tier6.launcher.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Optional;

/**
 * A command.
 *
 * @param name the words that call it, after {@code tier6}
 * @param syntax how the rest is written
 * @param help what it does
 * @param action does it
 * @param <T> what it works with
 */
public record Command<T extends Terminal>(String name, String syntax, String help, Action<T> action) {
    /** Exit statuses: it could not do its work, or what was typed is not understood. */
    public static final int FAILED = 1, BAD_USAGE = 2;

    /** What a command does. */
    @FunctionalInterface
    public interface Action<T> {
        void run(Arguments arguments, T here) throws IOException, Unusable;
    }

    /** Runs it; returns the exit status. */
    public int run(List<String> typed, T here) {
        try {
            Optional<Arguments> arguments = new Syntax(syntax).parse(typed);
            if (arguments.isEmpty()) {
                here.out().print("Usage: tier6 " + name + " " + syntax + "\n\n" + help);
                return 0;
            }
            action.run(arguments.get(), here);
            return 0;
        } catch (Unusable e) {
            here.err().println("tier6 " + name + ": " + e.getMessage());
            here.err().println("Usage: tier6 " + name + " " + syntax + "; --help says more");
            return BAD_USAGE;
        } catch (IOException e) {
            here.err().println("tier6 " + name + ": " + describe(e));
            return FAILED;
        }
    }

    /** What the system says of a file is often its name only. */
    private static String describe(IOException e) {
        if (e instanceof AccessDeniedException f) {
            return f.getFile() + " may not be read or written by this user: run this as its owner, or change its mode";
        }
        if (e instanceof NoSuchFileException f) {
            return f.getFile() + " does not exist";
        }
        if (e instanceof NotDirectoryException f) {
            return f.getFile() + " is no directory: name another, or move it away";
        }
        if (e instanceof FileSystemException f && f.getReason() == null) {
            return f.getFile() + ": " + f.getClass().getSimpleName();
        }
        return e.getMessage();
    }
}
