package tier6.itest.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.stream.Stream;
import tier6.sanctum.ambry.Flock;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;

/**
 * Keys and configurations of a flock for a cathedral and some nodes, in the formats that our programs and the C
 * programs share.
 */
public final class TestFlock {
    private static final long ID = 0xc0ffee1234567800L;
    private static final int FIRST_CS_ID = 0x0a000000;

    private final Path directory;
    private final String cathedralAddress;

    /**
     * Writes everything but the configurations of the nodes.
     *
     * @param nodes number of devices; node N has kek-id N
     * @param cathedralAddress IPv4 address of the cathedral
     */
    public TestFlock(Path directory, int nodes, String cathedralAddress) throws IOException {
        this.directory = directory;
        this.cathedralAddress = cathedralAddress;
        RandomSource random = RandomSource.secure();
        StringBuilder settings = new StringBuilder("flock " + Long.toHexString(ID) + " {\n");
        try (Flock flock = Flock.generate(ID, random)) {
            for (int n = 1; n <= nodes; n++) {
                try (Identity device = flock.device(n, FIRST_CS_ID + n, random)) {
                    device.write(keys(n));
                    device.writeForCathedral(directory.resolve("secretdir"));
                }
                settings.append(String.format("    allow %08x spi 0x%02x 0%n", FIRST_CS_ID + n, n));
            }
            flock.bundle(30, Instant.now().getEpochSecond(), random).write(directory.resolve("ambry"));
        }
        settings.append("    ambry ").append(directory.resolve("ambry")).append("\n}\n");
        Files.writeString(directory.resolve("settings"), settings);
        KeyFiles.writeSecret(directory.resolve("sync"), random.bytes(Identity.SECRET_SIZE));
        Files.writeString(cathedralConf(), """
                mode cathedral
                instance cathedral
                local %1$s:4500
                secret %2$s/sync
                secretdir %2$s/secretdir
                settings %2$s/settings
                cathedral_mtu 1422
                cathedral_p2p_sync yes
                cathedral_nat_port 4501
                run control as root
                run cathedral as root
                run purgatory-rx as root
                run purgatory-tx as root
                control %2$s/control root
                """.formatted(cathedralAddress, directory));
    }

    private Path keys(int n) {
        return directory.resolve("node" + n);
    }

    /** The cathedral's configuration file. */
    public Path cathedralConf() {
        return directory.resolve("cathedral.conf");
    }

    /**
     * Writes the configuration of a node that runs as nobody.
     *
     * @param extra lines that the C program does not know
     */
    public Path nodeConf(int n, String extra) throws IOException {
        Path keys = keys(n);
        int csId = FIRST_CS_ID + n;
        Path file = directory.resolve("node" + n + ".conf");
        Files.writeString(file, """
                runas nobody
                kek-id %02x
                cs-id %08x
                flock %x
                tapname t6tap
                cathedral %s:4500
                kek-path %s
                cs-path %s
                cosk-path %s
                %s
                """.formatted(
                        n,
                        csId,
                        ID,
                        cathedralAddress,
                        keys.resolve(Identity.kekName(n)),
                        keys.resolve(Identity.csName(csId)),
                        keys.resolve(Identity.coskName(csId)),
                        extra));
        giveTo("nobody", directory, keys);
        return file;
    }

    /** The C node reads its keys after it has become its user. */
    private static void giveTo(String user, Path way, Path keys) throws IOException {
        var owner = keys.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
        for (Path part : new Path[] {way, keys}) {
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        try (Stream<Path> files = Files.list(keys)) {
            for (Path key : files.toList()) {
                Files.setOwner(key, owner);
            }
        }
    }
}
