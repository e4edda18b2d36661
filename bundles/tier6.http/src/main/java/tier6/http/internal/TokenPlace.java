package tier6.http.internal;

import java.nio.file.Path;

/** Where the token lies unless the configuration says. */
final class TokenPlace {
    private static final String NAME = "http-token";

    private TokenPlace() {}

    /**
     * In {@code $STATE_DIRECTORY} (systemd), {@code /var/lib/tier6} for root, {@code $XDG_STATE_HOME/tier6} or {@code
     * ~/.local/state/tier6} for others.
     */
    static Path usual() {
        String systemd = System.getenv("STATE_DIRECTORY");
        if (systemd != null) {
            return Path.of(systemd.replaceFirst(":.*", ""), NAME);
        }
        if ("root".equals(System.getProperty("user.name"))) {
            return Path.of("/var/lib/tier6", NAME);
        }
        String xdg = System.getenv("XDG_STATE_HOME");
        Path state = xdg != null ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".local", "state");
        return state.resolve("tier6").resolve(NAME);
    }
}
