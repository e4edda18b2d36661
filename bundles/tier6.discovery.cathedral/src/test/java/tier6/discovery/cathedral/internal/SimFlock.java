package tier6.discovery.cathedral.internal;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tier6.sanctum.ambry.Flock;
import tier6.sanctum.crypto.RandomSource;
import tier6.sanctum.file.Identity;

/** The keys of a flock of devices, and the files that a cathedral reads. */
final class SimFlock {
    static final long ID = 0xc0ffee1234567800L;

    private static final int FIRST_CS_ID = 0x0a000000;
    private static final int DAYS = 30;

    final Path directory;
    private final int devices;
    private final Flock flock;
    private final List<Identity> identities = new ArrayList<>();
    private final RandomSource random;

    SimFlock(Path directory, int devices, long seed, long nowSeconds) throws IOException {
        this.directory = directory;
        this.devices = devices;
        this.random = new Random(seed)::nextBytes;
        flock = Flock.generate(ID, random);
        for (int device = 1; device <= devices; device++) {
            Identity identity = flock.device(device, FIRST_CS_ID + device, random);
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

    void writeSettings(List<InetSocketAddress> federation) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(String.format("flock %016x {", ID));
        for (int device = 1; device <= devices; device++) {
            lines.add(String.format("    allow %08x spi 0x%02x 0", FIRST_CS_ID + device, device));
        }
        lines.add("    ambry " + directory.resolve("ambry"));
        lines.add("}");
        for (InetSocketAddress other : federation) {
            lines.add("federate " + other.getAddress().getHostAddress() + " " + other.getPort());
        }
        Files.write(settings(), lines);
    }
}
