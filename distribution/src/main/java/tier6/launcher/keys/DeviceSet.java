package tier6.launcher.keys;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tier6.sanctum.ambry.FlockDirectory;
import tier6.sanctum.file.Identity;

/**
 * The key files of a device in a directory, by their usual names (specification section 15.1).
 *
 * @param directory where they are
 * @param kekId number of the device in its flock
 * @param csId number of the device at the cathedral
 */
record DeviceSet(Path directory, int kekId, int csId) {

    /** The cathedral secret. */
    Path cs() {
        return directory.resolve(Identity.csName(csId));
    }

    /** The signing key. */
    Path cosk() {
        return directory.resolve(Identity.coskName(csId));
    }

    /** The public half of the signing key. */
    Path coskPublic() {
        return directory.resolve("cosk-pub-" + name(csId));
    }

    Path kek() {
        return directory.resolve(Identity.kekName(kekId));
    }

    List<Path> all() {
        return List.of(cs(), cosk(), coskPublic(), kek());
    }

    /** A cs-id as files and configurations have it. */
    static String name(int csId) {
        return String.format("%08x", csId);
    }

    /** What to do on the device: copy these files, write this configuration. */
    void explain(Surroundings here, long flock, String cathedral) {
        here.tell("on the device: copy");
        // What is not here, such as a signing key that never left the device, is there already.
        Stream.of(cs(), cosk(), kek()).filter(Files::exists).forEach(file -> here.tell("  %s", file));
        here.tell("to a directory that only its user can read, and say in tier6.conf");
        here.tell("  flock %s", FlockDirectory.name(flock));
        here.tell("  cs-id %s", name(csId));
        here.tell("  kek-id %02x", kekId);
        here.tell("  cathedral %s", cathedral);
        here.tell("  cs-path DIRECTORY/%s", cs().getFileName());
        here.tell("  cosk-path DIRECTORY/%s", cosk().getFileName());
        here.tell("  kek-path DIRECTORY/%s", kek().getFileName());
    }
}
