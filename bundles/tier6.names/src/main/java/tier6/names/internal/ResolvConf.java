package tier6.names.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Puts our name server first in {@code /etc/resolv.conf}, between two lines of its own, and takes it out again. What others
 * write there meanwhile stays. The file is written in place, for it may be a link or a mount.
 *
 * <p>This process gives up its rights, and may be killed; so a small shell that has them still waits for its end and then
 * takes the lines out.
 */
final class ResolvConf implements AutoCloseable {
    static final Path FILE = Path.of("/etc/resolv.conf");

    private static final Logger LOG = System.getLogger("tier6.names");
    private static final long PATIENCE_SECONDS = 3;

    private static final String RESTORE = """
            trap '' INT TERM HUP
            read -r _
            text=$(sed "/^# begin $1\\$/,/^# end $1\\$/d" "$2") && printf '%s\\n' "$text" > "$2"
            """;

    private final Process shell;

    /**
     * Writes the lines.
     *
     * @param mark names what they are for
     */
    ResolvConf(Path file, String mark, InetAddress server) throws IOException {
        List<String> lines =
                new ArrayList<>(List.of("# begin " + mark, "nameserver " + server.getHostAddress(), "# end " + mark));
        lines.addAll(without(Files.readAllLines(file, StandardCharsets.ISO_8859_1), mark));
        shell = new ProcessBuilder("/bin/sh", "-c", RESTORE, "tier6", mark, file.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Files.write(file, lines, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** The lines without ours, which may be there still after a crash. */
    static List<String> without(List<String> lines, String mark) {
        List<String> others = new ArrayList<>();
        boolean ours = false;
        for (String line : lines) {
            ours |= line.equals("# begin " + mark);
            if (!ours) {
                others.add(line);
            }
            ours &= !line.equals("# end " + mark);
        }
        return others;
    }

    /** The name servers of other lines than ours. */
    static List<InetAddress> servers(Path file, String mark) throws IOException {
        List<InetAddress> servers = new ArrayList<>();
        for (String line : without(Files.readAllLines(file, StandardCharsets.ISO_8859_1), mark)) {
            String[] words = line.strip().split("\\s+");
            if (words.length == 2 && words[0].equals("nameserver") && words[1].matches("[0-9a-fA-F.:]+(%\\w+)?")) {
                servers.add(InetAddress.getByName(words[1]));
            }
        }
        return servers;
    }

    @Override
    public void close() {
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "{0} was perhaps not restored", FILE);
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the shell is gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
