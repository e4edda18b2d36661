package tier6.itest.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.ambry.DerivedKeks;
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

    /** The flock of those in another one. */
    private static final long OTHER = 0xbadf00d123456700L;

    private static final int FIRST_CS_ID = 0x0a000000;

    /** Whose programs make the keys. */
    public enum Keys {
        OURS,
        THEIRS,
        /** The C program makes keys, ours makes bundles of them. */
        MIXED
    }

    /**
     * What is to be written.
     *
     * @param nodes number of devices; node N has kek-id N
     * @param strangers those that are in another flock, crossed with the first; only if ours makes the keys
     * @param cathedrals IPv4 address of each, federated if there are several; node N has the Nth, in turn
     * @param shroud whether all wear one
     * @param relayed whether cathedrals never tell where nodes are, so that everything stays on the relay
     * @param ambryTool the C program, for the keys that it makes
     */
    public record Plan(
            int nodes,
            Set<Integer> strangers,
            List<String> cathedrals,
            boolean shroud,
            boolean relayed,
            Keys keys,
            Path ambryTool) {}

    private final Path directory;
    private final Plan plan;

    /** Writes everything but the configurations of the nodes, for one cathedral. */
    public TestFlock(Path directory, int nodes, String cathedralAddress) throws IOException {
        this(directory, new Plan(nodes, Set.of(), List.of(cathedralAddress), false, false, Keys.OURS, null));
    }

    /** Writes everything but the configurations of the nodes. */
    public TestFlock(Path directory, Plan plan) throws IOException {
        this.directory = directory;
        this.plan = plan;
        switch (plan.keys()) {
            case OURS -> makeKeys();
            case THEIRS -> makeKeysWithTool();
            case MIXED -> {
                makeKeysWithTool();
                newAmbry(toolKeks());
            }
        }
        StringBuilder settings = new StringBuilder();
        for (long flock : plan.strangers().isEmpty() ? List.of(ID) : List.of(ID, OTHER)) {
            settings.append("flock ").append(Long.toHexString(flock)).append(" {\n");
            for (int n = 1; n <= plan.nodes(); n++) {
                if (flock(n) == flock) {
                    settings.append(String.format("    allow %08x spi 0x%02x 0%n", FIRST_CS_ID + n, n));
                }
            }
            settings.append(flock == ID ? "    ambry " + directory.resolve("ambry") + "\n}\n" : "}\n");
        }
        if (!plan.strangers().isEmpty()) {
            settings.append(String.format("xflock %x %x %s%n", ID, OTHER, directory.resolve("crossed")));
        }
        if (plan.cathedrals().size() > 1) {
            plan.cathedrals()
                    .forEach(address ->
                            settings.append("federate ").append(address).append(" 4500\n"));
        }
        Files.writeString(directory.resolve("settings"), settings);
        KeyFiles.writeSecret(directory.resolve("sync"), RandomSource.secure().bytes(Identity.SECRET_SIZE));
        for (int c = 1; c <= plan.cathedrals().size(); c++) {
            Files.writeString(cathedralConf(c), """
                    mode cathedral
                    instance cathedral
                    local %1$s:4500
                    secret %2$s/sync
                    secretdir %2$s/secretdir
                    settings %2$s/settings
                    shroud %3$s
                    cathedral_mtu %4$d
                    cathedral_p2p_sync yes
                    %5$s
                    run control as root
                    run cathedral as root
                    run purgatory-rx as root
                    run purgatory-tx as root
                    control %2$s/control%6$d root
                    """.formatted(
                            plan.cathedrals().get(c - 1),
                            directory,
                            plan.shroud() ? "yes" : "no",
                            plan.shroud() ? 1373 : 1422,
                            plan.relayed() ? "" : "cathedral_nat_port 4501",
                            c));
        }
    }

    private void makeKeys() throws IOException {
        RandomSource random = RandomSource.secure();
        try (Flock flock = Flock.generate(ID, random);
                Flock other = Flock.generate(OTHER, random)) {
            for (int n = 1; n <= plan.nodes(); n++) {
                Flock own = flock(n) == ID ? flock : other;
                try (Identity device = own.device(n, FIRST_CS_ID + n, random)) {
                    device.write(keys(n));
                    device.writeForCathedral(directory.resolve("secretdir"));
                }
            }
            flock.write(keks());
            if (!plan.strangers().isEmpty()) {
                try (DerivedKeks one = flock.derive(OTHER);
                        DerivedKeks two = other.derive(ID)) {
                    AmbryBundle.make(one, two, 30, Instant.now().getEpochSecond(), random)
                            .write(directory.resolve("crossed"));
                }
            }
        }
        newAmbry();
    }

    /** The flock of node {@code n}. */
    private long flock(int n) {
        return plan.strangers().contains(n) ? OTHER : ID;
    }

    /** Node {@code n} as others of its own flock, or of another one, write it behind {@code tunnel}. */
    public String tunnelTo(int n) {
        return "%x %02x".formatted(flock(n), n);
    }

    private Path keks() {
        return directory.resolve("keks");
    }

    /** Replaces the ambry bundle: new secrets for everybody. Only if ours made the keys. */
    public void newAmbry() throws IOException {
        newAmbry(keks());
    }

    private void newAmbry(Path keks) throws IOException {
        try (Flock flock = Flock.load(ID, keks)) {
            flock.bundle(30, Instant.now().getEpochSecond(), RandomSource.secure())
                    .write(directory.resolve("ambry"));
        }
    }

    /** Gives a device another KEK and does not tell it. Only if ours made the keys. */
    public void renewKek(int n) throws IOException {
        KeyFiles.writeSecret(
                keks().resolve(Identity.kekName(n)), RandomSource.secure().bytes(Identity.SECRET_SIZE));
    }

    private Path toolKeks() {
        return directory.resolve(Long.toHexString(ID)).resolve("kek-data");
    }

    /** As its manual says. */
    private void makeKeysWithTool() throws IOException {
        String id = Long.toHexString(ID);
        String tool = plan.ambryTool().toString();
        Path secrets = Files.createDirectories(directory.resolve("secretdir").resolve("flock-" + id));
        tool(tool + " generate " + id);
        tool(tool + " bundle " + id + " " + id + " 30 ambry");
        for (int n = 1; n <= plan.nodes(); n++) {
            int csId = FIRST_CS_ID + n;
            Path cs = Files.createDirectories(keys(n)).resolve(Identity.csName(csId));
            Files.write(cs, RandomSource.secure().bytes(Identity.SECRET_SIZE));
            Files.copy(cs, secrets.resolve("%08x.key".formatted(csId)));
            tool(tool + " cosk-pair " + keys(n).resolve(Identity.coskName(csId)) + " "
                    + secrets.resolve("%08x.pub".formatted(csId)));
            Files.copy(toolKeks().resolve("kek-0x%02x".formatted(n)), keys(n).resolve(Identity.kekName(n)));
        }
    }

    private void tool(String command) {
        Command.run("sh", "-c", "cd '" + directory + "' && " + command);
    }

    private Path keys(int n) {
        return directory.resolve("node" + n);
    }

    private String cathedralOf(int n) {
        return plan.cathedrals().get((n - 1) % plan.cathedrals().size()) + ":4500";
    }

    /** The configuration file of the only cathedral. */
    public Path cathedralConf() {
        return cathedralConf(1);
    }

    /** The configuration file of a cathedral, counted from 1. */
    public Path cathedralConf(int c) {
        return directory.resolve("cathedral" + c + ".conf");
    }

    /** Writes the configuration of a sanctum daemon with a TAP that is node {@code n} and has a tunnel to another one. */
    public Path daemonConf(int n, int peer) throws IOException {
        int csId = FIRST_CS_ID + n;
        Path file = directory.resolve("daemon" + n + ".conf");
        Files.writeString(file, """
                instance t6tap
                mode tunnel
                tap yes
                tunnel 0.0.0.0/0 auto
                spi %02x%02x
                shroud %s
                kek %s
                secret %s/daemon%d.secret
                cathedral %s
                cathedral_id %08x
                cathedral_flock %x
                cathedral_flock_dst %x
                cathedral_secret %s
                cathedral_cosk %s
                cathedral_nat_port 4501
                control %s/control-daemon%d root
                run control as root
                run chapel as root
                run bless as root
                run confess as root
                run heaven-rx as root
                run heaven-tx as root
                run purgatory-rx as root
                run purgatory-tx as root
                run bishop as root
                """.formatted(
                        n,
                        peer,
                        plan.shroud() ? "yes" : "no",
                        keys(n).resolve(Identity.kekName(n)),
                        directory,
                        n,
                        cathedralOf(n),
                        csId,
                        flock(n),
                        flock(peer),
                        keys(n).resolve(Identity.csName(csId)),
                        keys(n).resolve(Identity.coskName(csId)),
                        directory,
                        n));
        return file;
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
                cathedral %s
                kek-path %s
                cs-path %s
                cosk-path %s
                %s
                """.formatted(
                        n,
                        csId,
                        flock(n),
                        cathedralOf(n),
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
