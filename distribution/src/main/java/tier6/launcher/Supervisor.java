package tier6.launcher;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Whoever started this process and waits for word from it: systemd, with a unit of {@code Type=notify} and
 * {@code NotifyAccess=all}. Java has no datagrams over Unix sockets, so the word goes by systemd-notify(1).
 */
final class Supervisor {
    private static final Logger LOG = System.getLogger("tier6.launcher");

    private Supervisor() {}

    /** Says {@code word}, such as {@code --ready}, if somebody waits for it; does not wait until it was heard. */
    static void tell(String word) {
        if (System.getenv("NOTIFY_SOCKET") == null) {
            return;
        }
        try {
            new ProcessBuilder("systemd-notify", word)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "cannot tell systemd " + word, e);
        }
    }
}
