package tier6.launcher.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.StringJoiner;
import tier6.sanctum.ambry.Flock;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;

/**
 * A flock with fresh keys in a directory: what each node and the cathedral read when they start. Blocks on the file system
 * and, for the ambry, on some hundred thousand ciphers.
 */
final class DemoFlock {
    private static final int DAYS = 2;
    private static final int MEGABITS = 1000;
    private static final int CS_ID = 0x0a000000;

    private final Path directory;
    private final long id;
    private final InetSocketAddress cathedral;

    private DemoFlock(Path directory, long id, InetSocketAddress cathedral) {
        this.directory = directory;
        this.id = id;
        this.cathedral = cathedral;
    }

    /** Makes keys for {@code nodes} nodes, and for a cathedral at that address. */
    static DemoFlock make(Path directory, int nodes, InetSocketAddress cathedral) throws IOException {
        RandomSource random = RandomSource.secure();
        // The last two digits are the domain. A first digit other than 0 keeps the id as long for every program.
        long id = random.nextLong() & ~0xffL | 1L << 63;
        DemoFlock made = new DemoFlock(directory, id, cathedral);
        try (Flock flock = Flock.generate(id, random)) {
            for (int number = 1; number <= nodes; number++) {
                try (Identity device = flock.device(number, CS_ID + number, random)) {
                    device.write(made.node(number));
                    device.writeForCathedral(made.secrets());
                }
            }
            flock.bundle(DAYS, Instant.now().getEpochSecond(), random).write(made.ambry());
        }
        KeyFiles.writeSecret(made.syncSecret(), random.bytes(Identity.SECRET_SIZE));
        Files.writeString(made.settings(), made.settings(nodes));
        return made;
    }

    private String settings(int nodes) {
        StringJoiner lines = new StringJoiner("\n", "", "\n").add("flock %016x {".formatted(id));
        for (int number = 1; number <= nodes; number++) {
            lines.add("    allow %08x spi %02x %d".formatted(CS_ID + number, number, MEGABITS));
        }
        return lines.add("    ambry " + ambry()).add("}").toString();
    }

    /**
     * Writes the {@code tier6.conf} of a node.
     *
     * @param local the address that its tunnels are bound to
     * @param hosts says what interface it has
     */
    Path configure(int number, String local, Hosts hosts) throws IOException {
        Path keys = node(number);
        int csId = CS_ID + number;
        String conf = """
                runas -
                flock %016x
                cs-id %08x
                kek-id %02x
                cs-path %s
                cosk-path %s
                kek-path %s
                cathedral %s:%d
                local %s
                tapname %s
                tap %s
                """.formatted(
                        id,
                        csId,
                        number,
                        keys.resolve(Identity.csName(csId)),
                        keys.resolve(Identity.coskName(csId)),
                        keys.resolve(Identity.kekName(number)),
                        cathedral.getAddress().getHostAddress(),
                        cathedral.getPort(),
                        local,
                        hosts.tapName(number),
                        hosts.driver());
        return Files.writeString(directory.resolve("tier6-" + number + ".conf"), conf);
    }

    /**
     * Writes the cathedral's configuration.
     *
     * @param etc the directory for it
     */
    void configureCathedral(Path etc) throws IOException {
        String address = cathedral.getAddress().getHostAddress() + ":" + cathedral.getPort();
        String cfg = """
                local=%s
                nat.port=%d
                secretdir=%s
                settings=%s
                secret=%s
                """.formatted(address, cathedral.getPort() + 1, secrets(), settings(), syncSecret());
        Files.writeString(etc.resolve("tier6.cathedral-demo.cfg"), cfg);
    }

    String name() {
        return "%016x".formatted(id);
    }

    private Path node(int number) {
        return directory.resolve("keys-" + number);
    }

    private Path secrets() {
        return directory.resolve("secrets");
    }

    private Path syncSecret() {
        return directory.resolve("sync");
    }

    private Path settings() {
        return directory.resolve("settings");
    }

    private Path ambry() {
        return directory.resolve("ambry");
    }
}
