package tier6.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tier6.config.ConfigException;
import tier6.config.Tier6Conf;

/** {@code tier6 check}: what {@code -t} does, in more words. */
final class Check {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private Check() {}

    /** Says what a configuration file means, or what is wrong with it; returns the exit status. */
    static int run(List<String> arguments) {
        if (arguments.size() != 1 || arguments.get(0).startsWith("-")) {
            System.err.println("Usage: tier6 check FILE    tells what a configuration file means, or what is wrong with"
                    + " it and its keys");
            return arguments.equals(List.of("--help")) || arguments.equals(List.of("-h")) ? 0 : 2;
        }
        Path file = Path.of(arguments.get(0));
        try {
            Tier6Conf conf = Tier6Conf.parse(file);
            boolean safe = describe(conf);
            System.out.println(safe ? file + " is good" : file + " can be used, but its keys are not safe");
            return safe ? 0 : 1;
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
            int count = e.problems().size();
            System.err.println(file + " has " + count + (count == 1 ? " mistake" : " mistakes"));
            return 1;
        }
    }

    private static boolean describe(Tier6Conf conf) {
        System.out.printf("node       %02x of flock %016x%n", conf.kekId(), conf.flock());
        System.out.printf("interface  %s, %s, MTU %s%n", conf.tapName(), conf.mac(), conf.mtu());
        conf.cathedral()
                .ifPresent(cathedral -> System.out.printf(
                        "cathedral  %s%n",
                        cathedral.address().isEmpty()
                                ? "as the Reliquary in " + cathedral.reliquary().orElseThrow() + " says"
                                : cathedral.address()));
        conf.peers().forEach(peer -> System.out.printf("peer       %02x at %s%n", peer.kekId(), peer.address()));
        boolean safe = true;
        for (Map.Entry<Path, String> key : keys(conf).entrySet()) {
            safe &= isSafe(key.getKey(), key.getValue());
        }
        return safe;
    }

    private static Map<Path, String> keys(Tier6Conf conf) {
        Map<Path, String> keys = new LinkedHashMap<>();
        conf.cathedral().ifPresent(cathedral -> {
            keys.put(cathedral.csPath(), "cs");
            keys.put(cathedral.coskPath(), "cosk");
            keys.put(cathedral.kekPath(), "kek");
        });
        conf.sources().lan().ifPresent(lan -> keys.put(lan.secret(), "secret of the segment"));
        conf.peers().forEach(peer -> keys.put(peer.secret(), "secret of peer %02x".formatted(peer.kekId())));
        return keys;
    }

    private static boolean isSafe(Path key, String what) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(key);
            boolean safe = mode.stream().noneMatch(OTHERS::contains);
            System.out.printf(
                    "key        %s, %s, %s%s%n",
                    key,
                    what,
                    PosixFilePermissions.toString(mode),
                    safe ? "" : ": others may read or write it; chmod 600 it, and think of making a new one");
            return safe;
        } catch (IOException | UnsupportedOperationException e) {
            System.out.printf("key        %s, %s%n", key, what);
            return true;
        }
    }
}
