package tier6.control.internal;

import java.io.BufferedOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.threadio.ThreadIO;

/** Gogo, as clients of the socket use it. Any number of threads, each with a session of its own. */
final class Shell {
    /** Exit statuses: done, it could not do its work, or what was typed is not understood. */
    static final int DONE = 0, FAILED = 1, BAD_USAGE = 2;

    /** The variables of a session that concern commands: columns of the terminal, and an exit status of their own. */
    private static final String COLUMNS = "COLUMNS", STATUS = "exit.status";

    private static final String SCOPE = "tier6:";
    private static final int NARROWEST = 40;

    private final CommandProcessor processor;
    private final ThreadIO streams;

    Shell(CommandProcessor processor, ThreadIO streams) {
        this.processor = processor;
        this.streams = streams;
    }

    /** Where people are. */
    record Screen(InputStream in, OutputStream out, OutputStream err, int columns) {}

    /** What a session is good for. */
    @FunctionalInterface
    private interface Use {
        Object in(CommandSession session) throws Exception;
    }

    /** Runs a command of scope tier6 with arguments that are taken as they are; returns the exit status. */
    int command(List<String> words, Screen screen) {
        return session(screen, session -> {
            String name = words.isEmpty() ? "" : words.get(0);
            if (!name.matches("[a-z][a-z0-9-]*") || !(session.get(SCOPE + name) instanceof Function command)) {
                throw new IllegalArgumentException(
                        "this node has no command '" + name + "', only " + String.join(", ", names(session)));
            }
            return command.execute(session, new ArrayList<>(words.subList(1, words.size())));
        });
    }

    private static List<String> names(CommandSession session) {
        return ((Collection<?>) session.get(".commands"))
                .stream()
                        .map(Object::toString)
                        .filter(name -> name.startsWith(SCOPE))
                        .map(name -> name.substring(SCOPE.length()))
                        .sorted()
                        .collect(Collectors.toList());
    }

    /** Runs lines of the shell: the one that is given, or those that are typed. */
    int shell(List<String> line, Screen screen, boolean allowed) {
        return session(screen, session -> {
            if (!allowed) {
                throw new SecurityException("the shell is for the owner of this node and for root");
            }
            session.put("SCOPE", "gogo:felix:tier6:*");
            // Not as a login shell: its profile has a URL that only a JVM with one framework understands.
            return session.execute(line.isEmpty() ? "gosh --noshutdown" : line.get(0));
        });
    }

    private int session(Screen screen, Use use) {
        PrintStream out = print(screen.out());
        PrintStream err = print(screen.err());
        try (CommandSession session = processor.createSession(screen.in(), out, err)) {
            session.put(COLUMNS, Math.max(NARROWEST, screen.columns()));
            streams.setStreams(screen.in(), out, err);
            try {
                Object result = use.in(session);
                if (result != null) {
                    out.println(session.format(result, Converter.INSPECT));
                }
                return session.get(STATUS) instanceof Integer status ? status : DONE;
            } catch (InterruptedException e) {
                return FAILED;
            } catch (Exception e) {
                err.println("tier6: " + (e.getMessage() == null ? e.getClass().getName() : e.getMessage()));
                return e instanceof IllegalArgumentException ? BAD_USAGE : FAILED;
            } finally {
                streams.close();
            }
        } finally {
            out.flush();
            err.flush();
        }
    }

    /** Buffered, as each write is a message; people see what is there at every end of a line. */
    private static PrintStream print(OutputStream to) {
        return new PrintStream(new BufferedOutputStream(to, 0x4000), true, StandardCharsets.UTF_8);
    }
}
