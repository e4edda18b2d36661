package tier6.cathedral;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.ambry.Flock;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.crypto.Secrets;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;
import tier6.sanctum.kdf.Flocks;

/**
 * A new directory with all that a cathedral and the devices of a flock need, in the formats of the C programs: for
 * demonstrations and tests.
 *
 * <pre>
 * cathedral.conf  settings.conf  sync.key  ambry.bundle
 * secretdir/flock-ID/CSID.key, .pub
 * node1/id-CSID, cosk-CSID, kek-0xNN  node2/…
 * </pre>
 *
 * @param conf the configuration file of the cathedral
 * @param flock the flock, with its domain
 * @param devices the devices, kek-ids from 1
 */
public record CathedralHome(Path conf, long flock, List<Device> devices) {

    /**
     * A device of the flock.
     *
     * @param kekId its number
     * @param csId names its secrets: {@code 0a0000NN}
     * @param cs file of its cathedral secret
     * @param cosk file of its signing key
     * @param kek file of its KEK
     */
    public record Device(int kekId, int csId, Path cs, Path cosk, Path kek) {}

    private static final int FIRST_CS_ID = 0x0a000000;
    private static final int BUNDLE_DAYS = 3650;

    /**
     * Makes the directory. Computes for about a second and writes some megabytes.
     *
     * @param directory is made if it is not there; its old content is overwritten
     * @param flock id with domain
     * @param devices how many, 1..254
     * @param local where the cathedral will be
     * @param natPort its second port
     */
    public static CathedralHome create(
            Path directory,
            long flock,
            int devices,
            InetSocketAddress local,
            int natPort,
            RandomSource random,
            long nowSeconds)
            throws IOException {
        if (devices < 1 || devices > Identity.MAX_KEK_ID) {
            throw new IllegalArgumentException(
                    devices + " is not a number of devices from 1 to " + Identity.MAX_KEK_ID);
        }
        Path home = directory.toAbsolutePath();
        Path secrets = home.resolve("secretdir");
        Path bundle = home.resolve("ambry.bundle");
        List<Device> made = new ArrayList<>();
        List<String> settings = new ArrayList<>();
        Files.createDirectories(secrets);
        settings.add("flock " + String.format("%016x", Flocks.mask(flock)) + " {");
        try (Flock keks = Flock.generate(flock, random)) {
            for (int kekId = 1; kekId <= devices; kekId++) {
                int csId = FIRST_CS_ID + kekId;
                Path node = home.resolve("node" + kekId);
                try (Identity identity = keks.device(kekId, csId, random)) {
                    identity.write(node);
                    identity.writeForCathedral(secrets);
                }
                made.add(new Device(
                        kekId,
                        csId,
                        node.resolve(Identity.csName(csId)),
                        node.resolve(Identity.coskName(csId)),
                        node.resolve(Identity.kekName(kekId))));
                settings.add(String.format("    allow %08x spi 0x%02x 0", csId, kekId));
            }
            AmbryBundle ambry = keks.bundle(BUNDLE_DAYS, nowSeconds, random);
            ambry.write(bundle);
        }
        settings.add("    ambry " + bundle);
        settings.add("}");
        byte[] sync = random.bytes(Identity.SECRET_SIZE);
        KeyFiles.writeSecret(home.resolve("sync.key"), sync);
        Secrets.clear(sync);
        Files.write(home.resolve("settings.conf"), settings, StandardCharsets.US_ASCII);
        Path conf = home.resolve("cathedral.conf");
        Files.write(
                conf,
                List.of(
                        "mode cathedral",
                        "instance cathedral",
                        "local " + Address.name(local),
                        "cathedral_nat_port " + natPort,
                        "cathedral_mtu 1422",
                        "secret " + home.resolve("sync.key"),
                        "secretdir " + secrets,
                        "settings " + home.resolve("settings.conf")),
                StandardCharsets.US_ASCII);
        return new CathedralHome(conf, flock, List.copyOf(made));
    }
}
