package tier6.launcher.demo;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import tier6.cathedral.CathedralHome;
import tier6.sanctum.crypto.RandomSource;

/** A flock with fresh keys in a directory: what each node and the cathedral read when they start. */
final class DemoFlock {
    private final Path directory;
    private final InetSocketAddress cathedral;
    private final CathedralHome home;

    private DemoFlock(Path directory, InetSocketAddress cathedral, CathedralHome home) {
        this.directory = directory;
        this.cathedral = cathedral;
        this.home = home;
    }

    /**
     * Makes keys for {@code nodes} nodes, and for a cathedral at that address and the port after it. Computes for about a
     * second.
     */
    static DemoFlock make(Path directory, int nodes, InetSocketAddress cathedral) throws IOException {
        RandomSource random = RandomSource.secure();
        // The last two digits are the domain. A first digit other than 0 keeps the id as long for every program.
        long flock = random.nextLong() & ~0xffL | 1L << 63;
        long now = Instant.now().getEpochSecond();
        int natPort = cathedral.getPort() + 1;
        return new DemoFlock(
                directory,
                cathedral,
                CathedralHome.create(directory.resolve("flock"), flock, nodes, cathedral, natPort, random, now));
    }

    /**
     * Writes the {@code tier6.conf} of a node.
     *
     * @param local the address that its tunnels are bound to
     * @param hosts says what interface it has
     */
    Path configure(int number, String local, Hosts hosts) throws IOException {
        CathedralHome.Device device = home.devices().get(number - 1);
        String conf = """
                runas -
                flock %016x
                cs-id %08x
                kek-id %02x
                cs-path %s
                cosk-path %s
                kek-path %s
                cathedral %s
                local %s
                tapname %s
                tap %s
                """.formatted(
                        home.flock(),
                        device.csId(),
                        device.kekId(),
                        device.cs(),
                        device.cosk(),
                        device.kek(),
                        address(),
                        local,
                        hosts.tapName(number),
                        hosts.driver());
        return Files.writeString(directory.resolve("tier6-" + number + ".conf"), conf);
    }

    /** The cathedral's configuration. */
    Path cathedralConf() {
        return home.conf();
    }

    /** The flock's id, as people write it. */
    String name() {
        return "%016x".formatted(home.flock());
    }

    private String address() {
        return cathedral.getAddress().getHostAddress() + ":" + cathedral.getPort();
    }
}
