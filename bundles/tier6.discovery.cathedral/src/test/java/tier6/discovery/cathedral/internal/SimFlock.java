package tier6.discovery.cathedral.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tier6.sanctum.ambry.AmbryBundle;
import tier6.sanctum.ambry.DerivedKeks;
import tier6.sanctum.ambry.Flock;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;
import tier6.sanctum.file.KeyFiles;

/** The keys of a flock of devices, and the files that a cathedral reads. */
final class SimFlock {
    static final long ID = 0xc0ffee1234567800L;

    private static final int DAYS = 30;

    final Path directory;
    private final long id;
    private final int firstCsId;
    private final int devices;
    private Flock flock;
    private final List<Identity> identities = new ArrayList<>();
    private final RandomSource random;

    SimFlock(Path directory, int devices, long seed, long nowSeconds) throws IOException {
        this(directory, ID, devices, seed, nowSeconds);
    }

    SimFlock(Path directory, long id, int devices, long seed, long nowSeconds) throws IOException {
        this.id = id;
        // In a shroud a cs-id that two crossed flocks have is ambiguous (specification 3.6): device 1 has that of
        // device 2
        // in other flocks.
        this.firstCsId = id == ID ? 0x0a000000 : 0x09ffffff;
        this.directory = directory;
        this.devices = devices;
        this.random = new Random(seed)::nextBytes;
        flock = Flock.generate(id, random);
        for (int device = 1; device <= devices; device++) {
            Identity identity = flock.device(device, firstCsId + device, random);
            identities.add(identity);
            identity.writeForCathedral(secrets());
        }
        newAmbry(nowSeconds);
        writeSettings(List.of());
    }

    Identity identity(int device) {
        return identities.get(device - 1);
    }

    Path secrets() {
        return directory.resolve("secrets");
    }

    Path settings() {
        return directory.resolve("settings");
    }

    /** Replaces the ambry bundle: new secrets for everybody. */
    void newAmbry(long nowSeconds) throws IOException {
        flock.bundle(DAYS, nowSeconds, random).write(directory.resolve("ambry"));
    }

    /** Gives a device another KEK, and does not tell it. The next ambries are not for the old one. */
    void renewKek(int device) throws IOException {
        Path keks = directory.resolve("keks");
        flock.write(keks);
        KeyFiles.writeSecret(keks.resolve(Identity.kekName(device)), random.bytes(Identity.SECRET_SIZE));
        flock.close();
        flock = Flock.load(id, keks);
    }

    void writeSettings(List<InetSocketAddress> federation) throws IOException {
        List<String> lines = new ArrayList<>(lines());
        for (InetSocketAddress other : federation) {
            lines.add("federate " + other.getAddress().getHostAddress() + " " + other.getPort());
        }
        Files.write(settings(), lines);
    }

    /** Has the cathedral of this flock connect it with another one. */
    void cross(SimFlock other, long nowSeconds) throws IOException {
        for (Identity identity : other.identities) {
            identity.writeForCathedral(secrets());
        }
        Path bundle = directory.resolve("crossed");
        try (DerivedKeks ours = flock.derive(other.id);
                DerivedKeks theirs = other.flock.derive(id)) {
            AmbryBundle.make(ours, theirs, DAYS, nowSeconds, random).write(bundle);
        }
        List<String> lines = new ArrayList<>(lines());
        lines.addAll(other.lines());
        lines.add(String.format("xflock %016x %016x %s", id, other.id, bundle));
        Files.write(settings(), lines);
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format("flock %016x {", id));
        for (int device = 1; device <= devices; device++) {
            lines.add(String.format("    allow %08x spi 0x%02x 0", firstCsId + device, device));
        }
        lines.add("    ambry " + directory.resolve("ambry"));
        lines.add("}");
        return lines;
    }
}
