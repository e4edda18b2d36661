package tier6.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What the meaning of a configuration file depends on besides its text: this host and who runs here. */
interface Host {
    boolean isRoot();

    boolean isLinux();

    /** Where systemd puts the credentials of this service, if it has any. */
    default Optional<Path> credentials() {
        return Optional.ofNullable(System.getenv("CREDENTIALS_DIRECTORY")).map(Path::of);
    }

    /** The home of a user, or nothing if there is no such user. */
    Optional<Path> homeOf(String user);

    static Host local() {
        return new Host() {
            @Override
            public boolean isRoot() {
                return "root".equals(System.getProperty("user.name"));
            }

            @Override
            public boolean isLinux() {
                return "Linux".equals(System.getProperty("os.name"));
            }

            @Override
            public Optional<Path> homeOf(String user) {
                return lookUp(user);
            }
        };
    }

    private static Optional<Path> lookUp(String user) {
        if (user.equals(System.getProperty("user.name"))) {
            return Optional.of(Path.of(System.getProperty("user.home")));
        }
        try (Stream<String> lines = Files.lines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1)) {
            Optional<Path> home = lines.flatMap(line -> homeIn(line, user)).findFirst();
            return home.isPresent() ? home : askNameService(user);
        } catch (IOException e) {
            return askNameService(user);
        }
    }

    /** Users of LDAP and the like are in no file. */
    private static Optional<Path> askNameService(String user) {
        try {
            Process getent = new ProcessBuilder("getent", "passwd", "--", user)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (Stream<String> lines =
                    getent.inputReader(StandardCharsets.ISO_8859_1).lines()) {
                return lines.flatMap(line -> homeIn(line, user)).findFirst();
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The home in a line of passwd(5), if the line is about this user. */
    private static Stream<Path> homeIn(String line, String user) {
        String[] fields = line.split(":", -1);
        return fields.length >= 6 && fields[0].equals(user) ? Stream.of(Path.of(fields[5])) : Stream.empty();
    }
}
