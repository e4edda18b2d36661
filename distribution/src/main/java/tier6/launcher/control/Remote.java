package tier6.launcher.control;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.SocketException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tier6.control.Client;
import tier6.control.Places;

/**
 * Hands a command to the running node, over its control socket. Most of the time that this takes is the start of the Java
 * virtual machine, so it does without all that would load more classes than it must: no lambdas, no streams, no formats.
 */
public final class Remote {
    /** Exit statuses beyond those of the commands: what was typed is not understood; no node runs. */
    private static final int BAD_USAGE = 2, NO_NODE = 3;

    private static final int DEFAULT_COLUMNS = 80;
    private static final String CLEAR_SCREEN = "\033[H\033[2J\033[3J";

    private final PrintStream out;
    private final PrintStream err;

    /** What was typed for this side; all else is for the node. */
    private String node = System.getenv("TIER6_NODE");

    private double watch;
    private String file;
    private final List<String> words = new ArrayList<>();

    private Remote(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs {@code tier6 ARGUMENTS}, the first of which names a command; returns the exit status. */
    public static int run(List<String> arguments) {
        Remote remote = new Remote(System.out, System.err);
        try {
            if (!remote.read(arguments)) {
                return BAD_USAGE;
            }
            Path socket = remote.choose();
            return socket == null ? NO_NODE : remote.ask(socket);
        } catch (IOException e) {
            System.err.println("tier6: " + (e.getMessage() == null ? e : e.getMessage()));
            return 1;
        }
    }

    /** Takes out what is for this side: everywhere before {@code --} or before the words of {@code shell}. */
    private boolean read(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            String next = i + 1 < arguments.size() ? arguments.get(i + 1) : null;
            if (word.equals("--")) {
                words.addAll(arguments.subList(i + 1, arguments.size()));
                return true;
            } else if (word.equals("--node") || word.startsWith("--node=")) {
                node = word.equals("--node") ? next : word.substring("--node=".length());
                i += word.equals("--node") ? 1 : 0;
                if (node == null) {
                    return complain("--node needs the name of a node");
                }
            } else if (word.equals("--watch") || word.startsWith("--watch=")) {
                boolean apart = word.equals("--watch") && next != null && isNumber(next);
                String seconds = apart ? next : word.equals("--watch") ? "2" : word.substring("--watch=".length());
                i += apart ? 1 : 0;
                if (!isNumber(seconds) || Double.parseDouble(seconds) < 0.1) {
                    return complain("--watch takes a number of seconds from 0.1 up, not " + seconds);
                }
                watch = Double.parseDouble(seconds);
            } else if (word.equals("-w") && words.contains("capture")) {
                if (next == null) {
                    return complain("-w needs a file, or - for standard output");
                }
                file = next.equals("-") ? null : next;
                words.add("--pcapng");
                i++;
            } else {
                words.add(word);
            }
        }
        return true;
    }

    private boolean complain(String complaint) {
        err.println("tier6: " + complaint);
        return false;
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,6}(\\.\\d{1,3})?");
    }

    /** The socket of the node that is meant; null, after a complaint, if there is none or more than one. */
    private Path choose() {
        if (node != null && node.indexOf('/') >= 0) {
            return Path.of(node);
        }
        List<Path> alive = new ArrayList<>();
        boolean refused = false;
        for (Path socket : Places.sockets()) {
            if (node == null || Places.name(socket).equals(node)) {
                if (Places.isAlive(socket)) {
                    alive.add(socket);
                } else {
                    refused |= !Files.isWritable(socket);
                }
            }
        }
        if (alive.size() == 1) {
            return alive.get(0);
        }
        if (alive.isEmpty()) {
            String which = node == null ? "no node runs here" : "no node '" + node + "' runs here";
            complain(
                    refused
                            ? "a node runs here, but only its owner and root may ask it"
                            : which + " that this user may ask: start one with 'tier6 FILE', or ask as its user or root"
                                    + (words.contains("--help") ? "; it says what it can do, and so does tier6(1)" : "")
                                    + (isFile() ? "; for the file of this name write ./" + words.get(0) : ""));
            return null;
        }
        StringBuilder names = new StringBuilder();
        for (Path socket : alive) {
            names.append(names.isEmpty() ? "" : ", ").append(Places.name(socket));
        }
        complain("several nodes run here: say which with --node NAME, one of " + names);
        return null;
    }

    /** Whether the command may have been meant to be a configuration file. */
    private boolean isFile() {
        return Files.isRegularFile(Path.of(words.get(0)));
    }

    private int ask(Path socket) throws IOException {
        try (Client client = new Client(socket, columns());
                OutputStream to = file == null ? out : new FileOutputStream(file)) {
            if (words.get(0).equals("shell")) {
                return client.shell(String.join(" ", words.subList(1, words.size())), System.in, to, err);
            }
            Runtime.getRuntime().addShutdownHook(new Stop(client, Thread.currentThread()));
            boolean people = watch > 0 && !words.contains("--json");
            while (true) {
                if (people && terminal() != null) {
                    to.write(CLEAR_SCREEN.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                }
                int status = client.run(words, to, err);
                if (watch == 0 || status != 0) {
                    return status;
                }
                if (people && terminal() == null) {
                    to.write('\n');
                }
                Thread.sleep((long) (watch * 1000));
            }
        } catch (SocketException e) {
            throw new IOException(socket + ": " + e.getMessage() + ": only the owner of a node and root may ask it", e);
        } catch (AccessDeniedException e) {
            throw new IOException(e.getFile() + " may not be written by this user", e);
        } catch (InterruptedException e) {
            return 1;
        }
    }

    /** At a signal, has the command come to its end, so that it can still sum up. */
    private static final class Stop extends Thread {
        private static final long PATIENCE_MILLIS = 1000;

        private final Client client;
        private final Thread asking;

        Stop(Client client, Thread asking) {
            this.client = client;
            this.asking = asking;
        }

        @Override
        public void run() {
            try {
                client.stop();
                asking.join(PATIENCE_MILLIS);
            } catch (IOException | InterruptedException e) {
                // It has ended by itself, which is what usually brings us here.
            }
        }
    }

    private static int columns() {
        String columns = terminal();
        return columns == null ? DEFAULT_COLUMNS : Integer.parseInt(columns);
    }

    /** The columns of the terminal, which the script that started this has asked; null if there is none. */
    private static String terminal() {
        String columns = System.getenv("TIER6_COLUMNS");
        return columns != null && columns.matches("[1-9]\\d{1,3}") ? columns : null;
    }
}
